//! One check against one value. The measurement is the left operand and both
//! sides must have the same type, or the check is not judged (OCP Test &
//! Validation 2.0, "Validator"). `<`, `≤`, `>`, `≥` are for numbers.

use std::mem;

use domain::{CheckKind, CheckValue, Scalar};

use super::{Patterns, Unjudged};

/// Whether a check holds for a value.
pub(super) fn judge(
    kind: CheckKind,
    value: &CheckValue,
    measured: &Scalar,
    patterns: &mut Patterns,
) -> Result<bool, Unjudged> {
    let one = match value {
        CheckValue::One(value) => Ok(value),
        CheckValue::Many(_) => Err(Unjudged::Types),
    };
    // A set of one may come without its brackets.
    let many = match value {
        CheckValue::One(value) => std::slice::from_ref(value),
        CheckValue::Many(values) => values,
    };
    match kind {
        CheckKind::Equal => equal(measured, one?),
        CheckKind::NotEqual => equal(measured, one?).map(|equal| !equal),
        CheckKind::LessThan => ordered(measured, one?, |left, right| left < right),
        CheckKind::LessThanOrEqual => ordered(measured, one?, |left, right| left <= right),
        CheckKind::GreaterThan => ordered(measured, one?, |left, right| left > right),
        CheckKind::GreaterThanOrEqual => ordered(measured, one?, |left, right| left >= right),
        CheckKind::RegexMatch => patterns.any_found(many, text(measured)?),
        CheckKind::RegexNoMatch => patterns.any_found(many, text(measured)?).map(|found| !found),
        CheckKind::InSet => among(measured, many),
        CheckKind::NotInSet => among(measured, many).map(|among| !among),
    }
}

fn equal(left: &Scalar, right: &Scalar) -> Result<bool, Unjudged> {
    if mem::discriminant(left) == mem::discriminant(right) {
        Ok(left == right)
    } else {
        Err(Unjudged::Types)
    }
}

fn ordered(left: &Scalar, right: &Scalar, holds: fn(f64, f64) -> bool) -> Result<bool, Unjudged> {
    match (left, right) {
        (Scalar::Num(left), Scalar::Num(right)) => Ok(holds(*left, *right)),
        _ => Err(Unjudged::Types),
    }
}

fn text(measured: &Scalar) -> Result<&str, Unjudged> {
    match measured {
        Scalar::Text(text) => Ok(text),
        _ => Err(Unjudged::Types),
    }
}

/// In a set all of whose values have the type of the measurement. Nothing is
/// in the empty set.
fn among(measured: &Scalar, set: &[Scalar]) -> Result<bool, Unjudged> {
    set.iter().try_fold(false, |found, value| Ok(equal(measured, value)? || found))
}
