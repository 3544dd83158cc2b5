//! A lower and an upper limit, and how they are meant.

use domain::{CheckKind, CheckValue, Cmp, Scalar};

use super::{Asked, Unjudged};

/// The limits of a measurement.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Bounds {
    pub(crate) low: Option<f64>,
    pub(crate) high: Option<f64>,
    pub(crate) cmp: Option<Cmp>,
}

impl Bounds {
    /// Limits as they were sent. Where nobody says how they are meant, they
    /// are inclusive.
    pub(crate) fn new(low: Option<f64>, high: Option<f64>, cmp: Option<Cmp>) -> Self {
        let usual = match (low, high) {
            (Some(_), Some(_)) => Some(Cmp::Gele),
            (Some(_), None) => Some(Cmp::Ge),
            (None, Some(_)) => Some(Cmp::Le),
            (None, None) => None,
        };
        // Minus zero is zero, so that equal limits have equal hashes.
        Self {
            low: low.map(|low| low + 0.0),
            high: high.map(|high| high + 0.0),
            cmp: cmp.or(usual),
        }
    }

    /// The limits that inequalities with numbers amount to, for charts and for
    /// capability: the tightest on each side, and their name where there is one.
    pub(crate) fn of_checks(asked: &[Asked]) -> Self {
        let low =
            tightest(asked, CheckKind::GreaterThanOrEqual, CheckKind::GreaterThan, |new, kept| {
                new > kept
            });
        let high = tightest(asked, CheckKind::LessThanOrEqual, CheckKind::LessThan, |new, kept| {
            new < kept
        });
        let cmp = match (low.map(|(_, strict)| strict), high.map(|(_, strict)| strict)) {
            (Some(false), Some(false)) => Some(Cmp::Gele),
            (Some(true), Some(true)) => Some(Cmp::Gtlt),
            (Some(false), None) => Some(Cmp::Ge),
            (Some(true), None) => Some(Cmp::Gt),
            (None, Some(false)) => Some(Cmp::Le),
            (None, Some(true)) => Some(Cmp::Lt),
            _ => None,
        };
        Self { low: low.map(|(limit, _)| limit), high: high.map(|(limit, _)| limit), cmp }
    }

    /// Whether a value is within the limits; `None` when there is nothing to check.
    pub(super) fn holds_for(&self, value: &Scalar) -> Option<Result<bool, Unjudged>> {
        let (low, high) = (self.low, self.high);
        let cmp = self.cmp?;
        if cmp == Cmp::Log {
            return None;
        }
        let Scalar::Num(value) = *value else { return Some(Err(Unjudged::Types)) };
        // EQ and NE have one number, wherever it was put.
        let equals = low.or(high).map(|limit| value == limit);
        let holds = match cmp {
            Cmp::Eq => equals,
            Cmp::Ne => equals.map(|equal| !equal),
            Cmp::Lt => high.map(|high| value < high),
            Cmp::Le => high.map(|high| value <= high),
            Cmp::Gt => low.map(|low| value > low),
            Cmp::Ge => low.map(|low| value >= low),
            Cmp::Gele => low.zip(high).map(|(low, high)| low <= value && value <= high),
            Cmp::Gtlt => low.zip(high).map(|(low, high)| low < value && value < high),
            Cmp::Log => return None,
        };
        Some(holds.ok_or(Unjudged::Limit))
    }
}

/// The limit that decides among the checks of two kinds, and whether it is the
/// strict one: of two equal limits the strict one is the tighter.
fn tightest(
    asked: &[Asked],
    inclusive: CheckKind,
    strict: CheckKind,
    tighter: fn(f64, f64) -> bool,
) -> Option<(f64, bool)> {
    let limits = asked.iter().filter_map(|check| match &check.value {
        CheckValue::One(Scalar::Num(limit)) if check.kind == inclusive => Some((*limit, false)),
        CheckValue::One(Scalar::Num(limit)) if check.kind == strict => Some((*limit, true)),
        _ => None,
    });
    limits.reduce(|kept, new| {
        let equal_but_strict = new.0 == kept.0 && new.1;
        if tighter(new.0, kept.0) || equal_but_strict { new } else { kept }
    })
}
