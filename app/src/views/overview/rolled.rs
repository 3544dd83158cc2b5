//! Rolled throughput yield of a product: the figure and its explanation.

use domain::yields::Definition;
use engine::metrics::rty::{Rty, ln_variance};
use engine::proportion::Proportion;
use leptos::prelude::*;
use messages::Locale;

use super::operations::figure_of;
use super::state::OverviewState;
use crate::backend::Rolled;
use crate::ui::locale::{sentence, use_locale};
use crate::ui::name::{Name, isolated};
use crate::ui::table::{Column, Table};
use crate::ui::{number, order};

/// The rolled throughput yield, and the observed first-time-through.
#[component]
pub fn RolledYield(rolled: Rolled, state: OverviewState) -> impl IntoView {
    let t = use_locale();
    let why = state.explain_rolled_href();
    let Rolled { product, rty, observed, .. } = rolled;
    let product = isolated(&product);
    let of = t.rolled_explain_label(&product);
    let rolled = rty.map_or_else(|| "–".to_owned(), |rty| t.rolled_value(value(rty), ends(rty)));
    view! {
        <dl class="facts sentences">
            <div>
                <dt>{t.rolled_term(&product)}</dt>
                <dd>{rolled}" "<a href=why aria-label=of>{t.operations_explain()}</a></dd>
            </div>
            <div>
                <dt>{t.rolled_observed()}</dt>
                <dd>{observed_share(t, observed)}</dd>
            </div>
        </dl>
    }
}

/// The factors, their product, and its uncertainty.
#[component]
pub fn RolledYieldExplanation(rolled: Rolled, state: OverviewState) -> impl IntoView {
    let t = use_locale();
    let Rolled { product, mut factors, rty, observed } = rolled;
    let product = isolated(&product);
    let close = state.href(OverviewState::clear_explanation);
    factors.sort_by(|a, b| order::natural(&a.0, &b.0));
    let variance: f64 = factors.iter().map(|(_, factor)| ln_variance(*factor)).sum();
    let rows: Vec<_> = factors
        .iter()
        .map(|(operation, factor)| {
            let (value, ends) = figure_of(*factor);
            let part = rty.map(|_| ln_variance(*factor) / variance);
            let part =
                part.map_or_else(|| "–".to_owned(), |part| format!("{:.0}\u{a0}%", part * 100.0));
            let why = state.explain_href(operation);
            view! {
                <tr>
                    <th scope="row"><a href=why><Name of=operation.clone()/></a></th>
                    <td data-label=t.rolled_first_run_yield() class="num">{value}</td>
                    <td data-label=t.column_interval() class="num">{ends}</td>
                    <td data-label=t.column_passed() class="num">{number::count(factor.k)}</td>
                    <td data-label=t.column_counted() class="num">{number::count(factor.n)}</td>
                    <td data-label=t.rolled_uncertainty() class="num">{part}</td>
                </tr>
            }
        })
        .collect();
    let columns = vec![
        Column::text(t.column_operation()),
        Column::number(t.rolled_first_run_yield()),
        Column::number(t.column_interval()),
        Column::number(t.column_passed()),
        Column::number(t.column_counted()),
        Column::number(t.rolled_uncertainty()).meaning(t.rolled_uncertainty_meaning()),
    ];
    let other = (state.definition() != Definition::FirstRun)
        .then(|| view! { " "{t.rolled_always_first_run()} });
    view! {
        <section class="card why" id="why" aria-labelledby="why-title">
            <p class="close"><a href=close>{t.why_close()}</a></p>
            <h2 id="why-title">{t.rolled_title(product)}</h2>
            <p class="figure-note">{t.rolled_note()}{other}</p>
            <Table label=t.rolled_factors() columns class="stacks">
                {rows}
                <tr class="strong">
                    <th scope="row">{t.rolled_product()}</th>
                    <td data-label=t.column_yield() class="num">{rty.map_or_else(|| "–".to_owned(), value)}</td>
                    <td data-label=t.column_interval() class="num">{rty.map_or_else(|| "–".to_owned(), ends)}</td>
                    <td></td>
                    <td></td>
                    <td></td>
                </tr>
            </Table>
            <div class="columns">
                <div>
                    <h3>{if rty.is_some() { t.rolled_how_certain() } else { t.rolled_why_none() }}</h3>
                    {certainty(t, &factors, rty)}
                </div>
                <div>
                    <h3>{t.rolled_seen()}</h3>
                    <p>{observed_share(t, observed)}</p>
                    <p>{t.rolled_seen_counted()}</p>
                    <p>{t.rolled_seen_differs()}</p>
                </div>
            </div>
        </section>
    }
}

/// How the interval is calculated; without a figure, why there is none.
fn certainty(t: Locale, factors: &[(String, Proportion)], rty: Option<Rty>) -> AnyView {
    let of = |is: fn(&Proportion) -> bool| {
        let names = factors.iter().filter(|(_, factor)| is(factor)).map(|(name, _)| isolated(name));
        names.collect::<Vec<_>>().join(", ")
    };
    if rty.is_none() {
        let text = match factors.is_empty() {
            true => t.rolled_no_runs().to_owned(),
            false => t.rolled_no_first_runs(of(|factor| factor.n == 0)),
        };
        return view! { <p>{text}</p> }.into_any();
    }
    let none = of(|factor| factor.k == 0);
    let nothing = (!none.is_empty()).then(|| view! { <p>{t.rolled_none_passed(none)}</p> });
    let formula = |text: &'static str| view! { <span class="formula">{text}</span> }.into_any();
    let variance = t.rolled_variance(
        formula("p̃ = (k + ½)/(n + 1)"),
        formula("(1 − p̃)/((n + 1)\u{a0}p̃)"),
        formula("k = n"),
    );
    let ends = t.rolled_ends(formula("exp(ln RTY ± 1.96\u{a0}√variance)"));
    view! {
        <p>{sentence(variance)}</p>
        <p>{sentence(ends)}</p>
        {nothing}
    }
    .into_any()
}

fn value(rty: Rty) -> String {
    number::percent(Some(rty.value))
}

fn ends(rty: Rty) -> String {
    format!("{} – {}", number::percent(Some(rty.low)), number::percent(Some(rty.high)))
}

/// Observed first-time-through as a sentence.
fn observed_share(t: Locale, observed: Proportion) -> String {
    match observed.n {
        0 => t.rolled_seen_none().to_owned(),
        n => {
            t.rolled_seen_share(observed.k, t.count_units(n), number::percent(observed.fraction()))
        }
    }
}
