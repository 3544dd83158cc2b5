//! The yield of each operation, its trend and what became of the units.

use std::sync::Arc;

use charts::Palette;
use charts::spark;
use engine::difference::Difference;
use engine::proportion::Proportion;
use leptos::prelude::*;

use super::asked::Asked;
use super::rolled::Through;
use crate::backend::{OperationFigures, Rolled};
use crate::ui::figure::{Figure, Files};
use crate::ui::name::{Name, isolated};
use crate::ui::number;
use crate::ui::number::{counted, drawn};
use crate::ui::sheet::{Cell, Sheet};
use crate::ui::table::{Column, Table};

/// A row for each operation; below them rolled throughput yield, where a product is chosen.
#[component]
pub fn Operations(
    operations: Vec<OperationFigures>,
    /// How many operations there are, listed or not.
    total: usize,
    asked: Asked,
    rolled: Option<Rolled>,
) -> impl IntoView {
    let listed = operations.len();
    let note = (listed < total).then(|| {
        let (listed, total) = (number::count(listed as u64), number::count(total as u64));
        let note = format!(
            "The {listed} of {total} operations with the most counted; the file below has all."
        );
        view! { <p class="figure-note">{note}</p> }
    });
    let files = asked.files();
    let excluded: Vec<_> = operations
        .iter()
        .filter(|figures| !figures.excluded.is_empty())
        .map(|figures| {
            let reasons: Vec<String> = figures
                .excluded
                .iter()
                .map(|(reason, count)| format!("{} {reason}", number::count(*count)))
                .collect();
            view! { <li><Name of=figures.operation.clone()/>{format!(": {}", reasons.join(", "))}</li> }
        })
        .collect();
    let excluded = match excluded.is_empty() {
        true => view! { <p>"Nothing was left out."</p> }.into_any(),
        false => view! { <p>"Left out:"</p><ul>{excluded}</ul> }.into_any(),
    };
    let rows: Vec<_> = operations
        .into_iter()
        .map(|figures| view! { <Row figures asked=asked.clone()/> })
        .collect();
    let columns = vec![
        Column::text("Operation"),
        Column::number("Yield, 95 % interval"),
        Column::number("Counted"),
        Column::number("Change").meaning(
            "Against the equally long period before, each with a 95 % interval of its own",
        ),
        Column::text("By day"),
        Column::number("Final yield")
            .meaning("Units whose last run passed, of those whose first run is in the period"),
        Column::number("Retested").meaning("Units with two runs or more"),
        Column::number("No trouble found")
            .meaning("Failing episodes that ended with a pass, with no repair and nothing changed"),
        Column::unnamed("Explanation"),
    ];
    view! {
        <section class="card" aria-labelledby="operations-title">
            <h2 id="operations-title">{title(&asked)}</h2>
            {note}
            <Table label="Operations" columns class="operations stacks">{rows}</Table>
            {rolled.map(|rolled| view! { <Through rolled asked=asked.clone()/> })}
            <div class="twin">
            <details>
                <summary>"What is counted, and what is not"</summary>
                <p>{counting(&asked)}" Errors, time-outs and aborted runs that count have not passed. Golden and reference units, voided and skipped runs, and runs dated more than a day ahead never count."</p>
                {excluded}
            </details>
            <Files name="operations" files/>
            </div>
        </section>
    }
}

fn title(asked: &Asked) -> &'static str {
    use domain::yields::Definition;
    match asked.definition {
        Definition::FirstRun => "What share of units pass each operation the first time?",
        Definition::FirstAttemptOfDay => "What share of units pass at the first attempt of a day?",
        Definition::Report => "What share of runs pass?",
    }
}

fn counting(asked: &Asked) -> &'static str {
    use domain::yields::Definition;
    match asked.definition {
        Definition::FirstRun => {
            "A unit counts in an operation once, by its first run there over its whole history, where that run is in the period."
        }
        Definition::FirstAttemptOfDay => {
            "A unit counts in an operation once on each of the site’s days, by its first attempt of that day; an aborted run is no attempt."
        }
        Definition::Report => "Every run counts, also when a unit is tested again.",
    }
}

/// The yields with their intervals, and what became of the units.
pub(super) fn figure(operations: &[OperationFigures], asked: &Asked, as_of: &str) -> Figure {
    let rows: Vec<_> = operations
        .iter()
        .map(|it| charts::interval::Row {
            label: isolated(&it.operation),
            figure: drawn(it.yielded),
            title: format!(
                "{}: {}",
                isolated(&it.operation),
                number::percent(it.yielded.fraction())
            ),
            href: None,
            n: None,
            muted: false,
        })
        .collect();
    let lines = operations.iter().map(|it| {
        let ends = drawn(it.yielded);
        let share = |part: u64| Cell::Fraction(Proportion { k: part, n: it.units }.fraction());
        let change = |of: fn(&Difference) -> f64| Cell::Points(it.trend.as_ref().map(of));
        vec![
            Cell::Name(it.operation.clone()),
            Cell::Fraction(it.yielded.fraction()),
            Cell::Fraction(ends.map(|ends| ends.low)),
            Cell::Fraction(ends.map(|ends| ends.high)),
            Cell::Count(it.yielded.k),
            Cell::Count(it.yielded.n),
            change(|trend| trend.estimate),
            change(|trend| trend.low),
            change(|trend| trend.high),
            share(it.passed_last),
            share(it.retested),
            Cell::Count(it.cleared),
            Cell::Count(it.episodes),
        ]
    });
    let names = vec![
        "operation",
        "yield",
        "ci_low",
        "ci_high",
        "passed",
        "n",
        "change",
        "change_low",
        "change_high",
        "final_yield",
        "retested",
        "ntf_cleared",
        "ntf_episodes",
    ];
    Figure {
        name: "operations",
        title: title(asked).to_owned(),
        note: asked.note(as_of),
        sheet: Sheet { heads: names.clone(), names, rows: lines.collect() },
        draw: Arc::new(move |width, palette| {
            charts::interval::render(&rows, "Yield with 95 % interval", width, palette)
        }),
    }
}

#[component]
fn Row(figures: OperationFigures, asked: Asked) -> impl IntoView {
    let OperationFigures {
        operation,
        yielded,
        trend,
        days,
        units,
        passed_last,
        retested,
        episodes,
        cleared,
        ..
    } = figures;
    let (value, ends) = figure_of(yielded);
    let fractions: Vec<Option<f64>> =
        days.iter().map(|(_, day)| day.and_then(Proportion::fraction)).collect();
    let label = format!("Yield of {} by day, {} days", isolated(&operation), days.len());
    let drawing = spark::render(&fractions, &label, spark::SIZE, Palette::Page).into_string();
    let share = |part: u64| number::percent(Proportion { k: part, n: units }.fraction());
    let ntf = match episodes {
        0 => "–".to_owned(),
        _ => format!("{} of {}", number::count(cleared), number::count(episodes)),
    };
    let why = asked.explaining(&operation, None);
    let of = format!("Why this figure of {}?", isolated(&operation));
    view! {
        <tr>
            <th scope="row"><Name of=operation/></th>
            <td data-label="Yield" class="num">
                <span class="figure">{value}</span>
                <span class="quiet-text under">{ends}</span>
            </td>
            <td data-label="Counted" class="num">{counted(asked.definition, yielded.n)}</td>
            <td data-label="Change" class="num">{match trend {
                Some(trend) => view! { <Trend trend/> }.into_any(),
                None => view! { <span class="quiet-text">"nothing before"</span> }.into_any(),
            }}</td>
            <td data-label="By day"><span class="chart spark" inner_html=drawing></span></td>
            <td data-label="Final yield" class="num">{share(passed_last)}</td>
            <td data-label="Retested" class="num">{share(retested)}</td>
            <td data-label="No trouble found" class="num">{ntf}</td>
            <td><a href=why aria-label=of>"Why?"</a></td>
        </tr>
    }
}

/// A yield and its interval, as they are read.
pub(in crate::views) fn figure_of(yielded: Proportion) -> (String, String) {
    let ends = drawn(yielded).map_or_else(
        || "–".to_owned(),
        |ends| {
            format!("{} – {}", number::percent(Some(ends.low)), number::percent(Some(ends.high)))
        },
    );
    (number::percent(yielded.fraction()), ends)
}

/// A difference is worth an arrow where its interval is on one side of nought.
#[component]
pub fn Trend(trend: Difference) -> impl IntoView {
    let points = |value: f64| format!("{:+.1}", value * 100.0).replace('-', "−");
    let (class, mark, word) = match (trend.excludes_zero(), trend.estimate > 0.0) {
        (false, _) => ("trend", "", "no clear change"),
        (true, true) => ("trend good", "▲", ""),
        (true, false) => ("trend bad", "▼", ""),
    };
    let change = trend.excludes_zero().then(|| format!(" {} pt", points(trend.estimate)));
    let ends = format!("{} to {}", points(trend.low), points(trend.high));
    view! {
        <span class=class><span aria-hidden="true">{mark}</span>{word}{change}</span>
        <span class="quiet-text under">{ends}</span>
    }
}
