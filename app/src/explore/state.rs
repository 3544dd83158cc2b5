//! The state of the page and its address.

use std::borrow::Cow;

use charts::{Markup, markup};
use chrono::NaiveDate;
use domain::dimension::{self, AttributeName, Dimension, EXPLORE_COLUMN_COUNT, EXPLORE_COLUMNS};
use domain::frame::Column;
use domain::yields::{Aborted, Definition, Period};
use engine::metrics::yields::Basis;
use messages::Locale;

use super::values::Values;
use crate::ui::name::isolated;
use crate::ui::query::{address, in_tenant, pairs};

/// The columns that are filtered by names: the dimensions that Explore has charts of, and the
/// chosen attribute.
pub(super) const CATEGORICAL: [Column; EXPLORE_COLUMN_COUNT + 1] = {
    let mut columns = [Column::Attribute; EXPLORE_COLUMN_COUNT + 1];
    let mut at = 0;
    while at < EXPLORE_COLUMN_COUNT {
        columns[at] = EXPLORE_COLUMNS[at];
        at += 1;
    }
    columns
};

/// The filters of a slice; by default none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filters {
    /// By index in [`CATEGORICAL`]: sorted and distinct; the empty name is that of runs without
    /// one. Without names there is no filter.
    names: [Vec<String>; CATEGORICAL.len()],
    /// From one day to another, both included.
    pub day: Option<(NaiveDate, NaiveDate)>,
    /// The half-open range of durations in seconds, which may have no end.
    pub seconds: Option<(u32, Option<u32>)>,
    /// The range of values of the chosen measurement.
    pub values: Option<Values>,
}

/// The state of the page: the period, how runs are counted, and the slice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct State {
    /// The last so many of the site's days; none: all.
    pub days: Option<u16>,
    /// Which runs count.
    pub definition: Definition,
    /// Whether aborted runs count; none: as in the definition.
    pub aborted: Option<Aborted>,
    /// The measurement that is charted: `operation / step / name [unit]`.
    pub measurement: Option<String>,
    /// The attribute that is charted and can be filtered by.
    pub attribute: Option<AttributeName>,
    /// The slice.
    pub filters: Filters,
    /// The slice that it is compared with.
    pub baseline: Option<Filters>,
    /// The chart whose rows are all shown.
    pub expanded: Option<Column>,
}

/// Days of the window by default.
const DAYS: u16 = 28;
/// Days of the longest window but that of all days.
pub const MOST_DAYS: u16 = 400;

impl Default for State {
    fn default() -> Self {
        Self {
            days: Some(DAYS),
            definition: Definition::default(),
            aborted: None,
            measurement: None,
            attribute: None,
            filters: Filters::default(),
            baseline: None,
            expanded: None,
        }
    }
}

/// Bytes of an address at most: proxies accept a request line of 8 kB, and sometimes less.
pub const MAX_ADDRESS_BYTES: usize = 6 << 10;
/// Bytes of a query at most that the link of each mark repeats in a page from the server.
const MAX_LINK_BYTES: usize = 1 << 10;

/// Query parameters in their order.
type Pairs = Vec<(Cow<'static, str>, String)>;

impl Filters {
    /// Parses a query string; ignores what is not a filter, and filters by other attributes.
    fn parse(query: &str, attribute: Option<&AttributeName>) -> Self {
        let mut filters = Self::default();
        for (name, value) in pairs(query) {
            filters.set_parameter(&name, value, attribute);
        }
        filters
    }

    fn set_parameter(&mut self, name: &str, value: String, attribute: Option<&AttributeName>) {
        if value.contains('\0') {
            return;
        }
        match name {
            "day" => self.day = parse_days(&value).or(self.day),
            "duration" => self.seconds = parse_seconds(&value).or(self.seconds),
            "value" => self.values = Values::parse(&value).or(self.values),
            _ => {
                let column = match parse_attribute(name) {
                    Some(name) => Some(Column::Attribute).filter(|_| attribute == Some(&name)),
                    None => EXPLORE_COLUMNS.into_iter().find(|column| column.as_str() == name),
                };
                let place = column.and_then(|it| CATEGORICAL.iter().position(|of| *of == it));
                if let Some(names) = place.and_then(|place| self.names.get_mut(place))
                    && let Err(at) = names.binary_search(&value)
                {
                    names.insert(at, value);
                }
            }
        }
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The names that a column is filtered by; empty: no filter.
    #[must_use]
    pub fn names(&self, column: Column) -> &[String] {
        let place = CATEGORICAL.iter().position(|it| *it == column);
        place.and_then(|place| self.names.get(place)).map(Vec::as_slice).unwrap_or_default()
    }

    /// Whether there is a filter by a column.
    #[must_use]
    pub fn is_by(&self, column: Column) -> bool {
        match column {
            Column::Day => self.day.is_some(),
            Column::Duration => self.seconds.is_some(),
            Column::Measured => self.values.is_some(),
            _ => !self.names(column).is_empty(),
        }
    }

    /// Adds a name, or removes it.
    pub fn toggle(&mut self, column: Column, name: &str) {
        let place = CATEGORICAL.iter().position(|it| *it == column);
        let Some(names) = place.and_then(|place| self.names.get_mut(place)) else { return };
        match names.binary_search_by(|it| it.as_str().cmp(name)) {
            Ok(at) => drop(names.remove(at)),
            Err(at) => names.insert(at, name.to_owned()),
        }
    }

    /// Removes the filter by a column.
    pub fn clear(&mut self, column: Column) {
        match column {
            Column::Day => self.day = None,
            Column::Duration => self.seconds = None,
            Column::Measured => self.values = None,
            _ => {
                let place = CATEGORICAL.iter().position(|it| *it == column);
                if let Some(names) = place.and_then(|place| self.names.get_mut(place)) {
                    names.clear();
                }
            }
        }
    }

    fn pairs(&self, attribute: Option<&AttributeName>) -> Pairs {
        let mut pairs = Pairs::new();
        for (column, names) in CATEGORICAL.iter().zip(&self.names) {
            let parameter: Cow<'static, str> = match (column, attribute) {
                (Column::Attribute, None) => continue,
                (Column::Attribute, Some(name)) => Dimension::from(name.clone()).to_string().into(),
                _ => column.as_str().into(),
            };
            pairs.extend(names.iter().map(|name| (parameter.clone(), name.clone())));
        }
        if let Some((from, to)) = self.day {
            let range = if from == to { day(from) } else { format!("{}..{}", day(from), day(to)) };
            pairs.push(("day".into(), range));
        }
        if let Some((from, to)) = self.seconds {
            let to = to.map(|to| to.to_string()).unwrap_or_default();
            pairs.push(("duration".into(), format!("{from}..{to}")));
        }
        pairs.extend(self.values.map(|values| ("value".into(), values.parameter())));
        pairs
    }
}

impl State {
    /// Parses a query string; ignores what is not of the state. See [`State::fits`] for one that
    /// is too long.
    #[must_use]
    pub fn parse(query: &str) -> Self {
        let mut state = Self { attribute: chosen_attribute(query), ..Self::default() };
        for (name, value) in pairs(query) {
            match name.as_str() {
                "days" if value == "all" => state.days = None,
                "days" => {
                    let days = value.parse().ok().filter(|days| (1..=MOST_DAYS).contains(days));
                    state.days = days.or(state.days);
                }
                "definition" => {
                    let known = Definition::ALL.iter().find(|it| it.as_str() == value);
                    state.definition = known.copied().unwrap_or_default();
                }
                "aborted" => {
                    state.aborted = Aborted::ALL.iter().find(|it| it.as_str() == value).copied();
                }
                "measurement" => {
                    let is_name = !value.is_empty() && !value.contains('\0');
                    state.measurement = is_name.then_some(value);
                }
                "than" => {
                    state.baseline = Some(Filters::parse(&value, state.attribute.as_ref()));
                }
                "whole" => state.expanded = CATEGORICAL.into_iter().find(|it| it.as_str() == value),
                _ => state.filters.set_parameter(&name, value, state.attribute.as_ref()),
            }
        }
        match state.measurement {
            Some(_) => state,
            None => state.without_measurement(),
        }
    }

    /// The state without its attribute, and so without filters by it.
    #[must_use]
    pub fn without_attribute(mut self) -> Self {
        self.attribute = None;
        self.filters.clear(Column::Attribute);
        if let Some(baseline) = &mut self.baseline {
            baseline.clear(Column::Attribute);
        }
        self
    }

    /// The state without its measurement, and so without ranges of its values.
    #[must_use]
    pub fn without_measurement(mut self) -> Self {
        self.measurement = None;
        self.filters.values = None;
        if let Some(baseline) = &mut self.baseline {
            baseline.values = None;
        }
        self
    }

    /// Whether another state needs the same runs, measurement and attribute: both can be answered
    /// from one frame.
    #[must_use]
    pub fn is_of_the_same(&self, other: &Self) -> bool {
        self.days == other.days
            && self.measurement == other.measurement
            && self.attribute == other.attribute
    }

    /// Which runs count.
    #[must_use]
    pub fn basis(&self) -> Basis {
        Basis { definition: self.definition, aborted: self.aborted }
    }

    /// The address of the page in this state, without defaults.
    #[must_use]
    pub(crate) fn address(&self) -> String {
        in_tenant(&self.address_below(""))
    }

    /// The address of the page in this state below a tenant's `/t/{tenant}`. Handlers use this
    /// one: outside of a page's rendering there is no context that names the tenant, or that of
    /// another request.
    #[must_use]
    pub fn address_below(&self, tenant_base: &str) -> String {
        format_address(&format!("{tenant_base}/explore"), self.pairs())
    }

    /// The hidden fields of a form that chooses another measurement or attribute, the column, and
    /// keeps the rest.
    #[must_use]
    pub fn fields(&self, chosen: Column) -> Markup {
        let field = |(name, value): (Cow<'static, str>, String)| {
            markup!("<input type=\"hidden\" name=\"{}\" value=\"{}\">", name.as_ref(), value)
        };
        let kept = match chosen {
            Column::Attribute => self.clone().without_attribute(),
            _ => self.clone().without_measurement(),
        };
        kept.pairs().into_iter().map(field).collect()
    }

    /// The filters by names as filters of runs in the database.
    #[must_use]
    pub fn to_dimensions(&self) -> dimension::Filters {
        let mut filters = dimension::Filters::default();
        for (column, names) in CATEGORICAL.iter().zip(&self.filters.names) {
            let dimension = match column {
                Column::Attribute => self.attribute.clone().map(Dimension::from),
                _ => Dimension::parse_filter(column.as_str()),
            };
            if let Some(dimension) = dimension {
                names.iter().for_each(|name| filters.add(dimension.clone(), name.clone()));
            }
        }
        filters
    }

    fn pairs(&self) -> Pairs {
        let days = match self.days {
            Some(DAYS) => None,
            Some(days) => Some(days.to_string()),
            None => Some("all".to_owned()),
        };
        let definition = self.definition;
        let attribute = self.attribute.as_ref();
        let query = |filters: &Filters| format_address("", filters.pairs(attribute));
        let baseline = self.baseline.as_ref().map(query);
        let baseline = baseline.map(|query| query.trim_start_matches('?').to_owned());
        let mut pairs = Pairs::new();
        pairs.extend(days.map(|days| ("days".into(), days)));
        if definition != Definition::default() {
            pairs.push(("definition".into(), definition.as_str().to_owned()));
        }
        pairs.extend(self.aborted.map(|aborted| ("aborted".into(), aborted.as_str().to_owned())));
        pairs.extend(self.measurement.clone().map(|name| ("measurement".into(), name)));
        pairs.extend(attribute.map(|name| ("attribute".into(), name.as_str().to_owned())));
        pairs.extend(self.filters.pairs(attribute));
        pairs.extend(baseline.map(|query| ("than".into(), query)));
        pairs.extend(self.expanded.map(|column| ("whole".into(), column.as_str().to_owned())));
        pairs
    }

    /// The slice in a sentence.
    #[must_use]
    pub fn sentence(&self, t: Locale) -> String {
        self.filters.sentence(t, self)
    }

    /// The query string of its address: for saved views, and for links of other pages.
    #[must_use]
    pub fn query(&self) -> String {
        format_address("", self.pairs()).trim_start_matches('?').to_owned()
    }

    /// Whether the address of the page, or of its units, which encodes it once more, is too long.
    #[must_use]
    pub fn is_too_long(&self) -> bool {
        self.address().len().max(self.units(true).len()) > MAX_ADDRESS_BYTES
    }

    /// Whether a query string, and the state that it holds, are short enough to be answered.
    #[must_use]
    pub fn fits(query: &str) -> bool {
        query.len() <= MAX_ADDRESS_BYTES && !Self::parse(query).is_too_long()
    }

    /// Whether it is short enough for the link of each mark to repeat it. In the browser links are
    /// not sent, so there is no limit.
    #[must_use]
    pub fn links_marks(&self) -> bool {
        cfg!(target_arch = "wasm32") || self.query().len() <= MAX_LINK_BYTES
    }

    /// The name of the attribute for sentences; empty where none is chosen.
    pub(super) fn attribute_label(&self) -> String {
        self.attribute.as_ref().map(|name| isolated(name.as_str())).unwrap_or_default()
    }

    /// The period as a phrase.
    #[must_use]
    pub fn period(&self, t: Locale) -> String {
        match self.days {
            Some(days) => t.explore_last_days(days.into()),
            None => t.explore_all_days().to_owned(),
        }
    }

    /// The address of the units of the slice, or of the failed runs in it.
    pub(crate) fn units(&self, failed: bool) -> String {
        let alone = Self { baseline: None, expanded: None, ..self.clone() };
        let failed = failed.then_some("not-passed");
        address(&in_tenant("/units"), &[("slice", Some(&alone.query())), ("ended", failed)])
    }

    /// Extends the filters by those of another state: the names of both, and the smallest ranges
    /// that hold both.
    pub fn extend(&mut self, other: &Self) {
        let (filters, more) = (&mut self.filters, &other.filters);
        for (names, more) in filters.names.iter_mut().zip(&more.names) {
            names.extend_from_slice(more);
            names.sort_unstable();
            names.dedup();
        }
        filters.day = match (filters.day, more.day) {
            (Some((from, to)), Some((first, last))) => Some((from.min(first), to.max(last))),
            (one, another) => one.or(another),
        };
        filters.seconds = match (filters.seconds, more.seconds) {
            (Some((from, to)), Some((first, last))) => {
                let to = to.zip(last).map(|(to, last)| to.max(last));
                Some((from.min(first), to))
            }
            (one, another) => one.or(another),
        };
        filters.values = match (filters.values, more.values) {
            (Some(values), Some(more)) => Some(values.union(more)),
            (one, another) => one.or(another),
        };
    }

    /// The address of the page after a change of the state.
    #[must_use]
    pub fn with(&self, change: impl FnOnce(&mut Self)) -> String {
        let mut other = self.clone();
        change(&mut other);
        other.address()
    }
}

fn format_address(path: &str, pairs: Pairs) -> String {
    let pairs: Vec<_> =
        pairs.iter().map(|(name, value)| (name.as_ref(), Some(value.as_str()))).collect();
    address(path, &pairs)
}

/// The attribute that a query string chooses, or else filters by.
fn chosen_attribute(query: &str) -> Option<AttributeName> {
    let chosen = pairs(query).find(|(name, _)| name == "attribute");
    let chosen = chosen.and_then(|(_, value)| AttributeName::parse(&value));
    chosen.or_else(|| pairs(query).find_map(|(name, _)| parse_attribute(&name)))
}

/// The name in `attr.NAME`.
fn parse_attribute(parameter: &str) -> Option<AttributeName> {
    parameter.strip_prefix("attr.").and_then(AttributeName::parse)
}

/// A day as in addresses, on axes and in the API: `2026-11-03`.
pub(super) fn day(day: NaiveDate) -> String {
    Period::Day.key(day).unwrap_or_default()
}

fn parse_days(text: &str) -> Option<(NaiveDate, NaiveDate)> {
    let (from, to) = text.split_once("..").unwrap_or((text, text));
    let (from, to) = (parse_day(from)?, parse_day(to)?);
    Some((from.min(to), from.max(to)))
}

fn parse_day(text: &str) -> Option<NaiveDate> {
    let digits = |from: usize, to: usize| -> Option<u32> {
        let digits = text.get(from..to)?;
        digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok())?
    };
    let is_separated =
        text.len() == 10 && text.get(4..5) == Some("-") && text.get(7..8) == Some("-");
    let year = digits(0, 4)?.cast_signed();
    NaiveDate::from_ymd_opt(year, digits(5, 7)?, digits(8, 10)?).filter(|_| is_separated)
}

fn parse_seconds(text: &str) -> Option<(u32, Option<u32>)> {
    let (from, to) = text.split_once("..")?;
    let from = from.parse().ok()?;
    match to {
        "" => Some((from, None)),
        to => Some((from, Some(to.parse().ok().filter(|to| from < *to)?))),
    }
}
