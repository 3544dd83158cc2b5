//! The control chart, why it is this one, and its signals in words.

use std::sync::Arc;

use charts::control::{Axes, Phase, Point, render};
use leptos::prelude::*;
use messages::Locale;

use super::page::short;
use super::query::{SUBGROUPS, href_with};
use crate::backend::{
    ChartChoice, ControlFigures, ControlPhase, ControlPoint, ParameterQuery, ParameterReport,
    RuleChoice,
};
use crate::ui::figure::Figure;
use crate::ui::locale::use_locale;
use crate::ui::name::{Name, isolated};
use crate::ui::number;
use crate::ui::query::unit;
use crate::ui::sheet::{Cell, Sheet};
use crate::ui::table::{Column, Table};
use crate::ui::time;

/// Signals that are listed: the newest.
const LISTED: usize = 20;

/// The chart.
pub(super) fn figure(
    t: Locale,
    report: &ParameterReport,
    query: &ParameterQuery,
    note: String,
) -> Figure {
    let chart = &report.chart;
    let rules = query.rules;
    let point = |point: &ControlPoint| Point {
        key: point.at.local.clone(),
        value: point.value,
        limits: point.limits,
        specification: match chart.kind {
            "cusum" => (None, None),
            _ => point.specification,
        },
        is_signal: !point.rules.is_empty(),
        title: match point.rules.is_empty() {
            true => t.control_point(&point.at.local, number::rounded(point.value, 5)),
            false => t.control_signal(
                &point.at.local,
                number::rounded(point.value, 5),
                rule_words(t, rules, &point.rules),
            ),
        },
    };
    let points: Vec<Point> = chart.points.iter().map(point).collect();
    let phase = |phase: &ControlPhase| Phase {
        start: phase.start,
        name: phase.event.as_ref().map(|event| event_name(t, event)).unwrap_or_default(),
    };
    let phases: Vec<Phase> = chart.phases.iter().map(phase).collect();
    let rows = chart.points.iter().map(|point| {
        let rules: Vec<String> = point.rules.iter().map(ToString::to_string).collect();
        vec![
            Cell::At(point.at.clone()),
            Cell::Number(Some(point.value)),
            Cell::Number(point.limits.map(|limits| limits.0)),
            Cell::Number(point.limits.map(|limits| limits.1)),
            Cell::Number(point.limits.map(|limits| limits.2)),
            Cell::Text(rules.join(" ")),
        ]
    });
    let sheet = Sheet {
        heads: vec![
            t.column_when(),
            t.column_measured(),
            t.control_centre(),
            t.control_lower(),
            t.control_upper(),
            t.control_rules(),
        ],
        names: vec!["at", "value", "centre", "lower", "upper", "rules"],
        rows: rows.collect(),
    };
    let up = isolated(short(&query.parameter));
    Figure {
        name: "control",
        title: t.control_title(kind_name(t, chart.kind)),
        note,
        sheet,
        draw: Arc::new(move |width, palette| {
            let axes = Axes { across: t.control_across(), up: &up };
            render(&points, &phases, axes, width, palette)
        }),
    }
}

/// Why this chart, what its lines are, and how often it is wrong.
pub(super) fn because(t: Locale, report: &ParameterReport) -> String {
    let chart = &report.chart;
    let mut sentences = Vec::new();
    sentences.push(match (chart.is_chosen, chart.chosen_for) {
        (true, None) => t.control_because_individuals().to_owned(),
        (true, Some(size)) if size <= 8 => t.control_because_small(size as u64),
        (true, Some(size)) => t.control_because_large(size as u64),
        (false, _) => t.control_because_chosen().to_owned(),
    });
    sentences.push(t.control_legend().to_owned());
    if let Some(a_week) = chart.false_alarms_a_week {
        sentences.push(t.control_false_alarms(number::rounded(a_week, 2)));
    }
    if chart.cut > 0 {
        sentences.push(t.control_cut(chart.points.len() as u64, chart.cut));
    }
    sentences.join(" ")
}

/// The name of a kind of charts.
fn kind_name(t: Locale, kind: &'static str) -> &'static str {
    match kind {
        "i-mr" => t.control_individuals(),
        "xbar-r" => t.control_xbar_r(),
        "xbar-s" => t.control_xbar_s(),
        "ewma" => t.control_ewma(),
        "cusum" => t.control_cusum(),
        other => other,
    }
}

/// What a phase begins with.
fn event_name(t: Locale, (kind, what): &(String, String)) -> String {
    let kind = match kind.as_str() {
        "limits" => return t.event_limits().to_owned(),
        "software" => t.event_software(),
        "revision" => t.event_revision(),
        "fixture" => t.event_fixture(),
        "station" => t.event_station(),
        other => other,
    };
    t.event_name(isolated(kind), isolated(what))
}

/// Rules that a point breaks, in words.
fn rule_words(t: Locale, set: RuleChoice, rules: &[u8]) -> String {
    let words: Vec<&str> = rules
        .iter()
        .map(|rule| match (set, rule) {
            (_, 1) => t.rule_beyond_three(),
            (RuleChoice::WesternElectric, 2) | (RuleChoice::Nelson, 5) => t.rule_two_of_three(),
            (RuleChoice::WesternElectric, 3) | (RuleChoice::Nelson, 6) => t.rule_four_of_five(),
            (RuleChoice::WesternElectric, 4) => t.rule_eight_one_side(),
            (RuleChoice::Nelson, 2) => t.rule_nine_one_side(),
            (RuleChoice::Nelson, 3) => t.rule_six_trend(),
            (RuleChoice::Nelson, 4) => t.rule_fourteen_alternating(),
            (RuleChoice::Nelson, 7) => t.rule_fifteen_within(),
            (RuleChoice::Nelson, 8) => t.rule_eight_outside(),
            _ => t.rule_beyond_three(),
        })
        .collect();
    words.join("; ")
}

/// Chart, rules, phases and subgroups.
#[component]
pub fn Choices(query: ParameterQuery) -> impl IntoView {
    let t = use_locale();
    let link = |is_current: bool, address: String, name: String| {
        let current = is_current.then_some("true");
        view! { <a href=address aria-current=current>{name}</a> }
    };
    let charts: Vec<_> = ChartChoice::ALL
        .iter()
        .map(|chart| {
            let name = match chart {
                ChartChoice::Auto => t.control_auto(),
                ChartChoice::Ewma => t.control_ewma_short(),
                ChartChoice::Cusum => t.control_cusum_short(),
            };
            let address = href_with(&query, |query| query.chart = *chart);
            link(*chart == query.chart, address, name.to_owned())
        })
        .collect();
    let rules: Vec<_> = RuleChoice::ALL
        .iter()
        .map(|rules| {
            let name = match rules {
                RuleChoice::WesternElectric => t.control_western_electric(),
                RuleChoice::Nelson => t.control_nelson(),
                RuleChoice::Limits => t.control_limits_only(),
            };
            let address = href_with(&query, |query| query.rules = *rules);
            link(*rules == query.rules, address, name.to_owned())
        })
        .collect();
    let phases: Vec<_> = [(true, t.control_phases_auto()), (false, t.control_phases_none())]
        .into_iter()
        .map(|(has_phases, name)| {
            let address = href_with(&query, |query| query.has_phases = has_phases);
            link(has_phases == query.has_phases, address, name.to_owned())
        })
        .collect();
    let subgroups: Vec<_> = SUBGROUPS
        .into_iter()
        .map(|size| {
            let name = match size {
                1 => t.control_single().to_owned(),
                size => t.control_subgroups(u64::from(size)),
            };
            let address = href_with(&query, |query| query.subgroup = size);
            link(size == query.subgroup, address, name)
        })
        .collect();
    view! {
        <div class="choices-bar">
            <nav class="segment" aria-label=t.control_kind()>{charts}</nav>
            <nav class="segment" aria-label=t.control_rule_set()>{rules}</nav>
            <nav class="segment" aria-label=t.control_phases()>{phases}</nav>
            <nav class="segment" aria-label=t.control_points()>{subgroups}</nav>
        </div>
    }
}

/// The newest signals, each with the rules that it breaks.
#[component]
pub fn Signals(chart: ControlFigures, rules: RuleChoice) -> impl IntoView {
    let t = use_locale();
    let signals: Vec<ControlPoint> =
        chart.points.into_iter().filter(|point| !point.rules.is_empty()).collect();
    if signals.is_empty() {
        return view! { <p>{t.control_no_signals()}</p> }.into_any();
    }
    let total = signals.len() as u64;
    let has_units = signals.iter().any(|point| point.serial.is_some());
    let rows: Vec<_> = signals
        .into_iter()
        .rev()
        .take(LISTED)
        .map(|point| {
            let words = rule_words(t, rules, &point.rules);
            let serial = has_units.then(|| {
                let serial = point.serial.clone().map(|serial| {
                    view! { <a href=unit(&serial)><Name of=serial.clone()/></a> }
                });
                view! { <td>{serial}</td> }
            });
            view! {
                <tr>
                    <th scope="row">{time::at(&point.at)}</th>
                    <td class="num">{number::rounded(point.value, 5)}</td>
                    {serial}
                    <td class="wrap">{words}</td>
                </tr>
            }
        })
        .collect();
    let mut columns = vec![Column::text(t.column_when()), Column::number(t.column_measured())];
    if has_units {
        columns.push(Column::text(t.column_serial()));
    }
    columns.push(Column::text(t.control_rules()));
    view! {
        <details class="more" open=total <= 5>
            <summary>{t.control_signals(total)}</summary>
            <Table label=t.control_signals_title() columns>{rows}</Table>
        </details>
    }
    .into_any()
}
