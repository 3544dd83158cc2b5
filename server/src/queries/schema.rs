//! OpenAPI schemas of types of the core, which does not depend on OpenAPI.

use chrono::{DateTime, SecondsFormat, Utc};
use domain::yields::{Definition, Reason};
use domain::{Outcome, RunFlag, UnitKind};
use serde::Serializer;
use utoipa::openapi::schema::{Array, ObjectBuilder, Schema, SchemaType, Type};

/// A string enumeration.
fn words<W: ToString>(all: &[W]) -> ObjectBuilder {
    let words = all.iter().map(ToString::to_string);
    ObjectBuilder::new().schema_type(Type::String).enum_values(Some(words))
}

/// A nullable string enumeration.
fn optional_words<W: ToString>(all: &[W]) -> Schema {
    let words = all.iter().map(|word| serde_json::Value::from(word.to_string()));
    ObjectBuilder::new()
        .schema_type(SchemaType::from_iter([Type::String, Type::Null]))
        .enum_values(Some(words.chain([serde_json::Value::Null])))
        .into()
}

/// A definition of yield.
#[must_use]
pub fn definition() -> Schema {
    words(Definition::ALL).into()
}

/// The kind of a unit, or null.
#[must_use]
pub fn unit_kind() -> Schema {
    optional_words(UnitKind::ALL)
}

/// The kind of a unit in a request.
#[must_use]
pub fn chosen_unit_kind() -> Schema {
    words(UnitKind::ALL).into()
}

/// The outcome of a run, or null.
#[must_use]
pub fn outcome() -> Schema {
    optional_words(Outcome::ALL)
}

/// The anomaly flags of a run.
#[must_use]
pub fn flags() -> Schema {
    Array::new(words(RunFlag::ALL)).into()
}

/// The reasons why a unit is excluded from a figure.
#[must_use]
pub fn reasons() -> Schema {
    Array::new(words(Reason::ALL)).into()
}

/// Serializes a time as in all responses: RFC 3339 in UTC, with microseconds.
///
/// # Errors
/// Those of the serializer.
pub fn time<S: Serializer>(at: &DateTime<Utc>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&at.to_rfc3339_opts(SecondsFormat::Micros, true))
}

/// Like [`time`], null for none.
///
/// # Errors
/// Those of the serializer.
#[allow(clippy::ref_option)] // serde calls it with a reference to the field
pub fn optional_time<S: Serializer>(
    at: &Option<DateTime<Utc>>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match at {
        Some(at) => time(at, serializer),
        None => serializer.serialize_none(),
    }
}
