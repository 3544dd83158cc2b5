//! The explorer as a plain wasm32 library without imports, for `benches/explore/browser`:
//! a factory's frame, its columns for whoever else is to count them, and linked charts.

#![allow(unsafe_code, reason = "fixed export names; no other symbols of this library have them")]

#[path = "../benches/explore/factory.rs"]
mod factory;

use std::sync::{Mutex, MutexGuard, PoisonError};

use domain::Outcome;
use domain::frame::{Column, Frame};
use domain::yields::Definition;
use engine::explore::{Explorer, Selection};
use engine::metrics::yields::Basis;

/// What is charted, in the order in which the page asks for it.
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
    /// By station, whether it is chosen; the page writes it.
    chosen: [u8; factory::STATIONS as usize],
    column: Vec<u32>,
    /// n and passed by value, in turn.
    counts: Vec<u32>,
}

fn bench() -> MutexGuard<'static, Bench> {
    BENCH.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Makes the factory; how many bytes its frame has.
#[unsafe(no_mangle)]
pub extern "C" fn make() -> usize {
    let mut bench = bench();
    bench.bytes = factory::frame(factory::RUNS);
    bench.bytes.len()
}

/// Where the frame's bytes are.
#[unsafe(no_mangle)]
pub extern "C" fn bytes() -> *const u8 {
    bench().bytes.as_ptr()
}

/// From the frame's bytes to linked charts; how many rows they are of.
#[unsafe(no_mangle)]
pub extern "C" fn ready() -> usize {
    let mut bench = bench();
    bench.explorer =
        Frame::read(&bench.bytes).ok().and_then(|frame| Explorer::new(frame, BASIS, &BY).ok());
    bench.explorer.as_ref().map_or(0, |explorer| explorer.frame().rows())
}

/// Where the codes of a column are, 4 bytes each: 0 to 3 what is charted, 4 whether the run
/// counts, 5 whether it counts and passed.
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
        4 => codes(Column::Standing).map(|code| u32::from(standing(code).0)).collect(),
        5 => codes(Column::Standing).map(|code| u32::from(standing(code).1)).collect(),
        _ => BY.get(which).into_iter().flat_map(|column| codes(*column)).collect(),
    };
    bench.column = values;
    bench.column.as_ptr()
}

/// Where the page writes which stations are chosen, a byte each.
#[unsafe(no_mangle)]
pub extern "C" fn chosen() -> *const u8 {
    bench().chosen.as_ptr()
}

/// Brings the charts up to date with what is chosen.
#[unsafe(no_mangle)]
pub extern "C" fn select() {
    let mut bench = bench();
    let chosen = (0..).zip(bench.chosen).filter(|(_, chosen)| *chosen > 0);
    let selection = Selection::These(chosen.map(|(station, _)| station).collect());
    if let Some(explorer) = &mut bench.explorer {
        explorer.select(Column::Station, &selection);
    }
}

/// Where n and passed of a chart are, in turn, 4 bytes each.
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

/// How many values a chart has.
#[unsafe(no_mangle)]
pub extern "C" fn values(chart: usize) -> usize {
    let bench = bench();
    let column = BY.get(chart).copied().unwrap_or(Column::Day);
    bench.explorer.as_ref().map_or(0, |explorer| explorer.by(column).len())
}
