//! Why a figure is what it is.

use domain::yields::Reason;
use engine::proportion::Proportion;
use leptos::prelude::*;

use super::asked::Asked;
use super::operations::figure_of;
use crate::backend::{Explained, OperationFigures};
use crate::ui::name::{Name, isolated};
use crate::ui::number;
use crate::ui::number::counted;
use crate::ui::query::unit;
use crate::ui::table::{Column, Table};

/// The figure under each definition, what was left out, and units on both sides.
#[component]
pub fn Why(
    explained: Explained,
    /// The operation's other figures, where it is of all stations.
    operation_figures: Option<OperationFigures>,
    asked: Asked,
) -> impl IntoView {
    let Explained { operation, station, under, excluded, failed, out } = explained;
    let close = asked.address(Asked::close);
    let of = match &station {
        Some(station) => format!("{} at {}", isolated(&operation), isolated(station)),
        None => isolated(&operation),
    };
    let rows: Vec<_> = under
        .into_iter()
        .map(|(definition, yielded)| {
            let (value, ends) = figure_of(yielded);
            let chosen = (definition == asked.definition).then_some("strong");
            view! {
                <tr class=chosen>
                    <th scope="row">{definition.as_str()}" v1"</th>
                    <td class="num">{value}</td>
                    <td class="num">{ends}</td>
                    <td class="num">{format!("{} of {}", number::count(yielded.k), counted(definition, yielded.n))}</td>
                </tr>
            }
        })
        .collect();
    let excluded: Vec<_> = excluded
        .into_iter()
        .map(|(reason, count)| {
            view! { <li><strong>{number::count(count)}</strong>{format!(" {}", sentence(reason))}</li> }
        })
        .collect();
    let excluded = match excluded.is_empty() {
        true => view! { <p>"Nothing was left out."</p> }.into_any(),
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
                true => "the first attempt of the day is elsewhere".to_owned(),
                false => reasons.join(", "),
            };
            view! { <li>{link(serial)}<span class="quiet-text">" "{reasons}</span></li> }
        })
        .collect();
    let columns = vec![
        Column::text("Definition"),
        Column::number("Yield"),
        Column::number("95 % interval"),
        Column::number("Passed"),
    ];
    view! {
        <section class="card why" id="why" aria-labelledby="why-title">
            <p class="close"><a href=close>"Close"</a></p>
            <h2 id="why-title">{format!("Why is {of} what it is?")}</h2>
            <Table label="Definitions" columns>{rows}</Table>
            {operation_figures.map(|figures| view! { <Others figures/> })}
            <div class="columns">
                <div>
                    <h3>"Left out"</h3>
                    {excluded}
                    {(!out.is_empty()).then(|| view! { <p class="quiet-text">"For example"</p><ul class="units">{out}</ul> })}
                </div>
                <div>
                    <h3>"Counted, and not passed"</h3>
                    {match failed.is_empty() {
                        true => view! { <p>"None."</p> }.into_any(),
                        false => view! { <p class="quiet-text">"The latest"</p><ul class="units">{failed}</ul> }.into_any(),
                    }}
                </div>
            </div>
        </section>
    }
}

/// What the operation's other figures are made of.
#[component]
fn Others(figures: OperationFigures) -> impl IntoView {
    let OperationFigures { units, passed_last, retested, episodes, cleared, .. } = figures;
    let of = |part: u64| {
        let share = number::percent(Proportion { k: part, n: units }.fraction());
        format!("{share}: {} of {}", number::count(part), number::of(units, "unit", "units"))
    };
    let ntf = match episodes {
        0 => "no unit failed here".to_owned(),
        _ => format!(
            "{} of {}",
            number::count(cleared),
            number::of(episodes, "failing episode", "failing episodes")
        ),
    };
    view! {
        <dl class="facts sentences">
            <div>
                <dt>"Final yield: the last run passed, of the units whose first run is in the period"</dt>
                <dd>{of(passed_last)}</dd>
            </div>
            <div>
                <dt>"Retested: two runs or more, of the same units"</dt>
                <dd>{of(retested)}</dd>
            </div>
            <div>
                <dt>"No trouble found: a pass later with no repair and nothing changed, of the episodes that began in the period"</dt>
                <dd>{ntf}</dd>
            </div>
        </dl>
    }
}

/// What a count of that reason counts, in words.
fn sentence(reason: Reason) -> &'static str {
    match reason {
        Reason::Golden => "runs of golden units",
        Reason::Reference => "runs of reference units",
        Reason::Voided => "runs that a person took out",
        Reason::Future => "runs dated more than a day ahead",
        Reason::Skipped => "runs that were skipped",
        Reason::Aborted => "runs that were aborted",
        Reason::FirstRunBeforeWindow => "units that ran here before the period for the first time",
        Reason::FirstRunElsewhere => "units whose first run does not match what is chosen",
    }
}
