//! How one operation did from day to day.

use std::sync::Arc;

use charts::trend::{self, Axes, Point};
use engine::proportion::Proportion;

use super::asked::Asked;
use crate::backend::OperationFigures;
use crate::ui::figure::Figure;
use crate::ui::name::isolated;
use crate::ui::number;
use crate::ui::number::{counted, drawn};
use crate::ui::sheet::{Cell, Sheet};

/// The yield of each of the site's days.
pub(super) fn figure(figures: &OperationFigures, asked: &Asked, as_of: &str) -> Figure {
    let points: Vec<_> = figures
        .days
        .iter()
        .map(|(day, yielded)| Point {
            key: day.clone(),
            figure: yielded.and_then(drawn),
            n: yielded.map_or(0, |yielded| yielded.n),
            title: match yielded {
                None => format!("{day}: nothing was counted"),
                Some(yielded) => format!(
                    "{day}: {} of {} passed, {}",
                    number::count(yielded.k),
                    counted(asked.definition, yielded.n),
                    number::percent(yielded.fraction())
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
        heads: vec!["Day", "Yield", "Low", "High", "Passed", "Counted"],
        names: vec!["day", "yield", "ci_low", "ci_high", "passed", "n"],
        rows: lines.collect(),
    };
    Figure {
        name: "daily",
        title: format!("How did {} do from day to day?", isolated(&figures.operation)),
        note: format!(
            "{} in all. {}",
            counted(asked.definition, figures.yielded.n),
            asked.note(as_of)
        ),
        sheet,
        draw: Arc::new(move |width, palette| {
            let axes =
                Axes { across: "Day of the site", up: "Yield with 95 % interval", n: "Counted" };
            trend::render(&points, axes, width, palette)
        }),
    }
}
