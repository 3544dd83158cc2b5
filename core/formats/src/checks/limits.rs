//! A lower and an upper limit, and how they are meant.

use std::cmp::Ordering;

use domain::{CheckKind, Cmp, Scalar};

use super::{Asked, Measured, Unjudged};
use crate::json::{Number, Plain, PlainOrMany};

/// The limits of a measurement.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Bounds {
    pub(crate) low: Option<Number>,
    pub(crate) high: Option<Number>,
    pub(crate) cmp: Option<Cmp>,
}

impl Bounds {
    /// Limits as they were sent. Where nobody says how they are meant, they
    /// are inclusive.
    pub(crate) fn new(low: Option<Number>, high: Option<Number>, cmp: Option<Cmp>) -> Self {
        let usual = match (low, high) {
            (Some(_), Some(_)) => Some(Cmp::Gele),
            (Some(_), None) => Some(Cmp::Ge),
            (None, Some(_)) => Some(Cmp::Le),
            (None, None) => None,
        };
        Self { low, high, cmp: cmp.or(usual) }
    }

    /// The limits as they are kept.
    pub(crate) fn kept(&self) -> (Option<f64>, Option<f64>, Option<Cmp>) {
        (self.low.map(|low| low.value), self.high.map(|high| high.value), self.cmp)
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
        let limit = |(limit, _): (f64, bool)| limit.into();
        Self { low: low.map(limit), high: high.map(limit), cmp }
    }

    /// Whether a value is within the limits; `None` when there is nothing to check.
    pub(super) fn holds_for(&self, measured: Measured<'_>) -> Option<Result<bool, Unjudged>> {
        let cmp = self.cmp?;
        if cmp == Cmp::Log {
            return None;
        }
        let Scalar::Num(value) = *measured.value else { return Some(Err(Unjudged::Types)) };
        let value = Number { value, whole: measured.whole };
        // EQ and NE have one number, wherever it was put.
        let either = self.low.or(self.high);
        let holds = |limit: Option<Number>, holds: fn(Ordering) -> bool| {
            limit.map(|limit| value.order(limit).is_some_and(holds))
        };
        let (low, high) = (self.low, self.high);
        let holds = match cmp {
            Cmp::Eq => holds(either, Ordering::is_eq),
            Cmp::Ne => holds(either, Ordering::is_ne),
            Cmp::Lt => holds(high, Ordering::is_lt),
            Cmp::Le => holds(high, Ordering::is_le),
            Cmp::Gt => holds(low, Ordering::is_gt),
            Cmp::Ge => holds(low, Ordering::is_ge),
            Cmp::Gele => holds(low, Ordering::is_ge).zip(holds(high, Ordering::is_le)).map(both),
            Cmp::Gtlt => holds(low, Ordering::is_gt).zip(holds(high, Ordering::is_lt)).map(both),
            Cmp::Log => return None,
        };
        Some(holds.ok_or(Unjudged::Limit))
    }
}

fn both((one, other): (bool, bool)) -> bool {
    one && other
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
        PlainOrMany::One(Plain { value: Scalar::Num(limit), .. }) if check.kind == inclusive => {
            Some((*limit, false))
        }
        PlainOrMany::One(Plain { value: Scalar::Num(limit), .. }) if check.kind == strict => {
            Some((*limit, true))
        }
        _ => None,
    });
    limits.reduce(|kept, new| {
        let equal_but_strict = new.0 == kept.0 && new.1;
        if tighter(new.0, kept.0) || equal_but_strict { new } else { kept }
    })
}
