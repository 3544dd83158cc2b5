//! The yield of each operation, its trend, and the final yield of its units.

use std::sync::Arc;

use charts::Palette;
use charts::spark;
use engine::difference::Difference;
use engine::proportion::Proportion;
use leptos::prelude::*;
use messages::Locale;

use super::rolled::RolledYield;
use super::state::OverviewState;
use crate::backend::{OperationFigures, Rolled};
use crate::ui::figure::{Figure, Files};
use crate::ui::label::{self, counted};
use crate::ui::locale::{sentence, use_locale};
use crate::ui::name::{Name, isolated};
use crate::ui::number;
use crate::ui::number::drawn;
use crate::ui::sheet::{Cell, Sheet};
use crate::ui::table::{Column, Table};
use crate::views::slice_bar;

/// A row for each operation; below them the rolled throughput yield, if a product is selected.
#[component]
pub fn Operations(
    operations: Vec<OperationFigures>,
    /// The number of operations, listed or not.
    total: usize,
    state: OverviewState,
    rolled: Option<Rolled>,
    /// The first and the last day of the period.
    window: Option<(String, String)>,
) -> impl IntoView {
    let t = use_locale();
    let listed = operations.len();
    let note = (listed < total).then(|| {
        let note = t.operations_cut(listed as u64, total as u64);
        view! { <p class="figure-note">{note}</p> }
    });
    let files = state.files();
    let excluded: Vec<_> = operations
        .iter()
        .filter(|figures| !figures.excluded.is_empty())
        .map(|figures| {
            let reasons: Vec<String> = figures
                .excluded
                .iter()
                .map(|(reason, count)| {
                    t.operations_excluded_count(*count, label::reason(t, *reason))
                })
                .collect();
            let operation = view! { <Name of=figures.operation.clone()/> }.into_any();
            let line = t.operations_excluded_of(operation, reasons.join(", "));
            view! { <li>{sentence(line)}</li> }
        })
        .collect();
    let excluded = match excluded.is_empty() {
        true => view! { <p>{t.operations_nothing_excluded()}</p> }.into_any(),
        false => view! { <p>{t.operations_excluded()}</p><ul>{excluded}</ul> }.into_any(),
    };
    let scale = scale(&operations);
    let rows: Vec<_> = operations
        .into_iter()
        .map(|figures| view! { <Row figures state=state.clone() window=window.clone() scale/> })
        .collect();
    let columns = vec![
        Column::text(t.column_operation()),
        Column::number(t.partners_yield()),
        Column::number(t.column_counted()),
        Column::number(t.column_change()).meaning(t.operations_change_meaning()),
        Column::text(t.column_by_day()),
        Column::number(t.column_final_yield()).meaning(t.operations_final_meaning()),
        Column::number(t.operations_retested()).meaning(t.operations_retested_meaning()),
        Column::number(t.operations_ntf()).meaning(t.operations_ntf_meaning()),
        Column::unnamed(t.operations_explanation()),
    ];
    view! {
        <section class="card" aria-labelledby="operations-title">
            <h2 id="operations-title">{title(t, &state)}</h2>
            {note}
            <Table label=t.operations_label() columns class="operations stacks">{rows}</Table>
            {rolled.map(|rolled| view! { <RolledYield rolled state=state.clone()/> })}
            <div class="twin">
            <details>
                <summary>{t.operations_counting()}</summary>
                <p>{counting(t, &state)}" "{t.operations_counting_always()}</p>
                {excluded}
            </details>
            <Files name="operations" files/>
            </div>
        </section>
    }
}

fn title(t: Locale, state: &OverviewState) -> &'static str {
    use domain::yields::Definition;
    match state.definition() {
        Definition::FirstRun => t.operations_title_first_run(),
        Definition::FirstAttemptOfDay => t.operations_title_first_attempt(),
        Definition::Report => t.operations_title_report(),
    }
}

fn counting(t: Locale, state: &OverviewState) -> &'static str {
    use domain::yields::Definition;
    match state.definition() {
        Definition::FirstRun => t.operations_counting_first_run(),
        Definition::FirstAttemptOfDay => t.operations_counting_first_attempt(),
        Definition::Report => t.operations_counting_report(),
    }
}

/// The yields with their intervals, final yield, retests, and no-trouble-found episodes.
pub(super) fn figure(
    t: Locale,
    operations: &[OperationFigures],
    state: &OverviewState,
    as_of: &str,
) -> Figure {
    let rows: Vec<_> = operations
        .iter()
        .map(|it| charts::interval::Row {
            label: isolated(&it.operation),
            figure: drawn(it.yielded),
            title: t
                .chart_yield_of(isolated(&it.operation), number::percent(it.yielded.fraction())),
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
        title: title(t, state).to_owned(),
        note: state.note(t, as_of),
        sheet: Sheet { heads: names.clone(), names, rows: lines.collect() },
        draw: Arc::new(move |width, palette| {
            charts::interval::render(&rows, t.chart_yield_interval(), width, palette)
        }),
    }
}

/// Attempts of a day that a sparkline shows, at least: a day of two units says nothing.
const SPARK_ATTEMPTS: u64 = 5;

/// The fractions of a sparkline. The last day is not over, and days of few attempts are gaps.
fn spark_line(days: &[(String, Option<Proportion>)]) -> Vec<Option<f64>> {
    let over = days.split_last().map_or(days, |(_, over)| over);
    let shown = |day: &Option<Proportion>| day.filter(|day| day.n >= SPARK_ATTEMPTS);
    over.iter().map(|(_, day)| shown(day).and_then(Proportion::fraction)).collect()
}

/// The least and the greatest fraction of all sparklines, so that rows can be compared.
fn scale(operations: &[OperationFigures]) -> Option<(f64, f64)> {
    let all = operations.iter().flat_map(|figures| spark_line(&figures.days)).flatten();
    all.fold(None, |scale: Option<(f64, f64)>, value| {
        let (low, high) = scale.unwrap_or((value, value));
        Some((low.min(value), high.max(value)))
    })
}

#[component]
fn Row(
    figures: OperationFigures,
    state: OverviewState,
    window: Option<(String, String)>,
    scale: Option<(f64, f64)>,
) -> impl IntoView {
    let t = use_locale();
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
    let fractions = spark_line(&days);
    let label = t.chart_yield_by_day(isolated(&operation), days.len() as u64);
    let drawing =
        spark::render(&fractions, scale, &label, spark::SIZE, Palette::Page).into_string();
    let share = |part: u64| number::percent(Proportion { k: part, n: units }.fraction());
    let ntf = match episodes {
        0 => "–".to_owned(),
        _ => t.count_of(number::count(cleared), number::count(episodes)),
    };
    let why = state.explain_href(&operation);
    let failures = state.failures_href(&[("operation", &operation)]);
    let explore = slice_bar::explore(&state.slice, window.as_ref(), &[("operation", &operation)]);
    let of = t.operations_explain_label(isolated(&operation));
    view! {
        <tr>
            <th scope="row"><a href=failures><Name of=operation/></a></th>
            <td data-label=t.column_yield() class="num">
                <span class="figure">{value}</span>
                <span class="quiet-text under">{ends}</span>
            </td>
            <td data-label=t.column_counted() class="num">{counted(t, state.definition(), yielded.n)}</td>
            <td data-label=t.column_change() class="num">{match trend {
                Some(trend) => view! { <Trend trend/> }.into_any(),
                None => view! { <span class="quiet-text">{t.operations_no_comparison()}</span> }.into_any(),
            }}</td>
            <td data-label=t.column_by_day()><span class="chart spark" inner_html=drawing></span></td>
            <td data-label=t.column_final_yield() class="num">{share(passed_last)}</td>
            <td data-label=t.operations_retested() class="num">{share(retested)}</td>
            <td data-label=t.operations_ntf() class="num">{ntf}</td>
            <td class="links">
                <a href=why aria-label=of>{t.operations_explain()}</a>" "
                <a href=explore>{t.explore_these()}</a>
            </td>
        </tr>
    }
}

/// A yield and its interval, formatted.
pub(in crate::views) fn figure_of(yielded: Proportion) -> (String, String) {
    let ends = drawn(yielded).map_or_else(
        || "–".to_owned(),
        |ends| {
            format!("{} – {}", number::percent(Some(ends.low)), number::percent(Some(ends.high)))
        },
    );
    (number::percent(yielded.fraction()), ends)
}

/// A difference. It has an arrow if it is significant, that is, if its interval excludes zero.
#[component]
pub fn Trend(trend: Difference) -> impl IntoView {
    let t = use_locale();
    let points = |value: f64| format!("{:+.1}", value * 100.0).replace('-', "−");
    let (class, mark, word) = match (trend.excludes_zero(), trend.estimate > 0.0) {
        (false, _) => ("trend", "", t.operations_no_clear_change()),
        (true, true) => ("trend good", "▲", ""),
        (true, false) => ("trend bad", "▼", ""),
    };
    let change =
        trend.excludes_zero().then(|| view! { " "{t.operations_points(points(trend.estimate))} });
    let ends = t.interval_ends(points(trend.low), points(trend.high));
    view! {
        <span class=class><span aria-hidden="true">{mark}</span>{word}{change}</span>
        <span class="quiet-text under">{ends}</span>
    }
}
