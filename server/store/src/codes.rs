//! The numeric codes of enumerations in the database. They are part of the schema: a value's
//! code never changes.

use domain::yields::{Definition, Reason};
use domain::{CheckOutcome, Cmp, FindingKind, FindingOutcome, Outcome, StepStatus, UnitKind};

macro_rules! codes {
    ($($(#[$meta:meta])* $name:ident, $back:ident: $type:ty { $($value:ident = $code:literal),+ $(,)? })+) => {
        $(
            $(#[$meta])*
            pub(crate) const fn $name(value: $type) -> i16 {
                match value { $(<$type>::$value => $code),+ }
            }

            /// The value of a code; `None` for an unknown code.
            pub const fn $back(code: i16) -> Option<$type> {
                match code { $($code => Some(<$type>::$value),)+ _ => None }
            }
        )+
    };
}

codes! {
    /// Outcomes of runs.
    outcome, outcome_of: Outcome { Pass = 0, Fail = 1, Error = 2, Timeout = 3, Aborted = 4, Skip = 5 }
    /// Kinds of units: the greatest stated kind wins.
    unit_kind, unit_kind_of: UnitKind { Production = 0, Reference = 1, Golden = 2 }
    /// Statuses of steps.
    step_status, step_status_of: StepStatus { Pass = 0, Fail = 1, Error = 2, Skip = 3 }
    /// Comparisons with limits.
    cmp, cmp_of: Cmp { Eq = 0, Ne = 1, Lt = 2, Le = 3, Gt = 4, Ge = 5, Gele = 6, Gtlt = 7, Log = 8 }
    /// Outcomes of measurements.
    check_outcome, check_outcome_of: CheckOutcome { Pass = 0, Fail = 1, Unset = 2 }
    /// Definitions of yield.
    definition, definition_of: Definition { FirstRun = 0, FirstAttemptOfDay = 1, Report = 2 }
    /// Kinds of findings.
    finding_kind, finding_kind_of: FindingKind { Diagnosis = 0, Error = 1, Symptom = 2, Defect = 3 }
    /// Outcomes of findings.
    finding_outcome, finding_outcome_of: FindingOutcome { Pass = 0, Fail = 1, Unknown = 2 }
}

/// The reason why a run is excluded from all figures; `None` for 0, not excluded.
pub const fn reason_of(code: i16) -> Option<Reason> {
    match code {
        1 => Some(Reason::Golden),
        2 => Some(Reason::Reference),
        3 => Some(Reason::Voided),
        4 => Some(Reason::Future),
        5 => Some(Reason::Skipped),
        _ => None,
    }
}
