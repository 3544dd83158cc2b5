//! Measurements, their limits and checks, and the outcomes.

use serde::{Deserialize, Serialize};

use crate::Timestamp;
use crate::words::words;

words! {
    /// The outcome of a check, or of all checks of a measurement together.
    pub enum CheckOutcome {
        /// Passed.
        Pass = "pass",
        /// Failed.
        Fail = "fail",
        /// It could not be evaluated: the types do not match, the pattern does not compile, or the
        /// limit is missing.
        Unset = "unset",
    }
}

impl CheckOutcome {
    /// Combines outcomes: fail if one fails, else pass if one passes (checks that could not be
    /// evaluated are ignored), else unset; `None` if there are none.
    pub fn combine(outcomes: impl IntoIterator<Item = Self>) -> Option<Self> {
        outcomes.into_iter().reduce(|all, one| match (all, one) {
            (Self::Fail, _) | (_, Self::Fail) => Self::Fail,
            (Self::Pass, _) | (_, Self::Pass) => Self::Pass,
            (Self::Unset, Self::Unset) => Self::Unset,
        })
    }
}

words! {
    /// The comparison operator of the limits.
    pub enum Cmp {
        /// Equal to `low`.
        Eq = "EQ",
        /// Not equal to `low`.
        Ne = "NE",
        /// Less than `high`.
        Lt = "LT",
        /// At most `high`.
        Le = "LE",
        /// Greater than `low`.
        Gt = "GT",
        /// At least `low`.
        Ge = "GE",
        /// From `low` to `high`, both inclusive.
        Gele = "GELE",
        /// Between `low` and `high`, both exclusive.
        Gtlt = "GTLT",
        /// No comparison; the value is only recorded.
        Log = "LOG",
    }
}

words! {
    /// The comparison operator of a check: the validators of OCP Test & Validation. The measurement
    /// is the left operand.
    pub enum CheckKind {
        /// `=`
        Equal = "EQUAL",
        /// `≠`
        NotEqual = "NOT_EQUAL",
        /// `<`, numbers only.
        LessThan = "LESS_THAN",
        /// `≤`, numbers only.
        LessThanOrEqual = "LESS_THAN_OR_EQUAL",
        /// `>`, numbers only.
        GreaterThan = "GREATER_THAN",
        /// `≥`, numbers only.
        GreaterThanOrEqual = "GREATER_THAN_OR_EQUAL",
        /// At least one pattern is found in the text.
        RegexMatch = "REGEX_MATCH",
        /// No pattern is found in the text.
        RegexNoMatch = "REGEX_NO_MATCH",
        /// A member of the set.
        InSet = "IN_SET",
        /// Not a member of the set.
        NotInSet = "NOT_IN_SET",
    }
}

/// One value: a number, a boolean or a text. A number in a text stays a text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Scalar {
    /// `true` or `false`.
    Bool(bool),
    /// Finite: JSON has neither infinities nor NaN.
    Num(f64),
    /// Text.
    Text(String),
}

/// The value of a measurement.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Value {
    /// `true` or `false`.
    Bool(bool),
    /// Finite: JSON has neither infinities nor NaN.
    Num(f64),
    /// Text.
    Text(String),
    /// Values over time, ordered by index.
    Series(Vec<Element>),
}

impl From<Scalar> for Value {
    fn from(scalar: Scalar) -> Self {
        match scalar {
            Scalar::Bool(truth) => Self::Bool(truth),
            Scalar::Num(number) => Self::Num(number),
            Scalar::Text(text) => Self::Text(text),
        }
    }
}

/// One value of a series.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Element {
    /// Its index, from 0.
    pub index: u64,
    /// The measured value.
    pub value: Scalar,
    /// The time of the measurement.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Timestamp>,
    /// The combined outcome of the checks of the series for this element; `None` without checks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<CheckOutcome>,
}

/// The right operand of a check.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum CheckValue {
    /// One value.
    One(Scalar),
    /// A set of values, or several patterns.
    Many(Vec<Scalar>),
}

/// A check that cannot be expressed by limits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Check {
    /// The comparison operator.
    #[serde(rename = "type")]
    pub kind: CheckKind,
    /// The right operand.
    pub value: CheckValue,
    /// Its name in the test program.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The outcome, given or computed.
    pub outcome: CheckOutcome,
}

/// A measurement in a step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Measurement {
    /// Its name in the test program.
    pub name: String,
    /// The measured value.
    pub value: Value,
    /// The unit of measure as written; `None` for a bare number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// The lower limit, or the operand of `EQ` and `NE`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub low: Option<f64>,
    /// The upper limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub high: Option<f64>,
    /// The comparison operator of the limits; `None` when there are no limits, or when the checks
    /// that they derive from have no operator here (`<` with `≥`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cmp: Option<Cmp>,
    /// Checks in addition to the limits, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub checks: Vec<Check>,
    /// The combined outcome of limits and checks, given or computed; `None` if there are none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<CheckOutcome>,
    /// The component that it was measured on, by the name the test program uses.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub component: Option<String>,
    /// A subcomponent of that component.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subcomponent: Option<String>,
    /// The time of the measurement, or the start of the series.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started_at: Option<Timestamp>,
    /// The end of the series.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Timestamp>,
}

impl Measurement {
    /// A measurement without limits and checks.
    pub fn new(name: impl Into<String>, value: impl Into<Value>) -> Self {
        Self {
            name: name.into(),
            value: value.into(),
            unit: None,
            low: None,
            high: None,
            cmp: None,
            checks: Vec::new(),
            outcome: None,
            component: None,
            subcomponent: None,
            started_at: None,
            ended_at: None,
        }
    }

    /// The outcome of each opportunity: one for a checked value; one for each checked element of a
    /// series, or one for the series if only the series as a whole was evaluated.
    pub fn opportunity_outcomes(&self) -> impl Iterator<Item = CheckOutcome> {
        let elements: &[Element] = match &self.value {
            Value::Series(elements) => elements,
            _ => &[],
        };
        let is_evaluated = |outcome: &CheckOutcome| *outcome != CheckOutcome::Unset;
        let by_element = elements
            .iter()
            .any(|element| element.outcome.is_some_and(|outcome| is_evaluated(&outcome)));
        let whole = if by_element { None } else { self.outcome };
        let each = elements.iter().filter_map(|element| element.outcome);
        whole.into_iter().chain(each).filter(is_evaluated)
    }
}

#[cfg(test)]
mod tests {
    use super::CheckOutcome::{Fail, Pass, Unset};
    use super::*;

    #[test]
    fn a_check_that_could_not_be_evaluated_is_ignored_beside_others() {
        assert_eq!(CheckOutcome::combine([Unset, Pass]), Some(Pass));
        assert_eq!(CheckOutcome::combine([Pass, Fail, Unset]), Some(Fail));
        assert_eq!(CheckOutcome::combine([Unset]), Some(Unset));
        assert_eq!(CheckOutcome::combine([]), None);
    }

    #[test]
    fn values_are_plain_json() {
        let series = r#"[{"index":0,"value":1.5},{"index":1,"value":"x"}]"#;
        for (json, value) in [
            ("97.5", Value::Num(97.5)),
            ("true", Value::Bool(true)),
            ("\"97.5\"", Value::Text("97.5".into())),
        ] {
            assert_eq!(serde_json::from_str::<Value>(json).unwrap(), value);
            assert_eq!(serde_json::to_string(&value).unwrap(), json);
        }
        assert_eq!(
            serde_json::to_string(&serde_json::from_str::<Value>(series).unwrap()).unwrap(),
            series
        );
    }

    #[test]
    fn each_evaluated_element_of_a_series_is_an_opportunity() {
        let element =
            |index, outcome| Element { index, value: Scalar::Num(1.0), at: None, outcome };
        let mut series = Measurement::new(
            "fan",
            Value::Series(vec![element(0, Some(Pass)), element(1, Some(Fail))]),
        );
        series.outcome = Some(Fail);
        assert_eq!(series.opportunity_outcomes().collect::<Vec<_>>(), [Pass, Fail]);
        series.value = Value::Series(vec![element(0, None), element(1, Some(Unset))]);
        assert_eq!(series.opportunity_outcomes().collect::<Vec<_>>(), [Fail]);
        series.outcome = Some(Unset);
        assert_eq!(series.opportunity_outcomes().count(), 0);
    }
}
