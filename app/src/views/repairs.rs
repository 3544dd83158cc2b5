//! What repairs of failing units led to.

use engine::proportion::{Method, interval};
use leptos::prelude::*;

use crate::backend::RepairOutcome;
use crate::ui::locale::use_locale;
use crate::ui::name::Name;
use crate::ui::number;
use crate::ui::table::{Column, Table};

/// The level of the interval.
const LEVEL: f64 = 0.95;

/// A table of repairs by action and part, or a sentence that there is none.
#[component]
pub fn RepairOutcomes(
    /// The most frequent first.
    outcomes: Vec<RepairOutcome>,
) -> impl IntoView {
    let t = use_locale();
    if outcomes.is_empty() {
        return view! { <p>{t.failure_repairs_none()}</p> }.into_any();
    }
    let rows: Vec<_> = outcomes
        .into_iter()
        .map(|RepairOutcome { action, part, n, passed, stayed, median_hours }| {
            let stayed = match interval(stayed.k, stayed.n, Method::Wilson, LEVEL) {
                Some(ends) => {
                    let (low, high) =
                        (number::percent(Some(ends.low)), number::percent(Some(ends.high)));
                    t.failure_stayed(stayed.k, stayed.n, t.interval_ends(low, high))
                }
                None => t.failure_stayed_unknown().to_owned(),
            };
            let hours = median_hours
                .map_or_else(|| "–".to_owned(), |hours| t.failure_hours(format!("{hours:.1}")));
            view! {
                <tr>
                    <th scope="row"><Name of=action/></th>
                    <td data-label=t.failure_column_part()>{part.map(|part| view! { <Name of=part/> })}</td>
                    <td data-label=t.failure_column_passed() class="num">{t.failure_passed(passed, n)}</td>
                    <td data-label=t.failure_column_stayed() class="num">{stayed}</td>
                    <td data-label=t.failure_column_hours() class="num">{hours}</td>
                </tr>
            }
        })
        .collect();
    let columns = vec![
        Column::text(t.failure_column_action()),
        Column::text(t.failure_column_part()),
        Column::number(t.failure_column_passed()),
        Column::number(t.failure_column_stayed()),
        Column::number(t.failure_column_hours()),
    ];
    view! {
        <p class="figure-note">{t.failure_repairs_note()}</p>
        <Table label=t.failure_repairs() columns class="stacks">{rows}</Table>
    }
    .into_any()
}
