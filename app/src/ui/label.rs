//! Localized labels of domain terms.

use domain::yields::{Definition, Reason};
use domain::{Outcome, RunFlag, UnitKind};
use messages::Locale;

/// The outcome of a run.
pub(crate) fn outcome(t: Locale, outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Pass => t.outcome_pass(),
        Outcome::Fail => t.outcome_fail(),
        Outcome::Error => t.outcome_error(),
        Outcome::Timeout => t.outcome_timeout(),
        Outcome::Aborted => t.outcome_aborted(),
        Outcome::Skip => t.outcome_skip(),
    }
}

/// The type of a unit.
pub(crate) fn unit_kind(t: Locale, kind: UnitKind) -> &'static str {
    match kind {
        UnitKind::Production => t.unit_kind_production(),
        UnitKind::Golden => t.unit_kind_golden(),
        UnitKind::Reference => t.unit_kind_reference(),
    }
}

/// A flag of a run.
pub(crate) fn flag(t: Locale, flag: RunFlag) -> &'static str {
    match flag {
        RunFlag::DataLoss => t.flag_data_loss(),
        RunFlag::TzAssumed => t.flag_tz_assumed(),
        RunFlag::PassWithFailure => t.flag_pass_with_failure(),
        RunFlag::Truncated => t.flag_truncated(),
        RunFlag::NoStart => t.flag_no_start(),
        RunFlag::IllegalResult => t.flag_illegal_result(),
        RunFlag::Future => t.flag_future(),
    }
}

/// A count with the noun that the definition counts: units, unit-days or runs.
pub(crate) fn counted(t: Locale, definition: Definition, n: u64) -> String {
    match definition {
        Definition::FirstRun => t.count_units(n),
        Definition::FirstAttemptOfDay => t.count_unit_days(n),
        Definition::Report => t.count_runs(n),
    }
}

/// The same over several operations, in each of which a unit may be counted.
pub(crate) fn attempts(t: Locale, definition: Definition, n: u64) -> String {
    match definition {
        Definition::FirstRun => t.count_first_runs(n),
        Definition::FirstAttemptOfDay => t.count_first_attempts(n),
        Definition::Report => t.count_runs(n),
    }
}

/// The noun of a count of exclusions for that reason.
pub(crate) fn reason(t: Locale, reason: Reason) -> &'static str {
    match reason {
        Reason::Golden => t.reason_golden(),
        Reason::Reference => t.reason_reference(),
        Reason::Voided => t.reason_voided(),
        Reason::Future => t.reason_future(),
        Reason::Skipped => t.reason_skipped(),
        Reason::Aborted => t.reason_aborted(),
        Reason::FirstRunBeforeWindow => t.reason_before_window(),
        Reason::FirstRunElsewhere => t.reason_elsewhere(),
    }
}

/// The name of a definition.
pub(crate) fn definition(t: Locale, definition: Definition) -> &'static str {
    match definition {
        Definition::FirstRun => t.definition_first_run(),
        Definition::FirstAttemptOfDay => t.definition_first_attempt(),
        Definition::Report => t.definition_report(),
    }
}

/// What a definition counts, in a sentence.
pub(crate) fn definition_meaning(t: Locale, definition: Definition) -> &'static str {
    match definition {
        Definition::FirstRun => t.definition_first_run_meaning(),
        Definition::FirstAttemptOfDay => t.definition_first_attempt_meaning(),
        Definition::Report => t.definition_report_meaning(),
    }
}

/// A period of days, or all days.
pub(crate) fn period(t: Locale, days: Option<u16>) -> String {
    match days {
        Some(days) => t.period_days(u64::from(days)),
        None => t.period_all().to_owned(),
    }
}
