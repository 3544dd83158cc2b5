//! Runs of one unit, operation and start.
//!
//! Clocks of stations count whole seconds: a run that fails at once and its retry can have one
//! start. How a complete run ended is therefore part of its identity, and where the start is a
//! whole second also when it ended and what was measured and found. The last six bytes of a
//! [`RunId`] hold that, so all runs of one start are a range of ids, and the order by (start, id)
//! puts those that did not pass first, then those that ended earlier:
//!
//! | bits | |
//! |---|---|
//! | 47 | 1: it passed or was skipped |
//! | 46–45 | the outcome |
//! | 44–28 | seconds from start to end, at most 131,071; 0 without an end |
//! | 27–20 | 0: incomplete; 1: no end; else a hash of the end |
//! | 19–0 | 0: no results, or results were lost; else a hash of the results |
//!
//! An incomplete run has zeros only: it is replaced by any complete run of its start. One without
//! results, or of which results were lost, is replaced by one that ended in the same way.

use std::ops::RangeInclusive;

use sha2::{Digest, Sha256};

use super::Identity;
use crate::flags::RunFlag;
use crate::ids::RunId;
use crate::measurement::{Scalar, Value};
use crate::run::{Outcome, RunRecord};

const ENDING: u32 = 48;
const PASSED: u64 = 1 << 47;
const OUTCOME: u32 = 45;
const DURATION: u32 = 28;
const MOST_SECONDS: i64 = (1 << 17) - 1;
const END: u32 = 20;
const NO_END: u64 = 1 << END;
const END_MASK: u64 = 0xff << END;
const RESULTS_MASK: u64 = (1 << END) - 1;
const SECOND_MICROS: i64 = 1_000_000;

/// The identity with the ending of the run in the last six bytes of its [`RunId`].
pub(super) fn with_ending(identity: Identity, run: &RunRecord) -> Identity {
    let mut bytes = identity.0;
    let [_, _, ending @ ..] = ending(run).to_be_bytes();
    if let Some(place) = bytes.get_mut(10..16) {
        place.copy_from_slice(&ending);
    }
    Identity(bytes)
}

fn ending(run: &RunRecord) -> u64 {
    if !run.complete {
        return 0;
    }
    let (passed, outcome) = match run.outcome {
        Outcome::Aborted => (0, 0),
        Outcome::Error => (0, 1),
        Outcome::Timeout => (0, 2),
        Outcome::Fail => (0, 3),
        Outcome::Skip => (PASSED, 0),
        Outcome::Pass => (PASSED, 1),
    };
    let start = run.stamped_at.unwrap_or(run.started_at).micros();
    if start.rem_euclid(SECOND_MICROS) != 0 {
        // A clock that counts fractions does not start two runs at once.
        return passed | NO_END;
    }
    let end = run.ended_at.map_or(NO_END, |end| {
        let seconds = end.micros().saturating_sub(start) / SECOND_MICROS;
        let seconds = seconds.clamp(0, MOST_SECONDS).unsigned_abs();
        let [hash, ..]: [u8; 32] = Sha256::digest(end.micros().to_le_bytes()).into();
        seconds << DURATION | u64::from(hash.max(2)) << END
    });
    passed | outcome << OUTCOME | end | results(run)
}

/// A hash of what was measured and found; 0 where there is nothing, or something was lost.
fn results(run: &RunRecord) -> u64 {
    let mut measured = run.steps.iter().flat_map(|step| &step.measurements).peekable();
    if run.flags.has(RunFlag::DataLoss) || (measured.peek().is_none() && run.findings.is_empty()) {
        return 0;
    }
    let mut hash = Sha256::new();
    for step in &run.steps {
        for measured in &step.measurements {
            text(&mut hash, b'm', &step.name);
            text(&mut hash, b'n', &measured.name);
            value(&mut hash, &measured.value);
        }
    }
    for found in &run.findings {
        text(&mut hash, b'f', found.kind.as_str());
        text(&mut hash, b'o', found.outcome.as_str());
        text(&mut hash, b'c', &found.code);
    }
    let hash = hash.finalize();
    let head = hash.iter().take(8).fold(0_u64, |head, byte| head << 8 | u64::from(*byte));
    (head & RESULTS_MASK).max(1)
}

fn text(hash: &mut Sha256, what: u8, text: &str) {
    hash.update([what]);
    hash.update((text.len() as u64).to_le_bytes());
    hash.update(text);
}

fn value(hash: &mut Sha256, value: &Value) {
    match value {
        Value::Bool(truth) => hash.update([b'b', u8::from(*truth)]),
        Value::Num(number) => numeral(hash, *number),
        Value::Text(words) => text(hash, b't', words),
        Value::Series(elements) => {
            for element in elements {
                hash.update([b's']);
                hash.update(element.index.to_le_bytes());
                match &element.value {
                    Scalar::Bool(truth) => hash.update([b'b', u8::from(*truth)]),
                    Scalar::Num(number) => numeral(hash, *number),
                    Scalar::Text(words) => text(hash, b't', words),
                }
            }
        }
    }
}

fn numeral(hash: &mut Sha256, number: f64) {
    hash.update([b'd']);
    hash.update(number.to_bits().to_le_bytes());
}

/// A run and what may be kept of the same start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SameStart {
    id: RunId,
    /// The id without an ending. Earlier versions gave it to runs that passed, were skipped or
    /// are incomplete, and the one before it to those that ended badly.
    former: RunId,
}

impl SameStart {
    pub(super) fn new(identity: Identity, of_start: Identity) -> Self {
        Self { id: identity.into(), former: of_start.into() }
    }

    /// The ids of all runs of that start.
    pub fn all(&self) -> RangeInclusive<RunId> {
        self.with(0)..=self.with((1 << ENDING) - 1)
    }

    /// The ids of runs that this one replaces.
    pub fn replaced(&self) -> impl Iterator<Item = RunId> + use<> {
        let ending = self.ending();
        let bare = ending & !RESULTS_MASK;
        let no_end = bare & (PASSED | 0b11 << OUTCOME) | NO_END;
        let endings =
            [0, no_end, bare].map(|it| (it != ending && ending != 0).then(|| self.with(it)));
        // The last two are one where there is no end.
        let mut before = None;
        endings.into_iter().flatten().filter(move |id| before.replace(*id) != Some(*id))
    }

    /// The ids of runs any of which replaces this one, if it is complete.
    pub fn replaced_by(&self) -> Option<RangeInclusive<RunId>> {
        let ending = self.ending();
        if ending == 0 {
            return Some(self.all());
        }
        if ending & RESULTS_MASK != 0 {
            return None;
        }
        let greatest = match ending & END_MASK {
            // Any end, and any results.
            NO_END => ending | ((1 << OUTCOME) - 1),
            _ => ending | RESULTS_MASK,
        };
        Some(self.with(ending + 1)..=self.with(greatest))
    }

    /// The id that an earlier version gave to this run.
    pub fn former(&self) -> RunId {
        match self.ending() {
            0 => self.former,
            ending if ending & PASSED != 0 => self.former,
            _ => {
                let bits = self.former.uuid().as_u128();
                RunId::from(uuid::Uuid::from_u128(bits.wrapping_sub(1)))
            }
        }
    }

    /// The id that an earlier version gave to this run while it was incomplete.
    pub fn former_incomplete(&self) -> RunId {
        self.former
    }

    fn ending(&self) -> u64 {
        self.id.uuid().as_u64_pair().1 & ((1 << ENDING) - 1)
    }

    fn with(&self, ending: u64) -> RunId {
        let bits = self.id.uuid().as_u128();
        let mask = (1_u128 << ENDING) - 1;
        RunId::from(uuid::Uuid::from_u128(bits & !mask | u128::from(ending)))
    }
}
