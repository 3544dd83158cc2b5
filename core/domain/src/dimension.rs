//! Dimensions by which runs are filtered and grouped.
//!
//! The registry has one entry per dimension. Query parameters, `group_by`, the columns of a frame,
//! the charts of Explore and the labels of pages derive from it. In SQL, `run_matches` and
//! `run_key` (in `migrations/`) use the same ids; a test compares them.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;
use std::sync::LazyLock;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::UnknownWord;
use crate::frame::Column;
use crate::words::words;
use crate::yields::Period;

/// The source of a dimension's values, which determines how many values a run has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A column of `run`: one value, or none.
    Run,
    /// The failure code: a filter only; grouping by code is the Pareto chart.
    Code,
    /// A column of `component`: many-valued. A run belongs to every distinct value that occurs in
    /// it, so groups overlap.
    Component,
    /// The start of the run in site time: a grouping; the window is the filter.
    Period(Period),
    /// The tenant of the run: a grouping, where the runs of several tenants are counted.
    Tenant,
}

/// A dimension of the registry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The dimension.
    pub field: Field,
    /// The source of its values.
    pub kind: Kind,
    /// Its label on pages.
    pub label: &'static str,
    /// The preposition before its values in a sentence that begins with "Runs".
    pub phrase: &'static str,
    /// The column of its table in the database; empty where values are computed.
    pub sql: &'static str,
    /// Its column in a frame.
    pub frame: Option<Column>,
    /// Whether Explore has a chart of it.
    pub explored: bool,
    /// The id of the dimension in precomputed yield cells; 0 where every cell has the value.
    pub cells: Option<i16>,
}

macro_rules! dimensions {
    ($($field:ident = $id:literal, $kind:expr, $label:literal, $phrase:literal, $sql:literal, $frame:expr, $explored:literal, $cells:expr;)+) => {
        words! {
            /// A dimension of the registry. Attributes of runs are not in it.
            pub enum Field {
                $(#[doc = $label] $field = $id),+
            }
        }

        /// Every dimension but the attributes. Explore has its charts in this order.
        pub const REGISTRY: [Entry; Field::ALL.len()] = [$(Entry {
            field: Field::$field,
            kind: $kind,
            label: $label,
            phrase: $phrase,
            sql: $sql,
            frame: $frame,
            explored: $explored,
            cells: $cells,
        }),+];
    };
}

#[rustfmt::skip]
mod registry {
    use super::*;

    // id, kind, label, phrase, SQL column, frame column, explored, cells
    dimensions! {
        Operation     = "operation",      Kind::Run,                   "Operation",      "in",            "operation", Some(Column::Operation), true,  Some(0);
        Station       = "station",        Kind::Run,                   "Station",        "at",            "station",   Some(Column::Station),   true,  Some(4);
        Product       = "product",        Kind::Run,                   "Product",        "of",            "product",   Some(Column::Product),   true,  Some(1);
        Revision      = "revision",       Kind::Run,                   "Revision",       "of revision",   "revision",  Some(Column::Revision),  false, None;
        Level         = "level",          Kind::Run,                   "Level",          "of level",      "level",     Some(Column::Level),     false, None;
        Fixture       = "fixture",        Kind::Run,                   "Fixture",        "on fixture",    "fixture",   Some(Column::Fixture),   true,  None;
        Slot          = "slot",           Kind::Run,                   "Slot",           "in slot",       "slot",      Some(Column::Slot),      false, None;
        Operator      = "operator",       Kind::Run,                   "Operator",       "by operator",   "operator",  Some(Column::Operator),  false, None;
        Software      = "software",       Kind::Run,                   "Software",       "with software", "software",  Some(Column::Software),  true,  None;
        Code          = "code",           Kind::Code,                  "Code",           "with code",     "code",      Some(Column::Code),      true,  None;
        ComponentPart = "component_part", Kind::Component,             "Component part", "with part",     "part",      None,                    false, None;
        ComponentLot  = "component_lot",  Kind::Component,             "Component lot",  "with lot",      "lot",       None,                    false, None;
        Tenant        = "tenant",         Kind::Tenant,                "Partner",        "of partner",    "",          None,                    false, Some(0);
        Hour          = "hour",           Kind::Period(Period::Hour),  "Hour",           "in hour",       "",          None,                    false, None;
        Day           = "day",            Kind::Period(Period::Day),   "Day",            "on",            "day",       Some(Column::Day),       false, Some(0);
        Week          = "week",           Kind::Period(Period::Week),  "Week",           "in",            "",          None,                    false, Some(0);
        Month         = "month",          Kind::Period(Period::Month), "Month",          "in",            "",          None,                    false, Some(0);
    }
}
pub use registry::{Field, REGISTRY};

impl Field {
    /// The registry entry of the dimension.
    #[must_use]
    pub const fn entry(self) -> &'static Entry {
        &REGISTRY[self as usize]
    }
}

impl Entry {
    /// Whether runs can be filtered by it.
    #[must_use]
    pub const fn is_filter(&self) -> bool {
        matches!(self.kind, Kind::Run | Kind::Code | Kind::Component)
    }

    /// Whether results can be grouped by it.
    #[must_use]
    pub const fn is_group(&self) -> bool {
        !matches!(self.kind, Kind::Code)
    }

    /// Whether it is a categorical column of a frame.
    const fn is_word(&self) -> bool {
        self.frame.is_some() && !matches!(self.kind, Kind::Period(_))
    }
}

/// The number of dimensions with a categorical column in a frame.
pub(crate) const FRAMED: usize = {
    let (mut at, mut count) = (0, 0);
    while at < REGISTRY.len() {
        count += REGISTRY[at].is_word() as usize;
        at += 1;
    }
    count
};

/// The number of these with a chart in Explore.
pub const EXPLORE_COLUMN_COUNT: usize = {
    let (mut at, mut count) = (0, 0);
    while at < REGISTRY.len() {
        count += (REGISTRY[at].is_word() && REGISTRY[at].explored) as usize;
        at += 1;
    }
    count
};

/// The categorical columns of a frame, `N` of them: those with a chart in Explore, or all.
pub(crate) const fn columns<const N: usize>(explored: bool) -> [Column; N] {
    let mut columns = [Column::Operation; N];
    let (mut at, mut count) = (0, 0);
    while at < REGISTRY.len() {
        let entry = &REGISTRY[at];
        if let Some(column) = entry.frame
            && entry.is_word()
            && (entry.explored || !explored)
        {
            columns[count] = column;
            count += 1;
        }
        at += 1;
    }
    columns
}

const FILTER_COUNT: usize = {
    let (mut at, mut count) = (0, 0);
    while at < REGISTRY.len() {
        count += REGISTRY[at].is_filter() as usize;
        at += 1;
    }
    count
};

/// The query parameters that filter runs, with [`ANY_ATTRIBUTE`] for all attributes.
pub const FILTER_PARAMETERS: [&str; FILTER_COUNT + 1] = {
    let mut names = [ANY_ATTRIBUTE; FILTER_COUNT + 1];
    let (mut at, mut count) = (0, 0);
    while at < REGISTRY.len() {
        if REGISTRY[at].is_filter() {
            names[count] = REGISTRY[at].field.as_str();
            count += 1;
        }
        at += 1;
    }
    names
};

/// The placeholder for any attribute in documents and parameter lists.
pub const ANY_ATTRIBUTE: &str = "attr.<name>";

/// The categorical columns with a chart in Explore, in the order of the page.
pub const EXPLORE_COLUMNS: [Column; EXPLORE_COLUMN_COUNT] = columns(true);

/// The name of a free attribute of a run: 1 to [`AttributeName::MAX_BYTES`] bytes without NUL.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AttributeName(String);

impl AttributeName {
    /// The maximum length of a name in bytes.
    pub const MAX_BYTES: usize = 64;

    /// Parses a name; `None` if the text is not a valid name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        let fits = (1..=Self::MAX_BYTES).contains(&name.len()) && !name.contains('\0');
        fits.then(|| Self(name.to_owned()))
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A dimension by which runs are filtered and grouped.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Dimension {
    /// A dimension of the registry.
    Field(Field),
    /// A free attribute of runs, written `attr.<name>`.
    Attribute(AttributeName),
}

/// The prefix of an attribute's name.
const ATTRIBUTE: &str = "attr.";

/// The values of `group_by`.
static GROUPS: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let groups = REGISTRY.iter().filter(|entry| entry.is_group());
    groups.map(|entry| entry.field.as_str()).chain([ANY_ATTRIBUTE, "shift", "lot"]).collect()
});

impl Dimension {
    /// Parses a grouping; `shift` is an alias of `attr.shift`, and `lot` of `component_lot`.
    ///
    /// # Errors
    /// For an unknown word; the error lists the known ones.
    ///
    /// ```
    /// use domain::dimension::{Dimension, Field};
    /// assert_eq!(Dimension::parse_group("lot"), Ok(Dimension::Field(Field::ComponentLot)));
    /// assert_eq!(Dimension::parse_group("shift").unwrap().to_string(), "attr.shift");
    /// assert!(Dimension::parse_group("code").is_err());
    /// ```
    pub fn parse_group(word: &str) -> Result<Self, UnknownWord> {
        let full = match word {
            "shift" => "attr.shift",
            "lot" => "component_lot",
            word => word,
        };
        let known = full.parse::<Self>().ok().filter(|it| it.entry().is_none_or(Entry::is_group));
        known.ok_or_else(|| UnknownWord::new(word, &GROUPS))
    }

    /// The dimension that a query parameter filters by; `None` for any other parameter.
    #[must_use]
    pub fn parse_filter(name: &str) -> Option<Self> {
        name.parse::<Self>().ok().filter(|it| it.entry().is_none_or(Entry::is_filter))
    }

    /// The registry entry of the dimension; `None` for attributes.
    #[must_use]
    pub const fn entry(&self) -> Option<&'static Entry> {
        match self {
            Self::Field(field) => Some(field.entry()),
            Self::Attribute(_) => None,
        }
    }

    /// The period, if it is a time dimension.
    #[must_use]
    pub const fn period(&self) -> Option<Period> {
        match self.entry() {
            Some(Entry { kind: Kind::Period(period), .. }) => Some(*period),
            _ => None,
        }
    }

    /// The id of the dimension in precomputed yield cells; 0 where every cell has the value.
    #[must_use]
    pub const fn cells(&self) -> Option<i16> {
        match self.entry() {
            Some(entry) => entry.cells,
            None => None,
        }
    }
}

impl From<Field> for Dimension {
    fn from(field: Field) -> Self {
        Self::Field(field)
    }
}

impl From<AttributeName> for Dimension {
    fn from(name: AttributeName) -> Self {
        Self::Attribute(name)
    }
}

impl fmt::Display for Dimension {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Field(field) => field.fmt(f),
            Self::Attribute(name) => write!(f, "{ATTRIBUTE}{}", name.0),
        }
    }
}

impl FromStr for Dimension {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        match text.strip_prefix(ATTRIBUTE).and_then(AttributeName::parse) {
            Some(name) => Ok(Self::Attribute(name)),
            None => text.parse().map(Self::Field),
        }
    }
}

impl Serialize for Dimension {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Dimension {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

/// The accepted values by dimension. A dimension without values accepts all. The empty value
/// matches runs without a value.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Filters(BTreeMap<Dimension, Vec<String>>);

impl Filters {
    /// Adds an accepted value of a dimension.
    pub fn add(&mut self, dimension: impl Into<Dimension>, value: String) {
        self.0.entry(dimension.into()).or_default().push(value);
    }

    /// The accepted values of a dimension; empty: all.
    #[must_use]
    pub fn get(&self, dimension: impl Into<Dimension>) -> &[String] {
        self.0.get(&dimension.into()).map(Vec::as_slice).unwrap_or_default()
    }

    /// Whether all runs are accepted.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Each filtered dimension, in order, with at least one value.
    pub fn iter(&self) -> impl Iterator<Item = (&Dimension, &[String])> {
        self.0.iter().map(|(dimension, values)| (dimension, values.as_slice()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_registry_is_in_the_order_of_its_fields_and_frames_have_the_same_names() {
        for (field, entry) in Field::ALL.iter().zip(&REGISTRY) {
            assert_eq!(entry.field, *field);
            if let Some(column) = entry.frame {
                assert_eq!(column.as_str(), field.as_str());
            }
        }
    }

    #[test]
    fn dimensions_round_trip() {
        let attribute = AttributeName::parse("Firmware of GPU 3").unwrap();
        let fields = Field::ALL.iter().copied().map(Dimension::from);
        for dimension in fields.chain([attribute.into()]) {
            assert_eq!(dimension.to_string().parse(), Ok(dimension));
        }
        for wrong in ["", "attr", "attr.", "attr.\0", "slots", "Station"] {
            assert!(wrong.parse::<Dimension>().is_err(), "{wrong}");
        }
        assert!(AttributeName::parse(&"x".repeat(65)).is_none());
    }

    #[test]
    fn periods_are_groups_codes_are_filters_and_others_are_both() {
        for entry in &REGISTRY {
            let name = entry.field.as_str();
            let (is_filter, is_group) =
                (Dimension::parse_filter(name).is_some(), Dimension::parse_group(name).is_ok());
            let expected = match entry.kind {
                Kind::Run | Kind::Component => (true, true),
                Kind::Code => (true, false),
                Kind::Period(_) | Kind::Tenant => (false, true),
            };
            assert_eq!((is_filter, is_group), expected, "{name}");
        }
        assert!(Dimension::parse_filter("shift").is_none());
        assert!(Dimension::parse_filter("attr.shift").is_some());
    }

    #[test]
    fn filters_are_written_under_the_names_of_their_parameters() {
        let mut filters = Filters::default();
        filters.add(AttributeName::parse("shift").unwrap(), "A".to_owned());
        filters.add(Field::Station, "ST-1".to_owned());
        filters.add(Field::Station, "ST-2".to_owned());
        let json = serde_json::to_string(&filters).unwrap();
        assert_eq!(json, r#"{"station":["ST-1","ST-2"],"attr.shift":["A"]}"#);
        assert_eq!(serde_json::from_str::<Filters>(&json).unwrap(), filters);
    }
}
