//! Firstpass JSON Lines: one run or one repair a line. The format that has a
//! field for everything that the model has; every other format maps onto the
//! same model.
//!
//! An unknown field is rejected by its name: in a format of our own a
//! misspelt field is a mistake of somebody who would want to know. `null` is
//! the same as absence. What the line lacks of `unit.serial`, `operation` and
//! `started_at` a parameter may supply.

mod repair;
mod run;
mod wire;
mod write;

use std::borrow::Cow;
use std::fmt::Display;

use domain::IngestRecord;
use messages::Locale;
use serde::Deserialize;

use crate::json::trimmed;
use crate::lines::{self, Bad, ByLine, LineFormat};
use crate::out::{Out, Warnings};
use crate::params::Moment;
use crate::parse::parse;
use crate::reject::{EN, time_error};
use crate::wording::Quoted;
use crate::{Format, Params, Reject, RejectCode, TooMuch, record};

pub use write::line;

const NAME: &str = "firstpass";

pub(crate) const FORMAT: Format = Format {
    name: NAME,
    about: Locale::format_firstpass,
    begin: |params, _, limits| Box::new(ByLine::new(FirstpassLines { params }, limits)),
    // No line knows of another; those that are not read for what came before are no border.
    border: |line| lines::is_whole_object(line) && lines::other_format(NAME, line).is_none(),
    owns: |object| {
        let kind = object.get("type").and_then(serde_json::Value::as_str);
        matches!(kind, Some("run" | "repair"))
    },
};

struct FirstpassLines {
    params: Params,
}

/// The field that says what a line is.
#[derive(Deserialize)]
struct Kind<'a> {
    #[serde(rename = "type", borrow, default)]
    kind: Option<Cow<'a, str>>,
}

impl FirstpassLines {
    fn read(&self, line: u64, text: &str, warnings: &mut Warnings) -> Result<IngestRecord, Reject> {
        let Kind { kind } = parse(text)?;
        let record = match kind.as_deref() {
            Some("run") => run::read(text, &self.params, line, warnings)?,
            Some("repair") => repair::read(text, &self.params, line, warnings)?,
            Some(kind) => {
                return Err(RejectCode::UnknownType.because(EN.run_unknown_type(Quoted(kind))));
            }
            None => return Err(RejectCode::UnknownType.because(EN.run_no_type())),
        };
        record::finish(record, line, warnings)
    }
}

impl LineFormat for FirstpassLines {
    fn name(&self) -> &'static str {
        NAME
    }

    fn object(&mut self, line: u64, text: &str, out: &mut Out<'_>) -> Result<(), TooMuch> {
        let mut warnings = Warnings::default();
        match self.read(line, text, &mut warnings) {
            Ok(record) => {
                warnings.tell(out);
                out.record(line, record)
            }
            Err(why) => {
                out.reject(line, why);
                Ok(())
            }
        }
    }

    fn bad(&mut self, line: u64, bad: Bad<'_>, out: &mut Out<'_>) {
        out.reject(line, bad.why);
    }

    fn end(&mut self, _: &mut Out<'_>) -> Result<(), TooMuch> {
        Ok(())
    }
}

/// A time in the field `name`, if there is one.
fn moment(name: impl Display, text: Option<&str>) -> Result<Option<Moment>, Reject> {
    let read = |text| {
        Moment::parse(text).map_err(|error| {
            RejectCode::InvalidTime.because(EN.field_time(&name, Quoted(text), time_error(error)))
        })
    };
    text.map(read).transpose()
}

/// A text that must be there and not be blank.
fn required(name: impl Display, text: Option<String>) -> Result<String, Reject> {
    trimmed(text).ok_or_else(|| missing(name))
}

fn missing(name: impl Display) -> Reject {
    RejectCode::MissingField.because(EN.field_missing(name))
}

#[cfg(test)]
mod tests;
