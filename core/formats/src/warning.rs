//! The codes of warnings. They are API: a code is never given a new meaning.

use crate::reject::EN;

/// Declares the codes and the list of them.
macro_rules! codes {
    ($($(#[$meta:meta])* $name:ident = $code:literal;)+) => {
        $($(#[$meta])* pub const $name: &str = $code;)+

        /// Every code.
        pub const ALL: &[&str] = &[$($code),+];
    };
}

codes! {
    /// A parameter of the upload and the data say different things; the
    /// parameter counts.
    PARAMETER_DIFFERS = "parameter_differs";
    /// A time without a zone was read as UTC.
    TZ_ASSUMED = "tz_assumed";
    /// Text held U+0000, which the database cannot keep: U+FFFD stands in its place.
    NUL_REPLACED = "nul_replaced";
    /// Several test names were sent under one operation.
    OPERATION_SHARED = "operation_shared";
    /// The stream began without saying its version.
    NO_SCHEMA_VERSION = "no_schema_version";
    /// The start of a run never came: it counts as an error.
    RUN_WITHOUT_START = "run_without_start";
    /// The end of a run never came: it counts as an error.
    RUN_WITHOUT_END = "run_without_end";
    /// Status and result of a run contradict each other: it counts as an error.
    ILLEGAL_RESULT = "illegal_result";
    /// A word is none of those that the format has for it.
    UNKNOWN_VALUE = "unknown_value";
    /// Sequence numbers are missing: something was lost.
    SEQUENCE_GAP = "sequence_gap";
    /// A sequence number came more than once.
    SEQUENCE_REPEATED = "sequence_repeated";
    /// A step was used without having been started.
    STEP_WITHOUT_START = "step_without_start";
    /// A step of a run that ended did not end.
    STEP_WITHOUT_END = "step_without_end";
    /// A step was started again under the same id.
    STEP_REPEATED = "step_repeated";
    /// A series has another number of elements than its end counted.
    SERIES_COUNT = "series_count";
    /// Elements belong to a series that was never started.
    SERIES_WITHOUT_START = "series_without_start";
    /// A series of a run that ended did not end.
    SERIES_WITHOUT_END = "series_without_end";
    /// An element came after the end of its series; it is kept.
    SERIES_ELEMENT_LATE = "series_element_late";
    /// Something refers to hardware that the run did not list.
    UNKNOWN_HARDWARE = "unknown_hardware";
    /// A check could not be evaluated: its types do not match, its pattern does
    /// not compile, its limit is not there.
    CHECK_UNSET = "check_unset";
    /// An identifier holds a character that cannot be seen or looks like another.
    UNUSUAL_CHARACTER = "unusual_character";
    /// A name differs from another of the upload in case or blanks only.
    NAME_VARIANT = "name_variant";
    /// A time from before the clock of the station was set.
    CLOCK_UNSET = "clock_unset";
    /// A time more than a day ahead of the server's clock. Given by the server: a format
    /// has no clock.
    IN_FUTURE = "in_future";
    /// A run starts long before the partner was added, or long before all its other runs. Given
    /// by the server.
    EARLY_START = "early_start";
    /// A run, a step or a measurement ends before it starts.
    END_BEFORE_START = "end_before_start";
    /// A run ends more than thirty days after it starts.
    LONG_RUN = "long_run";
    /// A measured number has more digits than a double holds, or is nearer to zero than one.
    NUMBER_ROUNDED = "number_rounded";
    /// Attributes of a run were left out: too many, or too long.
    ATTRIBUTE_LEFT_OUT = "attribute_left_out";
    /// The action of a repair is none of the usual ones.
    UNKNOWN_ACTION = "unknown_action";
}

pub use crate::record::CLOCK_SET;

/// Whether a time is from a clock that was not set: [`CLOCK_UNSET`].
#[must_use]
pub fn is_clock_unset(at: domain::Timestamp) -> bool {
    at < CLOCK_SET
}

/// The sentence about a number of which digits are lost.
pub(crate) fn rounded(what: std::fmt::Arguments<'_>, kept: &domain::Scalar) -> String {
    let kept = match kept {
        domain::Scalar::Num(number) => format!("{number:e}"),
        _ => String::new(),
    };
    EN.warning_number_rounded(what, kept)
}
