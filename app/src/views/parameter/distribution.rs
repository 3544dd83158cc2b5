//! The histogram with density and limits.

use std::sync::Arc;

use charts::distribution::{Across, Distribution, Words, render};
use engine::proportion::Proportion;
use messages::Locale;

use super::page::short;
use crate::backend::{ParameterQuery, ParameterReport};
use crate::ui::figure::Figure;
use crate::ui::name::isolated;
use crate::ui::number;
use crate::ui::sheet::{Cell, Sheet};

/// Values by bin.
pub(super) fn figure(
    t: Locale,
    report: &ParameterReport,
    query: &ParameterQuery,
    note: String,
) -> Figure {
    let of = report.distribution.clone();
    let rows = of.edges.iter().zip(of.edges.iter().skip(1)).zip(&of.counts);
    let rows = rows.map(|((from, to), n)| {
        vec![Cell::Number(Some(*from)), Cell::Number(Some(*to)), Cell::Count(*n)]
    });
    let sheet = Sheet {
        heads: vec![t.column_from(), t.column_below(), t.column_runs()],
        names: vec!["from", "below", "runs"],
        rows: rows.collect(),
    };
    let (low, high) = (report.capability.low, report.capability.high);
    let across = isolated(short(&query.parameter));
    let limit = |name: &str, limit: Option<f64>| {
        limit.map(|limit| format!("{name} {}", number::value(limit))).unwrap_or_default()
    };
    let (low_name, high_name) = (limit("LSL", low), limit("USL", high));
    Figure {
        name: "distribution",
        title: t.parameter_distribution().to_owned(),
        note,
        sheet,
        draw: Arc::new(move |width, palette| {
            let distribution = Distribution {
                edges: &of.edges,
                counts: &of.counts,
                density: &of.density,
                low,
                high,
                part_average: of.part_average,
                is_log: of.is_log,
            };
            let words =
                Words { across: &across, up: t.column_runs(), low: &low_name, high: &high_name };
            let title = |from: f64, to: f64, n: u64| {
                t.parameter_bin(number::rounded(from, 5), number::rounded(to, 5), t.count_runs(n))
            };
            render(&distribution, &Across::new(&distribution, width), words, &title, width, palette)
        }),
    }
}

/// How many values are outside the limits, and what the lines are.
pub(super) fn outside(t: Locale, report: &ParameterReport) -> String {
    let of = &report.distribution;
    let mut sentences = Vec::new();
    if report.capability.low.is_some() || report.capability.high.is_some() {
        let share = Proportion { k: of.below + of.above, n: report.n };
        sentences.push(t.parameter_outside(of.below, of.above, number::percent(share.fraction())));
    }
    if of.density.len() > 1 {
        sentences.push(t.parameter_density().to_owned());
    }
    if let Some((low, high)) = of.part_average {
        sentences.push(t.parameter_part_average(number::rounded(low, 5), number::rounded(high, 5)));
    }
    if of.is_log {
        sentences.push(t.parameter_log_axis().to_owned());
    }
    sentences.join(" ")
}
