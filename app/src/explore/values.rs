//! Ranges of measured values.

use messages::Locale;

use crate::ui::number;

/// A half-open range; unbounded where an end is none. Ends are finite.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Values {
    /// The least value.
    pub from: Option<f64>,
    /// Above the greatest value.
    pub to: Option<f64>,
}

/// Ends are finite.
impl Eq for Values {}

impl Values {
    /// Parses `FROM..TO`; either may be missing.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (from, to) = text.split_once("..")?;
        let (from, to) = (parse_end(from)?, parse_end(to)?);
        let is_range = from.zip(to).is_none_or(|(from, to)| from < to);
        is_range.then_some(Self { from, to })
    }

    /// The range as [`Values::parse`] reads it.
    pub(super) fn parameter(self) -> String {
        let end = |end: Option<f64>| end.map(|end| end.to_string()).unwrap_or_default();
        format!("{}..{}", end(self.from), end(self.to))
    }

    /// The smallest range that holds both.
    pub(super) fn union(self, other: Self) -> Self {
        let both = |one: Option<f64>, another, pick: fn(f64, f64) -> f64| {
            one.zip(another).map(|(one, another)| pick(one, another))
        };
        Self { from: both(self.from, other.from, f64::min), to: both(self.to, other.to, f64::max) }
    }

    /// The range in words, in a unit.
    pub(super) fn text(self, t: Locale, unit: Option<&str>) -> String {
        let unit = unit.map(|unit| format!("\u{a0}{unit}")).unwrap_or_default();
        let end = |end: f64| number::value(end) + &unit;
        match (self.from, self.to) {
            (None, None) => t.range_any().to_owned(),
            (None, Some(to)) => t.range_below(end(to)),
            (Some(from), None) => t.range_from(end(from)),
            (Some(from), Some(to)) => t.range_between(number::value(from), end(to)),
        }
    }
}

/// A number, or none where the text is empty; none at all for any other text.
fn parse_end(text: &str) -> Option<Option<f64>> {
    if text.is_empty() {
        return Some(None);
    }
    // Adding zero makes a negative zero positive.
    number::parsed(text).map(|end| Some(end + 0.0))
}

/// The name and the unit of `operation / step / name [unit]`.
pub(super) fn split_unit(measurement: &str) -> (&str, Option<&str>) {
    let parts = measurement.strip_suffix(']').and_then(|it| it.rsplit_once(" ["));
    let (name, unit) = parts.map_or((measurement, None), |(name, unit)| (name, Some(unit)));
    (name.rsplit_once(" / ").map_or(name, |(_, name)| name), unit)
}
