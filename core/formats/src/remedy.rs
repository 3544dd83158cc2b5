//! What to do about a warning or a reject, for the person who reads the receipt.

/// What to do about warnings of that code; none where it is not known.
#[must_use]
pub fn of_warning(code: &str) -> Option<&'static str> {
    Some(match code {
        "parameter_differs" => {
            "Drop the parameter, or correct the data. If the parameter was wrong, replay this upload with the right one."
        }
        "tz_assumed" => "Set the zone in the test program, such as 2026-03-01T08:00:00+08:00.",
        "replayed" => {
            "Correct what the station sends along. To go back to its reading, replay this upload."
        }
        "content_differs" => {
            "Nothing, where an upload was cut off before. Otherwise find out who writes two versions of the same run."
        }
        "nul_replaced" => "Correct the program that writes the text.",
        "operation_shared" => "Give each test an operation of its own.",
        "no_schema_version" => "Write the schemaVersion line first.",
        "run_without_start" => {
            "Send the whole stream, and void this run: the whole one counts as another."
        }
        "run_without_end" => {
            "Send the whole stream when there is one: it takes the place of this run."
        }
        "illegal_result" => "Correct the program: status and result have to fit each other.",
        "unknown_value" => "Correct the program: use a word that the specification has.",
        "sequence_gap" | "series_count" => "Something was lost on the way: send the whole stream.",
        "sequence_repeated" => "Correct the program: each artifact has a number of its own.",
        "step_without_start" => {
            "Send the whole stream, or correct the program: a step begins with testStepStart."
        }
        "step_without_end" => "Correct the program: a step ends with testStepEnd.",
        "step_repeated" => "Give each step an id of its own.",
        "series_without_start" => {
            "Correct the program: a series begins with measurementSeriesStart."
        }
        "series_without_end" => "Correct the program: a series ends with measurementSeriesEnd.",
        "series_element_late" => "Correct the program: the end of a series comes last.",
        "unknown_hardware" => "List the part in hardwareInfos.",
        "check_unset" => {
            "Correct the validator: its type, its limit or its pattern does not fit the value."
        }
        _ => return None,
    })
}

/// Pieces that a sentence has in this order, and what to do then. The first that fits
/// counts: what is said more exactly stands before.
const REJECTS: &[(&[&str], &str)] = &[
    (
        &["begins a run that is rejected: it does not say "],
        "Say it along with the file, mostly the serial number of the unit: replay this upload with that parameter.",
    ),
    (
        &["hardware infos have the part type "],
        "Several chassis are listed. Replay this upload with the serial number of the unit.",
    ),
    (
        &["begins a run that is rejected: neither its testRunStart nor its testRunEnd came"],
        "Send the whole stream.",
    ),
    (&["begins a run of schemaVersion "], "Write version 2 of the specification."),
    (&["is in the pre-2.0 dialect "], "Write version 2 of the specification."),
    (
        &["is not JSON: "],
        "Write one whole object on each line. With curl send by --data-binary, for -d joins the lines.",
    ),
    (&["is not a JSON object: "], OBJECTS),
    (&["is JSON, but not an object"], OBJECTS),
    (&["has something before the brace: "], OBJECTS),
    (&["is not UTF-8, at byte offset "], "Write the file as UTF-8."),
    (&["has no ", ", which is "], KIND),
    (&["has type ", ", which is neither "], KIND),
    (&["holds none of "], ARTIFACT),
    (&["holds more than one of "], ARTIFACT),
    (&["has no "], ARTIFACT),
    (&["belongs to no run: "], STREAM),
    (&["comes after the testRunEnd "], STREAM),
    (&["has sequenceNumber ", ", past the "], STREAM),
    (&["does not say "], "Write it as a field, or replay this upload with that parameter."),
    (&["unknown field "], FIELD),
    (&["missing field "], FIELD),
    (&["invalid type: "], FIELD),
    (&[" is missing"], NAMED),
    (&[" has both "], NAMED),
    (&[" has neither "], NAMED),
    (&[" is none of "], "Use one of the words that the sentence lists."),
    (&["is not an ISO 8601 time such as "], TIME),
    (&["names a day, an hour or an offset that does not exist"], TIME),
    (&["is not between the years 1970 and 9999"], TIME),
    (&[" bytes long, and ", " is the most that is kept"], "Shorten the text."),
];
const OBJECTS: &str =
    "Write nothing but objects into the stream: no log lines, nothing before the brace.";
const ARTIFACT: &str = "An artifact has a sequenceNumber, a timestamp and exactly one thing in it: correct the program.";
const KIND: &str = "Say what the line is: its type is run or repair.";
const STREAM: &str =
    "A run begins with schemaVersion and its end has the last number: send the whole stream.";
const FIELD: &str = "Correct the field that is named; the column says where on the line it is.";
const NAMED: &str = "Correct the field that is named.";
const TIME: &str = "Write times such as 2026-03-01T08:00:00+08:00.";

/// What to do about a reject that says `why`; none where nothing is known but the sentence.
///
/// ```
/// let why = "unknown field `opration`, expected one of `type`, `id` (column 52)";
/// assert!(formats::remedy::of_reject(why).unwrap().contains("column"));
/// assert_eq!(formats::remedy::of_reject("the dog ate it"), None);
/// ```
#[must_use]
pub fn of_reject(why: &str) -> Option<&'static str> {
    let fits = |pieces: &&[&str]| {
        pieces
            .iter()
            .try_fold(why, |rest, piece| rest.split_once(piece).map(|(_, after)| after))
            .is_some()
    };
    REJECTS.iter().find(|(pieces, _)| fits(pieces)).map(|(_, remedy)| *remedy)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_warning_of_a_format_has_a_remedy() {
        for code in crate::warning::ALL {
            assert!(of_warning(code).is_some(), "{code}");
        }
        assert_eq!(of_warning("made up"), None);
    }

    #[test]
    fn what_is_said_more_exactly_counts() {
        let serial = "begins a run that is rejected: it does not say which unit it is of";
        assert!(of_reject(serial).unwrap().contains("serial number"));
        assert_eq!(of_reject("has no `type`, which is `run` or `repair`"), Some(KIND));
        assert_eq!(of_reject("has no `timestamp`"), Some(ARTIFACT));
    }
}
