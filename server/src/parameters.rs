//! The query parameters of the API: name, schema and description of each, in groups.
//!
//! A route lists its groups (`router.rs`). Unknown names are refused by that list, and the
//! OpenAPI document describes the same list.

use domain::dimension::{ANY_ATTRIBUTE, FILTER_PARAMETERS};
use domain::frame::Column;
use domain::yields::{Aborted, Definition};
use engine::proportion::Method;
use serde_json::{Value, json};

/// A query parameter.
#[derive(Debug, Clone, Copy)]
pub struct Parameter {
    /// Its name.
    pub name: &'static str,
    /// Its type.
    pub shape: Shape,
    /// Its description.
    pub description: &'static str,
}

/// The type of a parameter.
#[derive(Debug, Clone, Copy)]
pub enum Shape {
    /// A text, at most once.
    Text,
    /// A text, which may be repeated.
    Texts,
    /// Values of free attributes, each a parameter `attr.NAME`.
    Attributes,
    /// A local date of the site, or a time with a zone.
    Bound,
    /// A time.
    Time,
    /// A number.
    Number,
    /// An integer.
    Whole {
        /// The minimum.
        least: u32,
        /// The maximum.
        most: u32,
        /// The default.
        default: u32,
    },
    /// One value of an enumeration.
    Word(fn() -> Vec<String>),
    /// Comma-separated values of an enumeration.
    Words(fn() -> Vec<String>),
}

/// A group of parameters.
#[derive(Debug, Clone, Copy)]
pub enum Group {
    /// The filters, from the registry of dimensions.
    Filters,
    /// Other parameters of the API.
    Described(&'static [Parameter]),
    /// Parameters of pages and forms, which the OpenAPI document does not describe.
    Names(&'static [&'static str]),
}

impl Group {
    /// The names of its parameters.
    #[must_use]
    pub fn names(self) -> Vec<&'static str> {
        match self {
            Self::Filters => FILTER_PARAMETERS.to_vec(),
            Self::Described(parameters) => parameters.iter().map(|it| it.name).collect(),
            Self::Names(names) => names.to_vec(),
        }
    }

    /// Its described parameters.
    #[must_use]
    pub fn described(self) -> Vec<Parameter> {
        match self {
            Self::Filters => FILTER_PARAMETERS.iter().map(|name| filter(name)).collect(),
            Self::Described(parameters) => parameters.to_vec(),
            Self::Names(_) => Vec::new(),
        }
    }
}

/// A filter of the registry.
fn filter(name: &'static str) -> Parameter {
    match name {
        ANY_ATTRIBUTE => Parameter::new(
            "attributes",
            Shape::Attributes,
            "Runs with these values of free attributes: attr.NAME=VALUE.",
        ),
        name => Parameter::new(
            name,
            Shape::Texts,
            "Runs with one of these values; an empty value for runs without one.",
        ),
    }
}

impl Parameter {
    const fn new(name: &'static str, shape: Shape, description: &'static str) -> Self {
        Self { name, shape, description }
    }

    /// Describes the parameter for the OpenAPI document.
    #[must_use]
    pub fn document(&self) -> Value {
        let mut document = json!({
            "name": self.name,
            "in": "query",
            "description": self.description,
            "schema": self.shape.schema(),
        });
        if matches!(self.shape, Shape::Attributes) {
            document["style"] = json!("form");
            document["explode"] = json!(true);
        }
        if matches!(self.shape, Shape::Words(_)) {
            document["style"] = json!("form");
            document["explode"] = json!(false);
        }
        document
    }
}

impl Shape {
    fn schema(self) -> Value {
        match self {
            Self::Text => json!({ "type": "string" }),
            Self::Texts => json!({ "type": "array", "items": { "type": "string" } }),
            Self::Attributes => json!({
                "type": "object",
                "propertyNames": { "pattern": "^attr\\..+$" },
                "additionalProperties": { "type": "string" },
            }),
            Self::Bound => json!({
                "anyOf": [
                    { "type": "string", "format": "date" },
                    { "type": "string", "format": "date-time" },
                ],
            }),
            Self::Number => json!({ "type": "number" }),
            Self::Time => json!({ "type": "string" }),
            Self::Whole { least, most, default } => json!({
                "type": "integer", "minimum": least, "maximum": most, "default": default,
            }),
            Self::Word(words) => json!({ "type": "string", "enum": words() }),
            Self::Words(words) => {
                json!({ "type": "array", "items": { "type": "string", "enum": words() } })
            }
        }
    }
}

fn texts<W: ToString>(words: impl IntoIterator<Item = W>) -> Vec<String> {
    words.into_iter().map(|word| word.to_string()).collect()
}

/// The filters of every yield query.
pub const FILTERS: Group = Group::Filters;

/// The window of every yield query.
pub const WINDOW: Group = Group::Described(&[
    Parameter::new(
        "from",
        Shape::Bound,
        "Runs that started at or after it: a date of the site, or a time with a zone.",
    ),
    Parameter::new("to", Shape::Bound, "Runs that started before it."),
]);

/// The counting rules.
pub const COUNTING: Group = Group::Described(&[
    Parameter::new(
        "definition",
        Shape::Word(|| texts(Definition::ALL)),
        "The definition of yield; first-run if it is not given.",
    ),
    Parameter::new("aborted", Shape::Word(|| texts(Aborted::ALL)), "Whether aborted runs count."),
    Parameter::new(
        "interval",
        Shape::Word(|| texts(Method::ALL)),
        "The method of confidence intervals.",
    ),
]);

/// A page of a list.
pub const PAGE: Group = Group::Described(&[
    Parameter::new(
        "limit",
        Shape::Whole { least: 1, most: 1000, default: 100 },
        "Items of a page.",
    ),
    Parameter::new("cursor", Shape::Text, "The `next` of the page before."),
]);

/// The serial number of a unit that no path can hold.
pub const SERIAL: Group = Group::Described(&[Parameter::new(
    "serial",
    Shape::Text,
    "The serial number, where the path says `_` because no path can hold it.",
)]);

/// The grouping of a response.
pub const GROUP_BY: Group = Group::Described(&[Parameter::new(
    "group_by",
    Shape::Text,
    "One or two dimensions with a comma between them: a filter other than code, tenant, hour, day, week or month.",
)]);

/// Comparison, format and length of a yield response.
pub const YIELD: Group = Group::Described(&[
    Parameter::new(
        "compare",
        Shape::Word(|| texts(["previous"])),
        "Adds the figures of the equally long period before.",
    ),
    Parameter::new(
        "format",
        Shape::Word(|| texts(["json", "csv"])),
        "JSON, or a table for spreadsheets.",
    ),
    Parameter::new(
        "limit",
        Shape::Whole { least: 1, most: 10_000, default: 10_000 },
        "Groups of the answer.",
    ),
]);

/// The rows of a Pareto response.
pub const PARETO: Group = Group::Described(&[
    Parameter::new("by", Shape::Word(|| texts(["code", "step", "component"])), "What a row is."),
    Parameter::new(
        "limit",
        Shape::Whole { least: 1, most: 10_000, default: 1000 },
        "Rows of the answer.",
    ),
]);

/// Which failing episodes repairs are counted for, beside the filters.
pub const REPAIRS: Group = Group::Described(&[
    Parameter::new(
        "parameter",
        Shape::Text,
        "Episodes whose first failure failed in this parameter: `operation / step / name [unit]`.",
    ),
    Parameter::new(
        "limit",
        Shape::Whole { least: 1, most: 1000, default: 100 },
        "Rows of the answer.",
    ),
]);

/// Which units an explanation lists.
pub const EXPLAIN: Group = Group::Described(&[Parameter::new(
    "units",
    Shape::Word(|| texts(["in", "out"])),
    "Units that are counted, or units with runs that are not.",
)]);

/// A search for units.
pub const UNITS: Group = Group::Described(&[Parameter::new(
    "q",
    Shape::Text,
    "A part of the serial number, in any case.",
)]);

/// The contents of a frame of runs.
pub const FRAME: Group = Group::Described(&[
    Parameter::new("columns", Shape::Words(|| texts(Column::ALL)), "These columns alone."),
    Parameter::new("attribute", Shape::Text, "The name of an attribute whose values are added."),
    Parameter::new(
        "measurement",
        Shape::Text,
        "The name of a measurement whose values are added: `operation / step / name [unit]`.",
    ),
]);

/// The values of a measured parameter.
pub const VALUES: Group = Group::Described(&[
    Parameter::new("parameter", Shape::Text, "The parameter: `operation / step / name [unit]`."),
    Parameter::new("runs", Shape::Text, "Which runs of a unit give values."),
    Parameter::new("low", Shape::Number, "The lower limit, instead of the one of the data."),
    Parameter::new("high", Shape::Number, "The upper limit, instead of the one of the data."),
    Parameter::new("target", Shape::Number, "The target, for Cpm."),
]);

/// Subgroups of values, and the estimate of sigma.
pub const SUBGROUPS: Group = Group::Described(&[
    Parameter::new("subgroup", Shape::Text, "Values of a subgroup."),
    Parameter::new(
        "sigma",
        Shape::Word(|| texts(["mr", "rbar", "sbar", "pooled"])),
        "How sigma is estimated.",
    ),
    Parameter::new(
        "constants",
        Shape::Word(|| texts(["exact", "published"])),
        "Constants of control charts: exact, or as tables publish them.",
    ),
]);

/// The input of a changepoint analysis.
pub const CHANGEPOINTS: Group = Group::Described(&[
    Parameter::new(
        "figure",
        Shape::Text,
        "A figure instead of a parameter: `yield` or `failures:CODE`.",
    ),
    Parameter::new("group_by", Shape::Text, "The periods or groups of a figure."),
]);

/// A commonality analysis of failing runs.
pub const COMMONALITY: Group = Group::Described(&[
    Parameter::new("failing", Shape::Text, "`any`, `code:CODE` or `parameter:PARAMETER`."),
    Parameter::new("dimensions", Shape::Text, "Dimensions with commas between them."),
    Parameter::new("minimum", Shape::Text, "The fewest runs of a value."),
    Parameter::new(
        "side",
        Shape::Word(|| texts(["greater", "less"])),
        "Values that fail more often, or less often.",
    ),
    Parameter::new("limit", Shape::Text, "Rows of the answer."),
]);

/// The dimension of a comparison of groups of values.
pub const COMPARE: Group = Group::Described(&[Parameter::new(
    "by",
    Shape::Text,
    "The dimension whose values are compared.",
)]);

/// A control chart.
pub const CONTROL_CHART: Group = Group::Described(&[
    Parameter::new(
        "figure",
        Shape::Text,
        "A figure instead of a parameter: `yield`, `defects` or `retests`.",
    ),
    Parameter::new("group_by", Shape::Text, "The periods or groups of a figure."),
    Parameter::new("chart", Shape::Text, "The kind of the chart."),
    Parameter::new("lambda", Shape::Number, "The weight of an EWMA chart."),
    Parameter::new("width", Shape::Number, "The width of the limits of an EWMA chart, in sigma."),
    Parameter::new("k", Shape::Number, "The reference value of a CUSUM chart, in sigma."),
    Parameter::new("h", Shape::Number, "The decision interval of a CUSUM chart, in sigma."),
    Parameter::new("phases", Shape::Text, "Where phases begin."),
    Parameter::new("freeze", Shape::Text, "The period that gives the limits: `FROM..TO`."),
    Parameter::new("rules", Shape::Text, "Rules of runs with commas between them."),
]);

/// The list of change events.
pub const EVENTS: Group =
    Group::Described(&[Parameter::new("limit", Shape::Text, "Events of the answer.")]);

/// The data of a gage study.
pub const GAGE_DATA: Group = Group::Described(&[Parameter::new(
    "parameter",
    Shape::Text,
    "The parameter: `operation / step / name [unit]`.",
)]);

/// A gage study.
pub const GAGE: Group = Group::Described(&[
    Parameter::new("low", Shape::Number, "The lower limit."),
    Parameter::new("high", Shape::Number, "The upper limit."),
    Parameter::new("guard", Shape::Text, "The guard band."),
    Parameter::new("pooling", Shape::Text, "When the interaction is pooled."),
]);

/// The order and a search of measurements.
pub const MEASUREMENTS: Group = Group::Described(&[
    Parameter::new("sort", Shape::Word(|| texts(["ppk_low", "outside", "name"])), "The order."),
    Parameter::new("q", Shape::Text, "A part of the name."),
]);

/// Values of an upload for fields missing from the files.
pub const UPLOAD: Group = Group::Described(&[
    Parameter::new("unit", Shape::Text, "The serial number of the unit."),
    Parameter::new(
        "unit_kind",
        Shape::Word(|| texts(domain::UnitKind::ALL)),
        "The kind of the unit.",
    ),
    Parameter::new("product", Shape::Text, "The product."),
    Parameter::new("revision", Shape::Text, "The revision of the product."),
    Parameter::new("operation", Shape::Text, "The operation."),
    Parameter::new("level", Shape::Text, "The level of the build, such as L10."),
    Parameter::new("station", Shape::Text, "The station."),
    Parameter::new("fixture", Shape::Text, "The fixture."),
    Parameter::new("slot", Shape::Text, "The slot of the fixture."),
    Parameter::new("operator", Shape::Text, "The operator."),
    Parameter::new("software", Shape::Text, "The version of the test software."),
    Parameter::new(
        "started_at",
        Shape::Time,
        "When the run started: RFC 3339, in the site's zone where it names none.",
    ),
]);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_parameter_of_an_upload_is_described_and_no_other() {
        let (mut described, mut there) = (UPLOAD.names(), formats::Params::NAMES.to_vec());
        described.sort_unstable();
        there.sort_unstable();
        assert_eq!(described, there);
    }
}
