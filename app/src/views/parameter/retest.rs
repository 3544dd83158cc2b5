//! What a second test of the same unit changes.

use leptos::prelude::*;

use super::capability::estimate;
use crate::backend::Retest;
use crate::ui::locale::use_locale;
use crate::ui::number;
use crate::ui::table::{Column, Table};

/// The card.
#[component]
pub fn Retests(retest: Option<Retest>) -> impl IntoView {
    let t = use_locale();
    let Some(retest) = retest else {
        return view! {
            <section class="card" aria-labelledby="retest-title">
                <h2 id="retest-title">{t.retest_title()}</h2>
                <p>{t.retest_none()}</p>
            </section>
        }
        .into_any();
    };
    let [pass_pass, pass_fail, fail_pass, fail_fail] = retest.reversals;
    let columns = vec![
        Column::unnamed(t.retest_first()),
        Column::number(t.retest_then_passed()),
        Column::number(t.retest_then_failed()),
    ];
    let row = |name: &'static str, passed: u64, failed: u64| {
        view! {
            <tr>
                <th scope="row">{name}</th>
                <td class="num">{number::count(passed)}</td>
                <td class="num">{number::count(failed)}</td>
            </tr>
        }
    };
    let repeatability =
        retest.repeatability.map_or_else(|| "–".to_owned(), |sigma| number::rounded(sigma, 4));
    let p = retest.p.map_or_else(|| "–".to_owned(), number::p_value);
    view! {
        <section class="card" aria-labelledby="retest-title">
            <h2 id="retest-title">{t.retest_title()}</h2>
            <p class="figure-note">{t.retest_note(t.count_units(retest.pairs))}</p>
            <dl class="facts">
                <div><dt>{t.retest_difference()}</dt><dd>{estimate(t, retest.difference)}</dd></div>
                <div><dt>{t.retest_p()}</dt><dd>{p}</dd></div>
                <div><dt>{t.retest_repeatability()}</dt><dd>{repeatability}</dd></div>
            </dl>
            <Table label=t.retest_outcomes() columns>
                {row(t.retest_first_passed(), pass_pass, pass_fail)}
                {row(t.retest_first_failed(), fail_pass, fail_fail)}
            </Table>
        </section>
    }
    .into_any()
}
