//! Which slice is it: linked charts over runs.
//!
//! All of it is a function of a [`State`], which is the page's address, and of the runs: the
//! server draws the first answer, the browser every further one, with the same code. Each
//! mark is a link to the state after it was chosen, so the page works by links alone.

mod bins;
mod board;
mod figures;
mod sentence;
mod state;
mod summary;
mod table;
#[cfg(test)]
mod tests;
mod values;

pub use board::Board;
pub use state::{Filters, LONGEST, MOST_DAYS, State};
pub use summary::{Action, Chip, ComparedSlice, Comparison, Facts, Note, Slice};
pub use values::Values;

use domain::dimension::{EXPLORE_COLUMN_COUNT, EXPLORE_COLUMNS};
use domain::frame::{Column, Frame};
use engine::explore::{Explorer, Missing, Selection};

use bins::bins;

/// What there is a chart of, in the order of the page: days, the dimensions of the registry, and
/// what is binned.
pub const CHARTS: [Column; EXPLORE_COLUMN_COUNT + 3] = {
    let mut charts = [Column::Day; EXPLORE_COLUMN_COUNT + 3];
    let mut at = 0;
    while at < EXPLORE_COLUMN_COUNT {
        charts[at + 1] = EXPLORE_COLUMNS[at];
        at += 1;
    }
    charts[EXPLORE_COLUMN_COUNT + 1] = Column::Duration;
    charts[EXPLORE_COLUMN_COUNT + 2] = Column::Measured;
    charts
};

/// Those that are known of runs one by one, or where they were asked for.
const BINNED: [Column; 2] = [Column::Duration, Column::Measured];

/// The charts over a frame in a state. Cells have no durations and no values, and a frame has
/// values only if a measurement was asked for; these charts stay empty.
///
/// # Errors
/// Where the frame lacks another column: it is not one of ours.
pub fn explorer(frame: Frame, state: &State) -> Result<Explorer, Missing> {
    let told = |column: &Column| !BINNED.contains(column) || tells(&frame, *column);
    let charted: Vec<Column> = CHARTS.into_iter().filter(told).collect();
    let mut explorer = Explorer::new(frame, state.basis(), &charted)?;
    apply(&mut explorer, state);
    Ok(explorer)
}

/// Whether the frame has a column.
fn tells(frame: &Frame, column: Column) -> bool {
    frame.codes(column).is_some()
}

/// Brings the charts into a state.
pub fn apply(explorer: &mut Explorer, state: &State) {
    if explorer.basis() != state.basis() {
        explorer.define(state.basis());
    }
    for column in CHARTS {
        let selection = selection(explorer, &state.filters, column);
        explorer.select(column, &selection.unwrap_or_default());
    }
}

/// What a filter lets through; none where there is none by this column.
fn selection(explorer: &Explorer, filters: &Filters, column: Column) -> Option<Selection> {
    let range = |first: usize, last: usize| Selection::Range(first as u32..last as u32);
    match column {
        Column::Day => {
            let (from, to) = filters.day?;
            let before = explorer.frame().days().filter(|day| *day < from).count();
            let through = explorer.frame().days().filter(|day| *day <= to).count();
            Some(range(before, through))
        }
        Column::Duration | Column::Measured => match bins(explorer, filters, column) {
            Some((first, last)) => Some(range(first, last + 1)),
            // No run has any value.
            None => filters.values.filter(|_| column == Column::Measured).map(|_| range(0, 0)),
        },
        _ => {
            let names = Some(filters.names(column)).filter(|names| !names.is_empty())?;
            let texts = explorer.frame().texts(column)?;
            let code = |name: &String| match name.is_empty() {
                true => Some(texts.len()),
                false => texts.code(name),
            };
            let codes = names.iter().filter_map(code).map(|code| code as u32);
            Some(Selection::These(codes.collect()))
        }
    }
}

/// All that the filters let through.
fn selections(explorer: &Explorer, filters: &Filters) -> Vec<(Column, Selection)> {
    let of = |column: Column| Some((column, selection(explorer, filters, column)?));
    CHARTS.into_iter().filter_map(of).collect()
}
