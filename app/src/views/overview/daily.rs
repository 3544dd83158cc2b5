//! Daily trend of one operation.

use std::sync::Arc;

use charts::trend::{self, Axes, Point};
use engine::proportion::Proportion;
use messages::Locale;

use super::state::OverviewState;
use crate::backend::OperationFigures;
use crate::ui::figure::Figure;
use crate::ui::label::counted;
use crate::ui::name::isolated;
use crate::ui::number;
use crate::ui::number::drawn;
use crate::ui::sheet::{Cell, Sheet};

/// The yield of each site day.
pub(super) fn figure(
    t: Locale,
    figures: &OperationFigures,
    state: &OverviewState,
    as_of: &str,
) -> Figure {
    let points: Vec<_> = figures
        .days
        .iter()
        .map(|(day, yielded)| Point {
            key: day.clone(),
            figure: yielded.and_then(drawn),
            n: yielded.map_or(0, |yielded| yielded.n),
            title: match yielded {
                None => t.daily_none(day),
                Some(yielded) => t.daily_point(
                    day,
                    yielded.k,
                    counted(t, state.definition(), yielded.n),
                    number::percent(yielded.fraction()),
                ),
            },
        })
        .collect();
    let lines = figures.days.iter().map(|(day, yielded)| {
        let ends = yielded.and_then(drawn);
        vec![
            Cell::Text(day.clone()),
            Cell::Fraction(yielded.and_then(Proportion::fraction)),
            Cell::Fraction(ends.map(|ends| ends.low)),
            Cell::Fraction(ends.map(|ends| ends.high)),
            Cell::Count(yielded.map_or(0, |yielded| yielded.k)),
            Cell::Count(yielded.map_or(0, |yielded| yielded.n)),
        ]
    });
    let sheet = Sheet {
        heads: vec![
            t.column_day(),
            t.column_yield(),
            t.column_low(),
            t.column_high(),
            t.column_passed(),
            t.column_counted(),
        ],
        names: vec!["day", "yield", "ci_low", "ci_high", "passed", "n"],
        rows: lines.collect(),
    };
    Figure {
        name: "daily",
        title: t.daily_title(isolated(&figures.operation)),
        note: t.daily_note(counted(t, state.definition(), figures.yielded.n), state.note(t, as_of)),
        sheet,
        draw: Arc::new(move |width, palette| {
            let axes = Axes {
                across: t.daily_axis(),
                up: t.chart_yield_interval(),
                n: t.column_counted(),
            };
            trend::render(&points, axes, width, palette)
        }),
    }
}
