//! The numbers that stand for words in the database. They are part of the schema: a word
//! keeps its number for ever.

use domain::yields::{Definition, Reason};
use domain::{CheckOutcome, Cmp, FindingKind, FindingOutcome, Outcome, StepStatus, UnitKind};

macro_rules! codes {
    ($($(#[$meta:meta])* $name:ident, $back:ident: $word:ty { $($value:ident = $code:literal),+ $(,)? })+) => {
        $(
            $(#[$meta])*
            pub(crate) const fn $name(word: $word) -> i16 {
                match word { $(<$word>::$value => $code),+ }
            }

            /// Its word; `None` for a number that stands for none.
            pub const fn $back(code: i16) -> Option<$word> {
                match code { $($code => Some(<$word>::$value),)+ _ => None }
            }
        )+
    };
}

codes! {
    /// Of a run.
    outcome, outcome_of: Outcome { Pass = 0, Fail = 1, Error = 2, Timeout = 3, Aborted = 4, Skip = 5 }
    /// Of a unit: the greater wins.
    unit_kind, unit_kind_of: UnitKind { Production = 0, Reference = 1, Golden = 2 }
    /// Of a step.
    step_status, step_status_of: StepStatus { Pass = 0, Fail = 1, Error = 2, Skip = 3 }
    /// Of a comparison.
    cmp, cmp_of: Cmp { Eq = 0, Ne = 1, Lt = 2, Le = 3, Gt = 4, Ge = 5, Gele = 6, Gtlt = 7, Log = 8 }
    /// Of a measurement.
    check_outcome, check_outcome_of: CheckOutcome { Pass = 0, Fail = 1, Unset = 2 }
    /// Of a question about yield.
    definition, definition_of: Definition { FirstRun = 0, FirstAttemptOfDay = 1, Report = 2 }
    /// Of a finding.
    finding_kind, finding_kind_of: FindingKind { Diagnosis = 0, Error = 1, Symptom = 2, Defect = 3 }
    /// Of a finding.
    finding_outcome, finding_outcome_of: FindingOutcome { Pass = 0, Fail = 1, Unknown = 2 }
}

/// Why a run is in no figure; `None` for 0, that it may be in one.
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
