//! Ranges of what was measured.

use crate::ui::number;

/// At least the one and below the other; where an end is none, whatever was measured.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Values {
    /// The least.
    pub from: Option<f64>,
    /// What they are below.
    pub to: Option<f64>,
}

/// Ends are finite.
impl Eq for Values {}

impl Values {
    /// The range that an address says, `FROM..TO`; either may be missing.
    pub(super) fn of(text: &str) -> Option<Self> {
        let (from, to) = text.split_once("..")?;
        let (from, to) = (end(from)?, end(to)?);
        let is_range = from.zip(to).is_none_or(|(from, to)| from < to);
        is_range.then_some(Self { from, to })
    }

    /// As an address says it.
    pub(super) fn text(self) -> String {
        let end = |end: Option<f64>| end.map(|end| end.to_string()).unwrap_or_default();
        format!("{}..{}", end(self.from), end(self.to))
    }

    /// The range with another one, and what is between the two.
    pub(super) fn with(self, other: Self) -> Self {
        let both = |one: Option<f64>, another, pick: fn(f64, f64) -> f64| {
            one.zip(another).map(|(one, another)| pick(one, another))
        };
        Self { from: both(self.from, other.from, f64::min), to: both(self.to, other.to, f64::max) }
    }

    /// In words, in a unit.
    pub(super) fn said(self, unit: Option<&str>) -> String {
        let unit = unit.map(|unit| format!("\u{a0}{unit}")).unwrap_or_default();
        let end = number::value;
        match (self.from, self.to) {
            (None, None) => "any value".to_owned(),
            (None, Some(to)) => format!("below {}{unit}", end(to)),
            (Some(from), None) => format!("{}{unit} or more", end(from)),
            (Some(from), Some(to)) => format!("{} to {}{unit}", end(from), end(to)),
        }
    }
}

/// An end that is a number, or missing; none where it is anything else.
fn end(text: &str) -> Option<Option<f64>> {
    if text.is_empty() {
        return Some(None);
    }
    // There is one nought.
    number::parsed(text).map(|end| Some(end + 0.0))
}

/// What is measured, and its unit, of `operation / step / name [unit]`.
pub(super) fn spoken(measurement: &str) -> (&str, Option<&str>) {
    let parted = measurement.strip_suffix(']').and_then(|it| it.rsplit_once(" ["));
    let (name, unit) = parted.map_or((measurement, None), |(name, unit)| (name, Some(unit)));
    (name.rsplit_once(" / ").map_or(name, |(_, name)| name), unit)
}
