//! What was measured, against what, and what came of it.

use serde::{Deserialize, Serialize};

use crate::Timestamp;
use crate::words::words;

words! {
    /// What came of a check, or of all checks of a measurement together.
    pub enum CheckOutcome {
        /// It held.
        Pass = "pass",
        /// It did not hold.
        Fail = "fail",
        /// It could not be judged: types that do not match, a pattern that
        /// does not compile, a limit that is not there.
        Unset = "unset",
    }
}

impl CheckOutcome {
    /// One outcome for many: failing if one fails, else passing if one passes
    /// (those that could not be judged have no say), else unset; `None` for
    /// none at all.
    pub fn of_all(outcomes: impl IntoIterator<Item = Self>) -> Option<Self> {
        outcomes.into_iter().reduce(|all, one| match (all, one) {
            (Self::Fail, _) | (_, Self::Fail) => Self::Fail,
            (Self::Pass, _) | (_, Self::Pass) => Self::Pass,
            (Self::Unset, Self::Unset) => Self::Unset,
        })
    }
}

words! {
    /// How the limits of a measurement are meant.
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
        /// From `low` to `high`, both allowed.
        Gele = "GELE",
        /// Between `low` and `high`, neither allowed.
        Gtlt = "GTLT",
        /// Only written down.
        Log = "LOG",
    }
}

words! {
    /// What a check compares: the validators of OCP Test & Validation. The
    /// measurement is the left operand.
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
        /// One of the patterns is found in the text.
        RegexMatch = "REGEX_MATCH",
        /// None of the patterns is found in the text.
        RegexNoMatch = "REGEX_NO_MATCH",
        /// One of the set.
        InSet = "IN_SET",
        /// None of the set.
        NotInSet = "NOT_IN_SET",
    }
}

/// One value: a number, a truth or a text. A number in a text stays a text.
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
    /// Its place, from 0.
    pub index: u64,
    /// What was measured.
    pub value: Scalar,
    /// When.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Timestamp>,
    /// What the checks of the series say of this element; `None` without any.
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

/// A check that limits do not express.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Check {
    /// What is compared.
    #[serde(rename = "type")]
    pub kind: CheckKind,
    /// Against what.
    pub value: CheckValue,
    /// What the test program calls it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What came of it, as given or as computed.
    pub outcome: CheckOutcome,
}

/// Something measured in a step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Measurement {
    /// Its name, as the test program gave it.
    pub name: String,
    /// What was measured.
    pub value: Value,
    /// The unit of measure as written; `None` for a bare number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// The lower limit, or what `EQ` and `NE` compare with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub low: Option<f64>,
    /// The upper limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub high: Option<f64>,
    /// How the limits are meant; `None` when there are none, or when the
    /// checks they were taken from have no name here (`<` with `≥`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cmp: Option<Cmp>,
    /// Checks beside the limits, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub checks: Vec<Check>,
    /// What came of the limits and checks together, as given or as computed;
    /// `None` where nothing was checked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<CheckOutcome>,
    /// The part that it was measured on, by the name the test program uses.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub component: Option<String>,
    /// A part of that part.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subcomponent: Option<String>,
    /// When it was measured, or when the series began.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started_at: Option<Timestamp>,
    /// When the series ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Timestamp>,
}

impl Measurement {
    /// A measurement with nothing to check.
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

    /// The chances to fail that were taken here, each as its outcome: one for
    /// a checked value; one for each checked element of a series, or, where
    /// only the series as a whole was judged, one for the series.
    pub fn judged(&self) -> impl Iterator<Item = CheckOutcome> {
        let elements: &[Element] = match &self.value {
            Value::Series(elements) => elements,
            _ => &[],
        };
        let is_judged = |outcome: &CheckOutcome| *outcome != CheckOutcome::Unset;
        let by_element = elements
            .iter()
            .any(|element| element.outcome.is_some_and(|outcome| is_judged(&outcome)));
        let whole = if by_element { None } else { self.outcome };
        let each = elements.iter().filter_map(|element| element.outcome);
        whole.into_iter().chain(each).filter(is_judged)
    }
}

#[cfg(test)]
mod tests {
    use super::CheckOutcome::{Fail, Pass, Unset};
    use super::*;

    #[test]
    fn a_check_that_could_not_be_judged_has_no_say_beside_one_that_could() {
        assert_eq!(CheckOutcome::of_all([Unset, Pass]), Some(Pass));
        assert_eq!(CheckOutcome::of_all([Pass, Fail, Unset]), Some(Fail));
        assert_eq!(CheckOutcome::of_all([Unset]), Some(Unset));
        assert_eq!(CheckOutcome::of_all([]), None);
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
    fn each_judged_element_of_a_series_is_a_chance_to_fail() {
        let element =
            |index, outcome| Element { index, value: Scalar::Num(1.0), at: None, outcome };
        let mut series = Measurement::new(
            "fan",
            Value::Series(vec![element(0, Some(Pass)), element(1, Some(Fail))]),
        );
        series.outcome = Some(Fail);
        assert_eq!(series.judged().collect::<Vec<_>>(), [Pass, Fail]);
        series.value = Value::Series(vec![element(0, None), element(1, Some(Unset))]);
        assert_eq!(series.judged().collect::<Vec<_>>(), [Fail]);
        series.outcome = Some(Unset);
        assert_eq!(series.judged().count(), 0);
    }
}
