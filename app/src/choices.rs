//! The options of the filter bars of pages.

use domain::yields::Definition;

/// Selectable periods in days; the first is the default, `None` is all data.
pub(crate) const DAYS: [Option<u16>; 4] = [Some(28), Some(7), Some(90), None];

/// Selectable definitions.
pub(crate) const DEFINITIONS: [Definition; 3] =
    [Definition::FirstRun, Definition::FirstAttemptOfDay, Definition::Report];
