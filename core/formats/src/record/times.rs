//! Warnings about clocks: times that no test can have had.

use domain::{IngestRecord, RunRecord, Timestamp};

use crate::out::Warnings;
use crate::reject::EN;
use crate::warning::{self, is_clock_unset};
use crate::wording::Quoted;

/// 2010-01-01T00:00:00Z, before any of the tests that are sent here. A clock that was
/// never set begins in 1970, 1980 or 2000, depending on who made it.
pub const CLOCK_SET: Timestamp = match Timestamp::from_micros(1_262_304_000_000_000) {
    Ok(at) => at,
    Err(_) => Timestamp::MIN,
};

/// Thirty days, which no test takes.
const LONG_MICROS: i64 = 30 * 86_400 * 1_000_000;

/// Warns of the first time before the clock was set, of an end before its start, and of a run
/// that took too long to be true.
pub(super) fn warn(record: &IngestRecord, line: u64, warnings: &mut Warnings) {
    let mut unset = None;
    record.each_time(&mut |name, at| {
        if is_clock_unset(at) {
            unset.get_or_insert((name, at));
        }
    });
    if let Some((name, at)) = unset {
        let why = EN.warning_clock_unset(name, at);
        warnings.add(line, warning::CLOCK_UNSET, why);
    }
    if let IngestRecord::Run(run) = record {
        // A start that a parameter gave is of another clock than the end.
        let start = run.stamped_at.unwrap_or(run.started_at);
        order(EN.warning_the_run(), (Some(start), run.ended_at), line, warnings);
        if let Some(end) = run.ended_at
            && end.micros().saturating_sub(start.micros()) > LONG_MICROS
        {
            let why = EN.warning_long_run(start, end);
            warnings.add(line, warning::LONG_RUN, why);
        }
        within(run, line, warnings);
    }
}

fn within(run: &RunRecord, line: u64, warnings: &mut Warnings) {
    for step in &run.steps {
        let name = || EN.warning_the_step(Quoted(&step.name));
        order_of(name, (step.started_at, step.ended_at), line, warnings);
        for measured in &step.measurements {
            let name = || EN.warning_the_measurement(Quoted(&measured.name));
            order_of(name, (measured.started_at, measured.ended_at), line, warnings);
        }
    }
}

type Span = (Option<Timestamp>, Option<Timestamp>);

fn order(what: &str, span: Span, line: u64, warnings: &mut Warnings) {
    order_of(|| what.to_owned(), span, line, warnings);
}

fn order_of(what: impl Fn() -> String, span: Span, line: u64, warnings: &mut Warnings) {
    let (Some(start), Some(end)) = span else { return };
    if end < start {
        let why = EN.warning_end_before_start(what(), end, start);
        warnings.add(line, warning::END_BEFORE_START, why);
    }
}
