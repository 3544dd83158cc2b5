//! What lists and pages of units have in common.

use chrono::{DateTime, Utc};
use domain::{RunFlag, RunFlags};
use store::units::UnitRun;

use crate::clock;
use crate::limits::FUTURE;

/// The flags of a run: those that are stored, and whether it starts after `future`.
pub(crate) fn flags(run: &UnitRun, future: DateTime<Utc>) -> RunFlags {
    let mut flags = RunFlags::from_bits(u16::try_from(run.flags).unwrap_or_default());
    flags.set_to(RunFlag::Future, run.started_at > future);
    flags
}

/// The time from which on a run is from the future.
pub(crate) fn future() -> DateTime<Utc> {
    clock::now().saturating_add(FUTURE).into()
}
