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
        "same_start" => "Nothing, if there were two runs. Otherwise void the wrong one.",
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
        "unusual_character" => {
            "Correct where the text comes from, mostly a bar code scanner or a copy from a document, and send the run under the right one; void this run."
        }
        "name_variant" => "Settle on one spelling; replay uploads that have the other.",
        "clock_unset" | "in_future" => {
            "Set the clock of the station. Replay this upload with the parameter started_at, or void the run."
        }
        "end_before_start" => {
            "Correct the clock, or the zone of one of the two times. The run has no duration."
        }
        "long_run" => "Correct the clock: one of the two times of the run is most likely wrong.",
        "number_rounded" => "Write it as a text, in quotation marks, where every digit matters.",
        "attribute_left_out" => "Keep names and values short. The rest of the run counts.",
        "unknown_action" => "Use one of the words that the sentence lists, where one fits.",
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
        &["the database cannot keep a value"],
        "Nothing at the station: tell whoever runs the server, and replay this upload when it is put right.",
    ),
    (&["is UTF-16"], "Write the file as UTF-8."),
    (&["is UTF-32"], "Write the file as UTF-8."),
    (&["is an HTML or XML file"], "Send the file of the test program, not a page that was saved."),
    (
        &["looks like a CSV file"],
        "Write one JSON object per run: see the formats of docs/ingest.md.",
    ),
    (&["is not JSON Lines: "], LINES),
    (
        &["is not JSON: the object does not end on its line"],
        "Write one whole object on each line. With curl send by --data-binary, for -d joins the lines.",
    ),
    (
        &["is not JSON: "],
        "Correct what the sentence names; the column says where on the line it is.",
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
    (&[" is ", ", and is to be "], FIELD),
    (
        &[", which is neither a text nor a whole number"],
        "Write the number in quotation marks, with all its digits.",
    ),
    (&[" is the number ", ", which is larger than can be kept"], FIELD),
    (&[" holds half of a pair of surrogates"], "Write the character itself, in UTF-8."),
    (&[" is there twice"], FIELD),
    (&[" is missing"], NAMED),
    (&[" has both "], NAMED),
    (&[" has neither "], NAMED),
    (&[" is none of "], "Use one of the words that the sentence lists."),
    (&["is not an ISO 8601 time such as "], TIME),
    (&["names a day, an hour or an offset that does not exist"], TIME),
    (&["is not between the years 1970 and 9999"], TIME),
    (&[" bytes long, and ", " is the most that is kept"], "Shorten the text."),
    (&[" attributes, and ", " is the most that is kept"], "Send fewer attributes."),
    (&[" has a name that is empty"], NAMED),
];
const OBJECTS: &str =
    "Write nothing but objects into the stream: no log lines, nothing before the brace.";
const LINES: &str = "Write one whole object on each line, without brackets around them and commas between: `jq -c .` and `jq -c '.[]'` do.";
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
