//! Why something is rejected: a code, which is API, and a sentence.

use domain::TimeError;
use messages::Locale;

/// The language of the sentences: they are stored with the receipt and answered by the API.
pub(crate) const EN: Locale = Locale::En;

/// Why a text is no time, without its subject.
pub(crate) fn time_error(error: TimeError) -> &'static str {
    match error {
        TimeError::Form => EN.time_form(),
        TimeError::Fraction => EN.time_fraction(),
        TimeError::NoSuchMoment => EN.time_no_such_moment(),
        TimeError::Range => EN.time_range(),
    }
}

/// A line, or a run by its first line, that is not stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reject {
    /// What is wrong.
    pub code: RejectCode,
    /// A sentence whose subject is the line.
    pub why: String,
}

/// Declares the codes, their names and the list of them.
macro_rules! codes {
    ($($(#[$meta:meta])* $code:ident = $name:literal,)+) => {
        /// What is wrong with a line or a run. A code is never given a new meaning.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum RejectCode {
            $($(#[$meta])* $code,)+
        }

        impl RejectCode {
            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$code),+];

            /// Its name in the API and in the database.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$code => $name,)+
                }
            }
        }
    };
}

codes! {
    /// The file, or a line, is in another encoding than UTF-8.
    Encoding = "encoding",
    /// The file is an HTML or XML document.
    Document = "document",
    /// The file is an image, an archive or another file of bytes.
    Binary = "binary",
    /// The file is in another of the formats.
    OtherFormat = "other_format",
    /// The file is a table.
    Csv = "csv",
    /// Objects are not one to a line.
    NotJsonLines = "not_json_lines",
    /// The object does not end on its line.
    CutLine = "cut_line",
    /// The line is not JSON.
    Syntax = "syntax",
    /// The line is not an object.
    NotObject = "not_object",
    /// The line is neither a run nor a repair.
    UnknownType = "unknown_type",
    /// A field that the format does not have.
    UnknownField = "unknown_field",
    /// A field that holds another type, or is given twice.
    InvalidField = "invalid_field",
    /// A number where a string or a whole number identifies something.
    NumberAsIdentifier = "number_as_identifier",
    /// A number that is larger than a double.
    NumberTooLarge = "number_too_large",
    /// A text that is no text: half of a surrogate pair.
    InvalidCharacter = "invalid_character",
    /// A required field that is missing, or two that exclude each other.
    MissingField = "missing_field",
    /// A word that is not in the list of a field.
    UnknownWord = "unknown_word",
    /// A text that is no time.
    InvalidTime = "invalid_time",
    /// A text that is too long.
    TooLong = "too_long",
    /// More attributes than a run may have.
    TooManyAttributes = "too_many_attributes",
    /// A line without unit, operation or start, which no parameter gives either.
    IncompleteRun = "incomplete_run",
    /// A stream without unit, operation or start, which no parameter gives either.
    IncompleteStream = "incomplete_stream",
    /// Several serial numbers that could be that of the unit.
    SeveralUnits = "several_units",
    /// A run without the artifacts that begin and end it.
    NoRunFrame = "no_run_frame",
    /// Another version of the specification.
    UnsupportedVersion = "unsupported_version",
    /// A line that is no artifact, or holds more than one.
    InvalidArtifact = "invalid_artifact",
    /// An artifact outside of every run.
    OutsideRun = "outside_run",
    /// The database cannot store a value.
    NotStorable = "not_storable",
}

impl RejectCode {
    /// The reject with this code.
    pub fn because(self, why: impl Into<String>) -> Reject {
        Reject { code: self, why: why.into() }
    }

    /// The code of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.as_str() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_one_name_and_no_warning_has_it() {
        for code in RejectCode::ALL {
            assert_eq!(RejectCode::from_name(code.as_str()), Some(*code));
            assert!(!crate::warning::ALL.contains(&code.as_str()), "{code:?}");
        }
        assert_eq!(RejectCode::from_name("made up"), None);
    }
}
