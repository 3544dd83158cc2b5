//! The model of Explore: linked charts over runs.
//!
//! The page is a function of a [`State`], which is its address, and of the runs: the server
//! renders it first, the browser again after each change, with the same code. Each mark is a link
//! to the state in which it is selected, so the page works without WASM.

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
pub use state::{Filters, MAX_ADDRESS_BYTES, MOST_DAYS, State};
pub use summary::{Action, Chip, ComparedSlice, Comparison, Facts, Note, Slice};
pub use values::Values;

use domain::dimension::EXPLORE_COLUMN_COUNT;
use domain::frame::{Column, Frame};
use engine::explore::{Explorer, Missing, Selection};

use bins::bins;
use state::CATEGORICAL;

/// The columns that are charted, in the order of the page: days, dimensions of the registry, the
/// chosen attribute, histograms.
pub const CHARTS: [Column; EXPLORE_COLUMN_COUNT + 4] = {
    let mut charts = [Column::Day; EXPLORE_COLUMN_COUNT + 4];
    let mut at = 0;
    while at < CATEGORICAL.len() {
        charts[at + 1] = CATEGORICAL[at];
        at += 1;
    }
    charts[EXPLORE_COLUMN_COUNT + 2] = Column::Duration;
    charts[EXPLORE_COLUMN_COUNT + 3] = Column::Measured;
    charts
};

/// The histograms. Frames of cells lack these columns.
const BINNED: [Column; 2] = [Column::Duration, Column::Measured];

/// The columns that a frame may lack.
const OPTIONAL: [Column; 3] = [Column::Duration, Column::Measured, Column::Attribute];

/// The counts of a frame in a state. Cells have no durations and no values, and a frame has
/// values only of a measurement and an attribute that were requested: these charts stay empty.
///
/// # Errors
/// Where the frame lacks another column.
pub fn explorer(frame: Frame, state: &State) -> Result<Explorer, Missing> {
    let is_charted = |column: &Column| !OPTIONAL.contains(column) || has_column(&frame, *column);
    let charted: Vec<Column> = CHARTS.into_iter().filter(is_charted).collect();
    let mut explorer = Explorer::new(frame, state.basis(), &charted)?;
    apply(&mut explorer, state);
    Ok(explorer)
}

fn has_column(frame: &Frame, column: Column) -> bool {
    frame.codes(column).is_some()
}

/// Brings the counts into a state.
pub fn apply(explorer: &mut Explorer, state: &State) {
    if explorer.basis() != state.basis() {
        explorer.define(state.basis());
    }
    for column in CHARTS {
        let selection = selection(explorer, &state.filters, column);
        explorer.select(column, &selection.unwrap_or_default());
    }
}

/// The codes that the filter by a column selects; none where there is no filter.
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

/// The selections of all filters.
fn selections(explorer: &Explorer, filters: &Filters) -> Vec<(Column, Selection)> {
    let select = |column: Column| Some((column, selection(explorer, filters, column)?));
    CHARTS.into_iter().filter_map(select).collect()
}
