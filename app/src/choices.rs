//! What pages offer to choose from.

use domain::yields::Definition;

/// Periods that are offered, in days; the first is the default.
pub(crate) const DAYS: [Option<u16>; 4] = [Some(28), Some(7), Some(90), None];

/// The definitions that are offered.
pub(crate) const DEFINITIONS: [Definition; 3] =
    [Definition::FirstRun, Definition::FirstAttemptOfDay, Definition::Report];
