//! One check against one value. The measurement is the left operand and both
//! sides must have the same type, or the check is not evaluated (OCP Test &
//! Validation 2.0, "Validator"). `<`, `≤`, `>`, `≥` are for numbers.

use std::cmp::Ordering;
use std::mem;

use domain::{CheckKind, Scalar};

use super::{Measured, Patterns, Unjudged};
use crate::json::{Number, Plain, PlainOrMany};

/// Whether a check holds for a value.
pub(super) fn judge(
    kind: CheckKind,
    value: &PlainOrMany,
    measured: Measured<'_>,
    patterns: &mut Patterns,
) -> Result<bool, Unjudged> {
    let one = match value {
        PlainOrMany::One(value) => Ok(value),
        PlainOrMany::Many(_) => Err(Unjudged::Types),
    };
    // A set of one may come without its brackets.
    let many = match value {
        PlainOrMany::One(value) => std::slice::from_ref(value),
        PlainOrMany::Many(values) => values,
    };
    match kind {
        CheckKind::Equal => equal(measured, one?),
        CheckKind::NotEqual => equal(measured, one?).map(|equal| !equal),
        CheckKind::LessThan => ordered(measured, one?, Ordering::is_lt),
        CheckKind::LessThanOrEqual => ordered(measured, one?, Ordering::is_le),
        CheckKind::GreaterThan => ordered(measured, one?, Ordering::is_gt),
        CheckKind::GreaterThanOrEqual => ordered(measured, one?, Ordering::is_ge),
        CheckKind::RegexMatch => patterns.any_found(many, text(measured)?),
        CheckKind::RegexNoMatch => patterns.any_found(many, text(measured)?).map(|found| !found),
        CheckKind::InSet => among(measured, many),
        CheckKind::NotInSet => among(measured, many).map(|among| !among),
    }
}

/// The numbers on both sides, if they are.
fn numbers(left: Measured<'_>, right: &Plain) -> Option<(Number, Number)> {
    match (left.value, &right.value) {
        (Scalar::Num(value), Scalar::Num(other)) => Some((
            Number { value: *value, whole: left.whole },
            Number { value: *other, whole: right.whole },
        )),
        _ => None,
    }
}

fn equal(left: Measured<'_>, right: &Plain) -> Result<bool, Unjudged> {
    if let Some((left, right)) = numbers(left, right) {
        return Ok(left.order(right) == Some(Ordering::Equal));
    }
    if mem::discriminant(left.value) == mem::discriminant(&right.value) {
        Ok(*left.value == right.value)
    } else {
        Err(Unjudged::Types)
    }
}

fn ordered(
    left: Measured<'_>,
    right: &Plain,
    holds: fn(Ordering) -> bool,
) -> Result<bool, Unjudged> {
    let (left, right) = numbers(left, right).ok_or(Unjudged::Types)?;
    Ok(left.order(right).is_some_and(holds))
}

fn text(measured: Measured<'_>) -> Result<&str, Unjudged> {
    match measured.value {
        Scalar::Text(text) => Ok(text),
        _ => Err(Unjudged::Types),
    }
}

/// In a set all of whose values have the type of the measurement. Nothing is
/// in the empty set.
fn among(measured: Measured<'_>, set: &[Plain]) -> Result<bool, Unjudged> {
    set.iter().try_fold(false, |found, value| Ok(equal(measured, value)? || found))
}
