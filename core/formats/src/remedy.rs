//! What to do about a warning or a reject, for the person who reads the receipt.

use messages::Locale;

use crate::RejectCode;

/// What to do about warnings with that code; none where it is not known.
#[must_use]
pub fn of_warning(t: Locale, code: &str) -> Option<&'static str> {
    Some(match code {
        "parameter_differs" => t.remedy_parameter_differs(),
        "tz_assumed" => t.remedy_tz_assumed(),
        "replayed" => t.remedy_replayed(),
        "content_differs" => t.remedy_content_differs(),
        "same_start" => t.remedy_same_start(),
        "nul_replaced" => t.remedy_nul_replaced(),
        "operation_shared" => t.remedy_operation_shared(),
        "no_schema_version" => t.remedy_no_schema_version(),
        "run_without_start" => t.remedy_run_without_start(),
        "run_without_end" => t.remedy_run_without_end(),
        "illegal_result" => t.remedy_illegal_result(),
        "unknown_value" => t.remedy_unknown_value(),
        "sequence_gap" | "series_count" => t.remedy_lost(),
        "sequence_repeated" => t.remedy_sequence_repeated(),
        "step_without_start" => t.remedy_step_without_start(),
        "step_without_end" => t.remedy_step_without_end(),
        "step_repeated" => t.remedy_step_repeated(),
        "series_without_start" => t.remedy_series_without_start(),
        "series_without_end" => t.remedy_series_without_end(),
        "series_element_late" => t.remedy_series_element_late(),
        "unknown_hardware" => t.remedy_unknown_hardware(),
        "check_unset" => t.remedy_check_unset(),
        "unusual_character" => t.remedy_unusual_character(),
        "name_variant" => t.remedy_name_variant(),
        "clock_unset" | "in_future" => t.remedy_clock(),
        "early_start" => t.remedy_early_start(),
        "end_before_start" => t.remedy_end_before_start(),
        "long_run" => t.remedy_long_run(),
        "number_rounded" => t.remedy_number_rounded(),
        "attribute_left_out" => t.remedy_attribute_left_out(),
        "unknown_action" => t.remedy_unknown_action(),
        _ => return None,
    })
}

/// What to do about rejects with that code.
///
/// ```
/// use formats::{RejectCode, remedy};
/// let remedy = remedy::of_reject(messages::Locale::En, RejectCode::TooLong);
/// assert_eq!(remedy, "Shorten the text.");
/// ```
#[must_use]
pub fn of_reject(t: Locale, code: RejectCode) -> &'static str {
    match code {
        RejectCode::Encoding => t.remedy_utf8(),
        RejectCode::Document => t.remedy_html(),
        RejectCode::Binary => t.remedy_binary(),
        RejectCode::OtherFormat => t.remedy_other_format(),
        RejectCode::Csv => t.remedy_csv(),
        RejectCode::NotJsonLines => t.remedy_lines(),
        RejectCode::CutLine => t.remedy_cut(),
        RejectCode::Syntax => t.remedy_syntax(),
        RejectCode::NotObject => t.remedy_objects(),
        RejectCode::UnknownType => t.remedy_type(),
        RejectCode::UnknownField | RejectCode::InvalidField | RejectCode::NumberTooLarge => {
            t.remedy_field()
        }
        RejectCode::NumberAsIdentifier => t.remedy_identifier(),
        RejectCode::InvalidCharacter => t.remedy_characters(),
        RejectCode::MissingField => t.remedy_named_field(),
        RejectCode::UnknownWord => t.remedy_word(),
        RejectCode::InvalidTime => t.remedy_time(),
        RejectCode::TooLong => t.remedy_length(),
        RejectCode::TooManyAttributes => t.remedy_attributes(),
        RejectCode::IncompleteRun => t.remedy_required(),
        RejectCode::IncompleteStream => t.remedy_unit(),
        RejectCode::SeveralUnits => t.remedy_several_units(),
        RejectCode::NoRunFrame => t.remedy_whole_stream(),
        RejectCode::UnsupportedVersion => t.remedy_version(),
        RejectCode::InvalidArtifact => t.remedy_artifact(),
        RejectCode::OutsideRun => t.remedy_stream(),
        RejectCode::NotStorable => t.remedy_database(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_warning_of_a_format_has_a_remedy() {
        for code in crate::warning::ALL {
            assert!(of_warning(Locale::En, code).is_some(), "{code}");
        }
        assert_eq!(of_warning(Locale::En, "made up"), None);
    }
}
