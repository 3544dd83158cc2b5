//! The parameters of an upload: they say what the data cannot.

use domain::{Timestamp, UnitKind, Zone};
use serde::{Deserialize, Serialize};

use crate::json::trimmed;
use crate::out::Warnings;
use crate::record::SHORT;
use crate::reject::EN;
use crate::warning;
use crate::wording::Quoted;

/// When a run began, and whether the zone was written there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moment {
    /// The moment.
    pub at: Timestamp,
    /// Whether the zone was written.
    pub zone: Zone,
}

impl Moment {
    /// Reads a time, as [`Timestamp::parse`] does.
    pub(crate) fn parse(text: &str) -> Result<Self, domain::TimeError> {
        Timestamp::parse(text).map(|(at, zone)| Self { at, zone })
    }
}

/// What is known of a run before anything was measured. The parameters of an
/// upload have this shape, and so has what a run says of itself.
///
/// A receipt keeps them as JSON, to parse the same bytes again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Params {
    /// Serial number of the unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// What the unit is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit_kind: Option<UnitKind>,
    /// Part number of the product.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub product: Option<String>,
    /// Revision of the product.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revision: Option<String>,
    /// The step of the route.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operation: Option<String>,
    /// Level of assembly.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level: Option<String>,
    /// Where it ran.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub station: Option<String>,
    /// In which fixture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fixture: Option<String>,
    /// In which slot of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub slot: Option<String>,
    /// Who stood by.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operator: Option<String>,
    /// Version of the test program.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub software: Option<String>,
    /// When it began.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub started_at: Option<Moment>,
}

/// A parameter that cannot be taken. Its text is a sentence.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the parameter {} {why}", Quoted(.parameter))]
pub struct ParamError {
    /// Which.
    pub parameter: String,
    /// Why not.
    pub why: String,
}

impl Params {
    /// Every parameter.
    pub const NAMES: &[&str] = &[
        "unit",
        "unit_kind",
        "product",
        "revision",
        "operation",
        "level",
        "station",
        "fixture",
        "slot",
        "operator",
        "software",
        "started_at",
    ];

    /// Sets one by its name in the query. A name that is not known, an empty
    /// value, one that is too long, a second value and one that cannot be read are refused.
    pub fn set(&mut self, name: &str, value: &str) -> Result<(), ParamError> {
        let refuse = |why: String| ParamError { parameter: name.to_owned(), why };
        let Some(value) = trimmed(Some(value.to_owned())) else {
            return Err(refuse(EN.parameter_empty().to_owned()));
        };
        if value.len() > SHORT {
            return Err(refuse(EN.parameter_too_long(value.len(), SHORT)));
        }
        let taken = match name {
            "unit_kind" => {
                let kind = value.parse().map_err(|error| refuse(EN.parameter_unreadable(error)))?;
                self.unit_kind.replace(kind).is_some()
            }
            "started_at" => {
                let at = Moment::parse(&value).map_err(|error| refuse(error.to_string()))?;
                self.started_at.replace(at).is_some()
            }
            _ => match self.texts().into_iter().find(|(known, _)| *known == name) {
                Some((_, slot)) => slot.replace(value).is_some(),
                None => {
                    let names = Self::NAMES.join(", ");
                    return Err(refuse(EN.parameter_unknown(names)));
                }
            },
        };
        if taken { Err(refuse(EN.parameter_twice().to_owned())) } else { Ok(()) }
    }

    /// These parameters over what a run says of itself: the parameter wins,
    /// and where both say something else a warning is kept.
    pub(crate) fn over(&self, mut said: Self, line: u64, warnings: &mut Warnings) -> Self {
        let mut differ = |name: &str, given: &str, said: &str| {
            let (given, said) = (Quoted(given), Quoted(said));
            let why = EN.warning_parameter_differs(name, given, said);
            warnings.add(line, warning::PARAMETER_DIFFERS, why);
        };
        let mut given = self.clone();
        for ((name, given), (_, said)) in given.texts().into_iter().zip(said.texts()) {
            *said = trimmed(said.take());
            let Some(given) = trimmed(given.take()) else { continue };
            if let Some(said) = said.as_deref().filter(|said| *said != given) {
                differ(name, &given, said);
            }
            *said = Some(given);
        }
        if let Some(given) = self.unit_kind {
            if let Some(said) = said.unit_kind.filter(|said| *said != given) {
                differ("unit_kind", given.as_str(), said.as_str());
            }
            said.unit_kind = Some(given);
        }
        if let Some(given) = self.started_at {
            if let Some(said) = said.started_at.filter(|said| said.at != given.at) {
                differ("started_at", &given.at.to_string(), &said.at.to_string());
            }
            said.started_at = Some(given);
        }
        said
    }

    /// Those that are text, by name.
    pub(crate) fn texts(&mut self) -> [(&'static str, &mut Option<String>); 10] {
        [
            ("unit", &mut self.unit),
            ("product", &mut self.product),
            ("revision", &mut self.revision),
            ("operation", &mut self.operation),
            ("level", &mut self.level),
            ("station", &mut self.station),
            ("fixture", &mut self.fixture),
            ("slot", &mut self.slot),
            ("operator", &mut self.operator),
            ("software", &mut self.software),
        ]
    }
}
