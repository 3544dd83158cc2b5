//! What limits and checks say of what was measured.

mod judge;
mod limits;
mod patterns;

use domain::{Check, CheckKind, CheckOutcome, Measurement, Scalar, Value};

use crate::json::PlainOrMany;
use crate::reject::EN;
use crate::wording::Quoted;

pub(crate) use limits::Bounds;
pub(crate) use patterns::Patterns;

/// A check as it was sent, with the outcome that the producer gave it, if any.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Asked {
    pub(crate) kind: CheckKind,
    pub(crate) value: PlainOrMany,
    pub(crate) name: Option<String>,
    pub(crate) given: Option<CheckOutcome>,
}

/// Why a check could not be evaluated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Unjudged {
    /// The sides differ in type, or the type is not one the check is for.
    Types,
    /// A pattern does not compile.
    Pattern(String),
    /// The run has too many patterns.
    Patterns,
    /// The comparison needs a limit that is not there.
    Limit,
}

impl Unjudged {
    fn why(&self, what: &str) -> String {
        match self {
            Self::Types => EN.check_types(what),
            Self::Pattern(pattern) => EN.check_pattern(what, Quoted(pattern)),
            Self::Patterns => EN.check_patterns(what, patterns::PATTERNS),
            Self::Limit => EN.check_limit(what),
        }
    }
}

/// What a measurement is evaluated by.
pub(crate) struct Judged<'a> {
    /// The whole number that each value rounds, where it does, in the order of the
    /// values.
    pub(crate) wholes: &'a [Option<i128>],
    pub(crate) bounds: Bounds,
    pub(crate) asked: Vec<Asked>,
    /// The outcome that the producer gave.
    pub(crate) given: Option<CheckOutcome>,
}

/// A value as it was measured.
#[derive(Clone, Copy, Debug)]
struct Measured<'a> {
    value: &'a Scalar,
    whole: Option<i128>,
}

/// Evaluates a measurement by bounds and by checks, element by element for a
/// series, and records the result: the outcome of each element, of
/// each check, and of all together. An outcome that the producer gave counts
/// instead of ours, for the check or the measurement that it was given for;
/// elements have none of their own. `unjudged` is called once about the limits
/// and about each check that could not be evaluated, unless an outcome was given.
pub(crate) fn settle(
    measurement: &mut Measurement,
    Judged { wholes, bounds, asked, given }: Judged<'_>,
    patterns: &mut Patterns,
    unjudged: &mut dyn FnMut(String),
) {
    let mut judging = Judging {
        bounds,
        asked: &asked,
        patterns,
        verdicts: vec![Verdict::default(); asked.len() + 1],
    };
    let whole = |at: usize| wholes.get(at).copied().flatten();
    match &mut measurement.value {
        Value::Series(elements) => {
            for (at, element) in elements.iter_mut().enumerate() {
                let measured = Measured { value: &element.value, whole: whole(at) };
                element.outcome = judging.value(measured);
            }
        }
        Value::Bool(truth) => drop(judging.one(&Scalar::Bool(*truth), None)),
        Value::Num(number) => drop(judging.one(&Scalar::Num(*number), whole(0))),
        Value::Text(text) => drop(judging.one(&Scalar::Text(text.clone()), None)),
    }

    let mut verdicts = judging.verdicts.into_iter();
    let limits = verdicts.next().unwrap_or_default();
    let name = Quoted(&measurement.name);
    // An outcome that was given for the whole needs no warning.
    let warns = given.is_none();
    if let (true, Some(why)) = (warns, &limits.unjudged) {
        unjudged(why.why(&EN.check_limits(&name)));
    }
    let mut all = limits.outcome;
    for (check, verdict) in asked.into_iter().zip(verdicts) {
        let Asked { kind, value, name: label, given } = check;
        if let (true, None, Some(why)) = (warns, given, &verdict.unjudged) {
            unjudged(why.why(&EN.check_of(kind, &name)));
        }
        let outcome = given.or(verdict.outcome).unwrap_or(CheckOutcome::Unset);
        all = CheckOutcome::combine(all.into_iter().chain([outcome]));
        measurement.checks.push(Check { kind, value: value.into(), name: label, outcome });
    }
    measurement.outcome = given.or(all);
}

/// The result of the limits, or of one check, over all values so far.
#[derive(Clone, Default)]
struct Verdict {
    outcome: Option<CheckOutcome>,
    unjudged: Option<Unjudged>,
}

struct Judging<'a> {
    bounds: Bounds,
    asked: &'a [Asked],
    patterns: &'a mut Patterns,
    /// Of the limits, then of each check.
    verdicts: Vec<Verdict>,
}

impl Judging<'_> {
    fn one(&mut self, value: &Scalar, whole: Option<i128>) -> Option<CheckOutcome> {
        self.value(Measured { value, whole })
    }

    /// Evaluates one value: the result of the limits and all checks together.
    fn value(&mut self, value: Measured<'_>) -> Option<CheckOutcome> {
        let patterns = &mut *self.patterns;
        let limits = self.bounds.holds_for(value);
        let checks = self
            .asked
            .iter()
            .map(|check| Some(judge::judge(check.kind, &check.value, value, patterns)));
        let judged = std::iter::once(limits).chain(checks);
        let outcomes = self.verdicts.iter_mut().zip(judged).filter_map(|(verdict, judged)| {
            let outcome = match judged? {
                Ok(true) => CheckOutcome::Pass,
                Ok(false) => CheckOutcome::Fail,
                Err(why) => {
                    verdict.unjudged.get_or_insert(why);
                    CheckOutcome::Unset
                }
            };
            verdict.outcome = CheckOutcome::combine(verdict.outcome.into_iter().chain([outcome]));
            Some(outcome)
        });
        CheckOutcome::combine(outcomes)
    }
}

#[cfg(test)]
mod tests;
