//! The explorer as a plain wasm32 library without imports, for `benches/explore/browser`: a
//! factory's frame, its columns for the other contestants, and linked charts.

#![allow(unsafe_code, reason = "fixed export names; no other symbols of this library have them")]

#[path = "../benches/explore/factory.rs"]
mod factory;

use std::sync::{Mutex, MutexGuard, PoisonError};

use domain::Outcome;
use domain::frame::{Column, Frame};
use domain::yields::Definition;
use engine::explore::{Explorer, Selection};
use engine::metrics::yields::Basis;

/// The charted columns, in the order of the page's chart index.
const BY: [Column; 4] = [Column::Day, Column::Station, Column::Code, Column::Duration];
const BASIS: Basis = Basis { definition: Definition::FirstRun, aborted: None };

static BENCH: Mutex<Bench> = Mutex::new(Bench {
    bytes: Vec::new(),
    explorer: None,
    chosen: [0; factory::STATIONS as usize],
    column: Vec::new(),
    counts: Vec::new(),
});

struct Bench {
    bytes: Vec<u8>,
    explorer: Option<Explorer>,
    /// By station, whether it is selected; written by the page.
    chosen: [u8; factory::STATIONS as usize],
    column: Vec<u32>,
    /// n and passed by value, interleaved.
    counts: Vec<u32>,
}

fn bench() -> MutexGuard<'static, Bench> {
    BENCH.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Creates the frame; returns its length in bytes.
#[unsafe(no_mangle)]
pub extern "C" fn make() -> usize {
    let mut bench = bench();
    bench.bytes = factory::frame(factory::RUNS);
    bench.bytes.len()
}

/// The address of the frame's bytes.
#[unsafe(no_mangle)]
pub extern "C" fn bytes() -> *const u8 {
    bench().bytes.as_ptr()
}

/// Reads the frame and creates the linked charts; returns the number of rows.
#[unsafe(no_mangle)]
pub extern "C" fn ready() -> usize {
    let mut bench = bench();
    bench.explorer =
        Frame::read(&bench.bytes).ok().and_then(|frame| Explorer::new(frame, BASIS, &BY).ok());
    bench.explorer.as_ref().map_or(0, |explorer| explorer.frame().rows())
}

/// The address of the codes of a column, 4 bytes each: 0 to 3 the charted columns, 4 whether the
/// run counts, 5 whether it counts and passed.
#[unsafe(no_mangle)]
pub extern "C" fn column(which: usize) -> *const u32 {
    let mut bench = bench();
    let Some(explorer) = &bench.explorer else { return std::ptr::null() };
    let frame = explorer.frame();
    let codes = |column| frame.codes(column).into_iter().flat_map(domain::frame::Codes::iter);
    let edges = explorer.durations();
    let width = edges.get(1).copied().unwrap_or(u32::MAX);
    let last = u32::try_from(edges.len()).unwrap_or_default() - 1;
    let standings: Vec<(bool, bool)> =
        frame.standings().map(|it| (it.first, it.first && it.outcome == Outcome::Pass)).collect();
    let standing = |code: u32| standings.get(code as usize).copied().unwrap_or_default();
    let values = match which {
        3 => codes(Column::Duration).map(|second| (second / width).min(last)).collect(),
        4 => codes(Column::CountingClass).map(|code| u32::from(standing(code).0)).collect(),
        5 => codes(Column::CountingClass).map(|code| u32::from(standing(code).1)).collect(),
        _ => BY.get(which).into_iter().flat_map(|column| codes(*column)).collect(),
    };
    bench.column = values;
    bench.column.as_ptr()
}

/// The address of the selection, a byte per station, which the page writes.
#[unsafe(no_mangle)]
pub extern "C" fn chosen() -> *const u8 {
    bench().chosen.as_ptr()
}

/// Updates the charts for the selection.
#[unsafe(no_mangle)]
pub extern "C" fn select() {
    let mut bench = bench();
    let chosen = (0..).zip(bench.chosen).filter(|(_, chosen)| *chosen > 0);
    let selection = Selection::These(chosen.map(|(station, _)| station).collect());
    if let Some(explorer) = &mut bench.explorer {
        explorer.select(Column::Station, &selection);
    }
}

/// The address of n and passed of a chart, interleaved, 4 bytes each.
#[unsafe(no_mangle)]
pub extern "C" fn counts(chart: usize) -> *const u32 {
    let mut bench = bench();
    let Bench { explorer, counts, .. } = &mut *bench;
    counts.clear();
    if let (Some(explorer), Some(column)) = (explorer, BY.get(chart)) {
        counts.extend(explorer.by(*column).iter().flat_map(|of| [of.n as u32, of.k as u32]));
    }
    counts.as_ptr()
}

/// The number of values of a chart.
#[unsafe(no_mangle)]
pub extern "C" fn values(chart: usize) -> usize {
    let bench = bench();
    let column = BY.get(chart).copied().unwrap_or(Column::Day);
    bench.explorer.as_ref().map_or(0, |explorer| explorer.by(column).len())
}
