//! The slice of an analysis page: period, granularity, definition and filters, as its address
//! says them.
//!
//! Pure: it is parsed from a query string and printed as one, and every link between analysis
//! pages carries it.

mod period;

use domain::dimension::{Dimension, Field};
use domain::yields::Definition;

pub use self::period::{MOST_DAYS, Named, Period};
use crate::ui::query::pairs;

/// How finely a trend is divided.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Granularity {
    /// By day of the site.
    #[default]
    Day,
    /// By ISO week.
    Week,
    /// By month.
    Month,
}

impl Granularity {
    /// All of them, the finest first.
    pub const ALL: [Self; 3] = [Self::Day, Self::Week, Self::Month];

    /// Its name in addresses.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
        }
    }

    /// The dimension that a trend is grouped by.
    #[must_use]
    pub const fn field(self) -> Field {
        match self {
            Self::Day => Field::Day,
            Self::Week => Field::Week,
            Self::Month => Field::Month,
        }
    }
}

/// What an analysis is about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Slice {
    /// The period.
    pub period: Period,
    /// How finely trends are divided.
    pub granularity: Granularity,
    /// Which runs are counted.
    pub definition: Definition,
    /// Dimension and value, in the order in which they were added: values of one dimension are
    /// alternatives. Never the failure code, which pages name on their own.
    pub filters: Vec<(String, String)>,
}

/// The value of a filter in a form that selects every value; an empty one selects runs without
/// any.
pub const ANY: &str = "*";

/// The query parameters of a slice beside the filters.
pub const PARAMETERS: [&str; 8] =
    ["days", "period", "from", "to", "granularity", "definition", "dimension", "value"];

/// What is wrong with a parameter of a slice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Invalid {
    /// The parameter.
    pub parameter: &'static str,
    /// What it takes.
    pub expected: Expected,
}

/// What a parameter of a slice takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    /// From 1 to [`MOST_DAYS`], or `all`.
    Days,
    /// One of these words.
    OneOf(&'static str),
    /// A date.
    Date,
    /// The other end of the period, not before the first.
    LaterDate,
    /// A dimension that runs are filtered by.
    Dimension,
}

impl Slice {
    /// The slice that a query string says; what is invalid is as if it were not there, see
    /// [`invalid`].
    #[must_use]
    pub fn parse(query: &str) -> Self {
        let mut slice =
            Self { period: Period::parse(query).unwrap_or_default(), ..Self::default() };
        // A form adds one filter by its dimension and value.
        let mut added = (None, None);
        for (name, value) in pairs(query) {
            if value.contains('\0') {
                continue;
            }
            match name.as_str() {
                "granularity" => {
                    let found = Granularity::ALL.into_iter().find(|it| it.as_str() == value);
                    slice.granularity = found.unwrap_or_default();
                }
                "definition" => slice.definition = value.parse().unwrap_or_default(),
                "dimension" if !value.is_empty() => added.0 = Some(value),
                "value" => added.1 = Some(value),
                _ if value == ANY => {}
                name => slice.filter(name, value),
            }
        }
        if let (Some(name), Some(value)) = added {
            slice.filter(&name, value);
        }
        slice
    }

    /// Adds a filter; nothing where the name is no dimension, or the filter is there.
    pub fn filter(&mut self, name: &str, value: String) {
        let filter = (name.to_owned(), value);
        if is_filter(name) && !self.filters.contains(&filter) {
            self.filters.push(filter);
        }
    }

    /// The same with this value of a dimension only: values of one dimension are alternatives.
    #[must_use]
    pub fn narrowed(&self, name: &str, value: &str) -> Self {
        let mut slice = self.clone();
        slice.filters.retain(|(its, _)| its != name);
        slice.filter(name, value.to_owned());
        slice
    }

    /// The value that a dimension is filtered by, where it is one alone.
    #[must_use]
    pub fn only(&self, name: &str) -> Option<&str> {
        let mut values = self.filters.iter().filter(|(its, _)| its == name);
        let first = values.next().map(|(_, value)| value.as_str());
        first.filter(|value| !value.is_empty() && values.next().is_none())
    }

    /// Names and values of the address; what is usual is left out.
    #[must_use]
    pub fn pairs(&self) -> Vec<(String, String)> {
        let mut pairs = self.period.pairs();
        let usual = Self::default();
        if self.granularity != usual.granularity {
            pairs.push(("granularity".to_owned(), self.granularity.as_str().to_owned()));
        }
        if self.definition != usual.definition {
            pairs.push(("definition".to_owned(), self.definition.to_string()));
        }
        pairs.extend(self.filters.iter().cloned());
        pairs
    }

    /// `path?…` with these pairs behind those of the slice.
    #[must_use]
    pub fn address(&self, path: &str, more: &[(&str, Option<&str>)]) -> String {
        let pairs = self.pairs();
        let pairs = pairs.iter().map(|(name, value)| (name.as_str(), Some(value.as_str())));
        crate::ui::query::address(path, &pairs.chain(more.iter().copied()).collect::<Vec<_>>())
    }
}

/// Whether a slice is filtered by it. The failure code is what an analysis is about.
fn is_filter(name: &str) -> bool {
    Dimension::parse_filter(name).is_some_and(|dimension| dimension != Field::Code.into())
}

/// What is wrong with a query string that names a slice; nothing where all of it is understood.
#[must_use]
pub fn invalid(query: &str) -> Option<Invalid> {
    let invalid = |parameter, expected| Some(Invalid { parameter, expected });
    for (name, value) in pairs(query) {
        match name.as_str() {
            "granularity" if !Granularity::ALL.iter().any(|it| it.as_str() == value) => {
                return invalid("granularity", Expected::OneOf("day, week, month"));
            }
            "definition" if value.parse::<Definition>().is_err() => {
                let words = "first-run, first-attempt-of-day, report";
                return invalid("definition", Expected::OneOf(words));
            }
            "dimension" if !value.is_empty() && !is_filter(&value) => {
                return invalid("dimension", Expected::Dimension);
            }
            _ => {}
        }
    }
    Period::parse(query).err()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slice_is_printed_as_it_is_parsed_and_leaves_out_what_is_usual() {
        assert_eq!(Slice::parse("").address("/", &[]), "/");
        for query in [
            "days=90&granularity=week&definition=report",
            "from=2026-03-01&to=2026-03-31&station=A%26B&station=C&attr.shift=N",
            "days=all&component_lot=H26X7",
            "period=last-quarter&fixture=",
        ] {
            assert_eq!(Slice::parse(query).address("", &[]), format!("?{query}"));
            assert_eq!(invalid(query), None, "{query}");
        }
    }

    #[test]
    fn the_form_adds_a_filter_by_dimension_and_value() {
        let slice = Slice::parse("station=A&dimension=component_lot&value=H26+X7");
        assert_eq!(slice.address("", &[]), "?station=A&component_lot=H26%20X7");
        // Without a dimension nothing is added; what is there already is not added again.
        assert_eq!(Slice::parse("dimension=&value=x").filters, []);
        assert_eq!(Slice::parse("station=A&dimension=station&value=A").filters.len(), 1);
        // The code is not a filter of slices.
        assert_eq!(Slice::parse("code=x").filters, []);
    }

    #[test]
    fn any_value_is_no_filter_and_narrowing_leaves_one_value() {
        assert_eq!(Slice::parse("product=*").filters, []);
        let slice = Slice::parse("station=A&station=B&fixture=C").narrowed("station", "B");
        assert_eq!(slice.address("", &[]), "?fixture=C&station=B");
    }

    #[test]
    fn one_value_of_a_dimension_is_the_only_one() {
        assert_eq!(Slice::parse("product=P").only("product"), Some("P"));
        assert_eq!(Slice::parse("product=P&product=Q").only("product"), None);
        assert_eq!(Slice::parse("product=").only("product"), None);
    }

    #[test]
    fn what_is_not_understood_is_named() {
        for (query, parameter) in [
            ("days=0", "days"),
            ("days=401", "days"),
            ("days=soon", "days"),
            ("period=tomorrow", "period"),
            ("from=2026-03-01", "to"),
            ("to=2026-03-01", "from"),
            ("from=2026-03-02&to=2026-03-01", "to"),
            ("from=yesterday&to=2026-03-01", "from"),
            ("granularity=hour", "granularity"),
            ("definition=best", "definition"),
            ("dimension=day&value=x", "dimension"),
        ] {
            assert_eq!(invalid(query).map(|it| it.parameter), Some(parameter), "{query}");
        }
    }
}
