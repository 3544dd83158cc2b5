//! Rolled throughput yield of a product: the figure, and why it is what it is.

use domain::yields::Definition;
use engine::metrics::rty::{Rty, ln_variance};
use engine::proportion::Proportion;
use leptos::prelude::*;

use super::asked::Asked;
use super::operations::figure_of;
use crate::backend::Rolled;
use crate::ui::name::{Name, isolated};
use crate::ui::table::{Column, Table};
use crate::ui::{number, order};

/// The figure, and what units really did.
#[component]
pub fn Through(rolled: Rolled, asked: Asked) -> impl IntoView {
    let why = asked.explaining_rolled();
    let Rolled { product, rty, observed, .. } = rolled;
    let product = isolated(&product);
    let of = format!("Why this rolled throughput yield of {product}?");
    let rolled =
        rty.map_or_else(|| "–".to_owned(), |rty| format!("{} ({})", value(rty), ends(rty)));
    view! {
        <dl class="facts sentences">
            <div>
                <dt>{format!("Rolled throughput yield of {product}, the product of its operations’ first-run yields (95\u{a0}% interval)")}</dt>
                <dd>{rolled}" "<a href=why aria-label=of>"Why?"</a></dd>
            </div>
            <div>
                <dt>"Really went through every operation at the first run, without a repair"</dt>
                <dd>{seen(observed)}</dd>
            </div>
        </dl>
    }
}

/// The factors, their product, and how sure it is.
#[component]
pub fn WhyRolled(rolled: Rolled, asked: Asked) -> impl IntoView {
    let Rolled { product, mut factors, rty, observed } = rolled;
    let product = isolated(&product);
    let close = asked.address(Asked::close);
    factors.sort_by(|a, b| order::natural(&a.0, &b.0));
    let variance: f64 = factors.iter().map(|(_, factor)| ln_variance(*factor)).sum();
    let rows: Vec<_> = factors
        .iter()
        .map(|(operation, factor)| {
            let (value, ends) = figure_of(*factor);
            let part = rty.map(|_| ln_variance(*factor) / variance);
            let part =
                part.map_or_else(|| "–".to_owned(), |part| format!("{:.0}\u{a0}%", part * 100.0));
            let why = asked.explaining(operation, None);
            view! {
                <tr>
                    <th scope="row"><a href=why><Name of=operation.clone()/></a></th>
                    <td data-label="First-run yield" class="num">{value}</td>
                    <td data-label="95 % interval" class="num">{ends}</td>
                    <td data-label="Passed" class="num">{number::count(factor.k)}</td>
                    <td data-label="Counted" class="num">{number::count(factor.n)}</td>
                    <td data-label="Part of the uncertainty" class="num">{part}</td>
                </tr>
            }
        })
        .collect();
    let columns = vec![
        Column::text("Operation"),
        Column::number("First-run yield"),
        Column::number("95 % interval"),
        Column::number("Passed"),
        Column::number("Counted"),
        Column::number("Part of the uncertainty")
            .meaning("What the operation adds to the variance, of what all of them add"),
    ];
    let other = (asked.definition != Definition::FirstRun)
        .then_some(" It is always of first runs, whatever definition is chosen above.");
    view! {
        <section class="card why" id="why" aria-labelledby="why-title">
            <p class="close"><a href=close>"Close"</a></p>
            <h2 id="why-title">{format!("Why is the rolled throughput yield of {product} what it is?")}</h2>
            <p class="figure-note">"The chance of a unit to pass every operation at the first run, if operations fail independently of each other: the product of their first-run yields."{other}</p>
            <Table label="Factors" columns class="stacks">
                {rows}
                <tr class="strong">
                    <th scope="row">"Product of these"</th>
                    <td data-label="Yield" class="num">{rty.map_or_else(|| "–".to_owned(), value)}</td>
                    <td data-label="95 % interval" class="num">{rty.map_or_else(|| "–".to_owned(), ends)}</td>
                    <td></td>
                    <td></td>
                    <td></td>
                </tr>
            </Table>
            <div class="columns">
                <div>
                    <h3>{if rty.is_some() { "How sure is it?" } else { "Why is there no figure?" }}</h3>
                    {sureness(&factors, rty)}
                </div>
                <div>
                    <h3>"What units really did"</h3>
                    <p>{seen(observed)}</p>
                    <p>"Counted are units whose first run in their earliest operation is in the period and that have a run in every one of these operations. They went through if each first run passed, and nothing was repaired before the last of these."</p>
                    <p>"The two differ where failures come together in the same units, and because each operation counts units of its own."</p>
                </div>
            </div>
        </section>
    }
}

/// How the interval comes about; without a figure, why there is none.
fn sureness(factors: &[(String, Proportion)], rty: Option<Rty>) -> AnyView {
    let of = |is: fn(&Proportion) -> bool| {
        let names = factors.iter().filter(|(_, factor)| is(factor)).map(|(name, _)| isolated(name));
        names.collect::<Vec<_>>().join(", ")
    };
    if rty.is_none() {
        let sentence = match factors.is_empty() {
            true => "No run of the product is in the period.".to_owned(),
            false => format!(
                "No first run in {} counts in the period, so that there is nothing to multiply by.",
                of(|factor| factor.n == 0)
            ),
        };
        return view! { <p>{sentence}</p> }.into_any();
    }
    let none = of(|factor| factor.k == 0);
    let nothing = (!none.is_empty()).then(|| {
        let sentence = format!(
            "Nothing passed in {none}: the product and the lower end are 0, and the upper end is reckoned from the product of the p̃."
        );
        view! { <p>{sentence}</p> }
    });
    view! {
        <p>"The interval is reckoned on the logarithm of the product, where the factors add up. With k passed of n and "<span class="formula">"p̃ = (k + ½)/(n + 1)"</span>", an operation adds "<span class="formula">"(1 − p̃)/((n + 1)\u{a0}p̃)"</span>" to the variance; the half unit keeps "<span class="formula">"k = n"</span>" from claiming certainty."</p>
        <p>"The ends are "<span class="formula">"exp(ln RTY ± 1.96\u{a0}√variance)"</span>", held between 0 and 100\u{a0}%."</p>
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

/// Units that really went through all operations.
fn seen(observed: Proportion) -> String {
    match observed.n {
        0 => "no unit has a run in each of these operations".to_owned(),
        n => format!(
            "{} of {}, {}",
            number::count(observed.k),
            number::of(n, "unit", "units"),
            number::percent(observed.fraction())
        ),
    }
}
