//! The Pareto of failures by code, step or component.

use std::sync::Arc;

use charts::pareto::{self, Words};
use messages::Locale;

use super::page::note;
use super::query::href_with;
use crate::backend::{FailureKey, FailureReport, FailureRow, FailuresQuery};
use crate::ui::figure::Figure;
use crate::ui::name::isolated;
use crate::ui::number;
use crate::ui::sheet::{Cell, Sheet};

/// Maximum number of rows in the chart.
const MAX_ROWS: usize = 20;

/// The Pareto chart, by the number of failed runs.
pub(super) fn figure(t: Locale, report: &FailureReport, query: &FailuresQuery) -> Figure {
    let by = match query.by {
        FailureKey::Code => t.failure_by_code(),
        FailureKey::Step => t.failure_by_step(),
        FailureKey::Component => t.failure_by_component(),
    };
    let row = |row: &FailureRow| pareto::Row {
        key: isolated(&row.key),
        runs: row.runs,
        units: Some(row.units),
        share: row.share,
        cumulative: row.cumulative,
        title: t.failure_row(
            isolated(&row.key),
            t.count_runs(row.runs),
            t.count_units(row.units),
            number::percent(Some(row.share)),
        ),
        // Only a code has a page.
        href: (query.by == FailureKey::Code)
            .then(|| href_with(query, |query| query.code = Some(row.key.clone()))),
        muted: false,
    };
    let rows: Vec<_> = report.rows.iter().map(row).collect();
    let lines = report.rows.iter().map(|row| {
        vec![
            Cell::Name(row.key.clone()),
            Cell::Count(row.runs),
            Cell::Count(row.units),
            Cell::Fraction(Some(row.share)),
            Cell::Fraction(row.cumulative),
            Cell::Text(row.meaning.as_ref().map(|it| it.says.to_owned()).unwrap_or_default()),
        ]
    });
    let sheet = Sheet {
        heads: vec![
            by,
            t.column_runs(),
            t.column_units(),
            t.column_share_of_runs(),
            t.column_cumulative(),
            t.column_meaning(),
        ],
        names: vec!["key", "runs", "units", "share", "cumulative", "meaning"],
        rows: lines.collect(),
    };
    Figure {
        name: "pareto",
        title: t.failure_pareto().to_owned(),
        note: note(t, report, query),
        sheet,
        draw: Arc::new(move |width, palette| {
            let words = Words { axis: t.failures_axis(), key: by, keys: t.failure_keys() };
            pareto::render(&rows, MAX_ROWS, words, width, palette)
        }),
    }
}
