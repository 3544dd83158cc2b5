//! The state of the page and its address.

use charts::{Markup, markup};
use chrono::NaiveDate;
use domain::dimension::{self, Dimension, EXPLORE_COLUMN_COUNT, EXPLORE_COLUMNS};
use domain::frame::Column;
use domain::yields::{Aborted, Definition, Period};
use engine::metrics::yields::Basis;

use super::values::Values;
use crate::ui::query::{address, in_tenant, pairs};

/// The columns that are filtered by names: the dimensions that Explore has charts of.
pub(super) const WORDS: [Column; EXPLORE_COLUMN_COUNT] = EXPLORE_COLUMNS;

/// What is looked at.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filters {
    /// By place in [`WORDS`]: ascending, each once; the empty one is of runs that name none.
    /// None of them: no filter.
    names: [Vec<String>; WORDS.len()],
    /// From one day to another.
    pub day: Option<(NaiveDate, NaiveDate)>,
    /// From so many seconds to less than so many; none: or longer.
    pub seconds: Option<(u32, Option<u32>)>,
    /// With such a value of the measurement.
    pub values: Option<Values>,
}

/// The page: what there is, how it is counted, and what is looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct State {
    /// The last so many of the site's days; none: everything.
    pub days: Option<u16>,
    /// Which runs count.
    pub definition: Definition,
    /// What becomes of aborted runs; none: as the definition has it.
    pub aborted: Option<Aborted>,
    /// The measurement whose values there is a chart of: `operation / step / name [unit]`.
    pub measurement: Option<String>,
    /// What is looked at.
    pub filters: Filters,
    /// What that is compared with.
    pub than: Option<Filters>,
    /// The chart that shows all its rows.
    pub whole: Option<Column>,
}

/// Days of the window unless told.
const DAYS: u16 = 28;
/// Days of the longest window that is not everything.
pub const MOST_DAYS: u16 = 400;

impl Default for State {
    fn default() -> Self {
        Self {
            days: Some(DAYS),
            definition: Definition::default(),
            aborted: None,
            measurement: None,
            filters: Filters::default(),
            than: None,
            whole: None,
        }
    }
}

/// Bytes of an address at most: a proxy passes on a request line of 8 kB, and sometimes less.
pub const LONGEST: usize = 6 << 10;
/// Bytes of a query that each mark of a page may repeat in its link.
const LINKED: usize = 1 << 10;

impl Filters {
    /// What a query string says of them; what is no filter is as if it were not there.
    fn of(query: &str) -> Self {
        let mut filters = Self::default();
        for (name, value) in pairs(query) {
            filters.take(&name, value);
        }
        filters
    }

    fn take(&mut self, name: &str, value: String) {
        if value.contains('\0') {
            return;
        }
        match name {
            "day" => self.day = days_of(&value).or(self.day),
            "duration" => self.seconds = seconds_of(&value).or(self.seconds),
            "value" => self.values = Values::of(&value).or(self.values),
            _ => {
                let place = WORDS.iter().position(|column| column.as_str() == name);
                if let Some(names) = place.and_then(|place| self.names.get_mut(place))
                    && let Err(at) = names.binary_search(&value)
                {
                    names.insert(at, value);
                }
            }
        }
    }

    /// Whether everything is looked at.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The names that a column is filtered by.
    #[must_use]
    pub fn names(&self, column: Column) -> &[String] {
        let place = WORDS.iter().position(|it| *it == column);
        place.and_then(|place| self.names.get(place)).map(Vec::as_slice).unwrap_or_default()
    }

    /// The filters by names as those of runs, in the database too.
    #[must_use]
    pub fn to_dimensions(&self) -> dimension::Filters {
        let mut filters = dimension::Filters::default();
        for (column, names) in WORDS.iter().zip(&self.names) {
            if let Some(dimension) = Dimension::parse_filter(column.as_str()) {
                names.iter().for_each(|name| filters.add(dimension.clone(), name.clone()));
            }
        }
        filters
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

    /// Takes a name in, or out.
    pub fn toggle(&mut self, column: Column, name: &str) {
        let place = WORDS.iter().position(|it| *it == column);
        let Some(names) = place.and_then(|place| self.names.get_mut(place)) else { return };
        match names.binary_search_by(|it| it.as_str().cmp(name)) {
            Ok(at) => drop(names.remove(at)),
            Err(at) => names.insert(at, name.to_owned()),
        }
    }

    /// Takes the filter by a column away.
    pub fn clear(&mut self, column: Column) {
        match column {
            Column::Day => self.day = None,
            Column::Duration => self.seconds = None,
            Column::Measured => self.values = None,
            _ => {
                if let Some(place) = WORDS.iter().position(|it| *it == column) {
                    self.names[place].clear();
                }
            }
        }
    }

    fn pairs(&self) -> Vec<(&'static str, String)> {
        let mut pairs = Vec::new();
        for (column, names) in WORDS.iter().zip(&self.names) {
            pairs.extend(names.iter().map(|name| (column.as_str(), name.clone())));
        }
        if let Some((from, to)) = self.day {
            let range = if from == to { day(from) } else { format!("{}..{}", day(from), day(to)) };
            pairs.push(("day", range));
        }
        if let Some((from, to)) = self.seconds {
            let to = to.map(|to| to.to_string()).unwrap_or_default();
            pairs.push(("duration", format!("{from}..{to}")));
        }
        pairs.extend(self.values.map(|values| ("value", values.text())));
        pairs
    }
}

impl State {
    /// The state that a query string says; what is no state of the page is as if it were not
    /// there. See [`State::fits`] for one that is too long.
    #[must_use]
    pub fn of(query: &str) -> Self {
        let mut state = Self::default();
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
                    let told = !value.is_empty() && !value.contains('\0');
                    state.measurement = told.then_some(value);
                }
                "than" => state.than = Some(Filters::of(&value)),
                "whole" => state.whole = WORDS.into_iter().find(|it| it.as_str() == value),
                _ => state.filters.take(&name, value),
            }
        }
        match state.measurement {
            Some(_) => state,
            None => state.without_measurement(),
        }
    }

    /// The state without its measurement, and so without ranges of its values.
    #[must_use]
    pub fn without_measurement(mut self) -> Self {
        self.measurement = None;
        self.filters.values = None;
        if let Some(than) = &mut self.than {
            than.values = None;
        }
        self
    }

    /// Whether another state is one of the same runs, and of the same measurement.
    #[must_use]
    pub fn is_of_the_same(&self, other: &Self) -> bool {
        self.days == other.days && self.measurement == other.measurement
    }

    /// What counts.
    #[must_use]
    pub fn basis(&self) -> Basis {
        Basis { definition: self.definition, aborted: self.aborted }
    }

    /// The address of the page in this state; what is usual is left out.
    #[must_use]
    pub fn address(&self) -> String {
        in_tenant(&written("/explore", self.pairs()))
    }

    /// The fields of a form that chooses another measurement and keeps the rest, in HTML.
    #[must_use]
    pub fn fields(&self) -> Markup {
        let field = |(name, value): (&str, String)| {
            markup!("<input type=\"hidden\" name=\"{}\" value=\"{}\">", name, value)
        };
        self.clone().without_measurement().pairs().into_iter().map(field).collect()
    }

    fn pairs(&self) -> Vec<(&'static str, String)> {
        let days = match self.days {
            Some(DAYS) => None,
            Some(days) => Some(days.to_string()),
            None => Some("all".to_owned()),
        };
        let definition = self.definition;
        let than = self.than.as_ref().map(|than| written("", than.pairs()));
        let than = than.map(|than| than.trim_start_matches('?').to_owned());
        let mut pairs: Vec<(&'static str, String)> = Vec::new();
        pairs.extend(days.map(|days| ("days", days)));
        if definition != Definition::default() {
            pairs.push(("definition", definition.as_str().to_owned()));
        }
        pairs.extend(self.aborted.map(|aborted| ("aborted", aborted.as_str().to_owned())));
        pairs.extend(self.measurement.clone().map(|name| ("measurement", name)));
        pairs.extend(self.filters.pairs());
        pairs.extend(than.map(|than| ("than", than)));
        pairs.extend(self.whole.map(|whole| ("whole", whole.as_str().to_owned())));
        pairs
    }

    /// What is looked at, as a sentence.
    #[must_use]
    pub fn sentence(&self) -> String {
        self.filters.sentence(self.measurement.as_deref())
    }

    /// Its address without the page: to be kept under a name, or handed to another page.
    #[must_use]
    pub fn query(&self) -> String {
        written("", self.pairs()).trim_start_matches('?').to_owned()
    }

    /// Whether it is too long for the address of the page, or of its units, which encodes it once
    /// more.
    #[must_use]
    pub fn is_too_long(&self) -> bool {
        self.address().len().max(self.units(true).len()) > LONGEST
    }

    /// Whether a query string, and the state that it says, are short enough to be answered.
    #[must_use]
    pub fn fits(query: &str) -> bool {
        query.len() <= LONGEST && !Self::of(query).is_too_long()
    }

    /// Whether it is short enough to be repeated by the link of each mark. In the browser links
    /// are made, not sent.
    #[must_use]
    pub fn links_marks(&self) -> bool {
        cfg!(target_arch = "wasm32") || self.query().len() <= LINKED
    }

    /// The period of all runs in words.
    #[must_use]
    pub fn period(&self) -> String {
        match self.days {
            Some(days) => format!("of the last {days} days"),
            None => "that were ever sent".to_owned(),
        }
    }

    /// The page that lists the units of the slice; or only of its runs that did not pass.
    pub(crate) fn units(&self, failed: bool) -> String {
        let alone = Self { than: None, whole: None, ..self.clone() };
        let failed = failed.then_some("not-passed");
        address(&in_tenant("/units"), &[("slice", Some(&alone.query())), ("ended", failed)])
    }

    /// Takes in the ranges of another state too, with what is between the two, and its names.
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
            (Some(values), Some(more)) => Some(values.with(more)),
            (one, another) => one.or(another),
        };
    }

    /// The address in another state.
    #[must_use]
    pub fn with(&self, change: impl FnOnce(&mut Self)) -> String {
        let mut other = self.clone();
        change(&mut other);
        other.address()
    }
}

fn written(path: &str, pairs: Vec<(&'static str, String)>) -> String {
    let pairs: Vec<_> = pairs.iter().map(|(name, value)| (*name, Some(value.as_str()))).collect();
    address(path, &pairs)
}

/// A day as addresses, axes and the API name it.
pub(super) fn day(day: NaiveDate) -> String {
    Period::Day.key(day).unwrap_or_default()
}

fn days_of(text: &str) -> Option<(NaiveDate, NaiveDate)> {
    let (from, to) = text.split_once("..").unwrap_or((text, text));
    let (from, to) = (day_of(from)?, day_of(to)?);
    Some((from.min(to), from.max(to)))
}

fn day_of(text: &str) -> Option<NaiveDate> {
    let digits = |from: usize, to: usize| -> Option<u32> {
        let digits = text.get(from..to)?;
        digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok())?
    };
    let parted = text.len() == 10 && text.get(4..5) == Some("-") && text.get(7..8) == Some("-");
    let year = digits(0, 4)?.cast_signed();
    NaiveDate::from_ymd_opt(year, digits(5, 7)?, digits(8, 10)?).filter(|_| parted)
}

fn seconds_of(text: &str) -> Option<(u32, Option<u32>)> {
    let (from, to) = text.split_once("..")?;
    let from = from.parse().ok()?;
    match to {
        "" => Some((from, None)),
        to => Some((from, Some(to.parse().ok().filter(|to| from < *to)?))),
    }
}
