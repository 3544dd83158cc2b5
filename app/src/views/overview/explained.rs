//! Explanation of a figure.

use engine::proportion::Proportion;
use leptos::prelude::*;

use super::operations::figure_of;
use super::state::OverviewState;
use crate::backend::{Explained, OperationFigures};
use crate::ui::label::{self, counted};
use crate::ui::locale::use_locale;
use crate::ui::name::{Name, isolated};
use crate::ui::number;
use crate::ui::query::unit;
use crate::ui::table::{Column, Table};

/// The figure under each definition, the exclusions, and example units of both.
#[component]
pub fn YieldExplanation(
    explained: Explained,
    /// The operation's other figures, unless the explained figure is that of one station.
    operation_figures: Option<OperationFigures>,
    state: OverviewState,
) -> impl IntoView {
    let t = use_locale();
    let Explained { operation, station, under, excluded, failed, out } = explained;
    let close = state.href(OverviewState::clear_explanation);
    let of = match &station {
        Some(station) => t.why_at_station(isolated(&operation), isolated(station)),
        None => isolated(&operation),
    };
    let mut narrowed = vec![("operation", operation.as_str())];
    narrowed.extend(station.as_deref().map(|station| ("station", station)));
    let failures = state.failures_href(&narrowed);
    let rows: Vec<_> = under
        .into_iter()
        .map(|(definition, yielded)| {
            let (value, ends) = figure_of(yielded);
            let chosen = (definition == state.definition()).then_some("strong");
            view! {
                <tr class=chosen>
                    <th scope="row">{definition.as_str()}" v1"</th>
                    <td class="num">{value}</td>
                    <td class="num">{ends}</td>
                    <td class="num">{t.why_passed(yielded.k, counted(t, definition, yielded.n))}</td>
                </tr>
            }
        })
        .collect();
    let excluded: Vec<_> = excluded
        .into_iter()
        .map(|(reason, count)| {
            view! { <li><strong>{number::count(count)}</strong>" "{label::reason(t, reason)}</li> }
        })
        .collect();
    let excluded = match excluded.is_empty() {
        true => view! { <p>{t.operations_nothing_excluded()}</p> }.into_any(),
        false => view! { <ul>{excluded}</ul> }.into_any(),
    };
    let link = |serial: String| {
        let page = unit(&serial);
        view! { <a href=page><Name of=serial/></a> }
    };
    let failed: Vec<_> =
        failed.into_iter().map(|serial| view! { <li>{link(serial)}</li> }).collect();
    let out: Vec<_> = out
        .into_iter()
        .map(|(serial, reasons)| {
            let reasons: Vec<_> = reasons.iter().map(|reason| reason.as_str()).collect();
            let reasons = match reasons.is_empty() {
                true => t.why_first_attempt_elsewhere().to_owned(),
                false => reasons.join(", "),
            };
            view! { <li>{link(serial)}<span class="quiet-text">" "{reasons}</span></li> }
        })
        .collect();
    let columns = vec![
        Column::text(t.why_definition()),
        Column::number(t.column_yield()),
        Column::number(t.column_interval()),
        Column::number(t.column_passed()),
    ];
    view! {
        <section class="card why" id="why" aria-labelledby="why-title">
            <p class="close"><a href=close>{t.why_close()}</a></p>
            <h2 id="why-title">{t.why_title(of)}</h2>
            <Table label=t.why_definitions() columns>{rows}</Table>
            {operation_figures.map(|figures| view! { <OtherFigures figures/> })}
            <div class="columns">
                <div>
                    <h3>{t.why_excluded()}</h3>
                    {excluded}
                    {(!out.is_empty()).then(|| view! { <p class="quiet-text">{t.why_example()}</p><ul class="units">{out}</ul> })}
                </div>
                <div>
                    <h3>{t.why_failed()}</h3>
                    <p><a href=failures>{t.why_failures()}</a></p>
                    {match failed.is_empty() {
                        true => view! { <p>{t.why_none()}</p> }.into_any(),
                        false => view! { <p class="quiet-text">{t.why_latest()}</p><ul class="units">{failed}</ul> }.into_any(),
                    }}
                </div>
            </div>
        </section>
    }
}

/// The operation's other figures with their numerators and denominators.
#[component]
fn OtherFigures(figures: OperationFigures) -> impl IntoView {
    let t = use_locale();
    let OperationFigures { units, passed_last, retested, episodes, cleared, .. } = figures;
    let of = |part: u64| {
        let share = number::percent(Proportion { k: part, n: units }.fraction());
        t.why_share(share, part, t.count_units(units))
    };
    let ntf = match episodes {
        0 => t.why_no_episode().to_owned(),
        _ => t.why_episodes(cleared, t.count_episodes(episodes)),
    };
    view! {
        <dl class="facts sentences">
            <div>
                <dt>{t.why_final_yield()}</dt>
                <dd>{of(passed_last)}</dd>
            </div>
            <div>
                <dt>{t.why_retested()}</dt>
                <dd>{of(retested)}</dd>
            </div>
            <div>
                <dt>{t.why_ntf()}</dt>
                <dd>{ntf}</dd>
            </div>
        </dl>
    }
}
