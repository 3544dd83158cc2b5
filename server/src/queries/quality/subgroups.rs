//! Subgroups of values: consecutive ones, or those with a common key.

use std::collections::HashMap;

use domain::dimension::{Dimension, Field};
use engine::spc::constants::Precision;
use engine::spc::within::Estimator;

use super::sample::{Sample, Value};
use super::word;
use crate::problem::ApiResult;
use crate::queries::asked::{Asked, wrong};

/// Most values of a subgroup of consecutive ones.
const MOST_CONSECUTIVE: usize = 1_000;

/// How values are divided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Subgroup {
    /// So many after each other.
    Consecutive(usize),
    /// Those with a common key.
    By(Dimension),
}

/// The parameters that choose subgroups and the estimate of σ within them.
pub(crate) const PARAMETERS: [&str; 3] = ["subgroup", "sigma", "constants"];

impl Subgroup {
    /// # Errors
    /// 400 for what is no subgroup.
    pub(crate) fn read(asked: &Asked) -> ApiResult<Self> {
        let Some(text) = asked.own("subgroup") else { return Ok(Self::Consecutive(1)) };
        if let Ok(size) = text.parse::<usize>() {
            let is_known = (1..=MOST_CONSECUTIVE).contains(&size);
            return is_known.then_some(Self::Consecutive(size)).ok_or_else(refused);
        }
        let known = [Field::Station, Field::Fixture, Field::Day, Field::ComponentLot];
        match Dimension::parse_group(text) {
            Ok(dimension @ Dimension::Attribute(_)) => Ok(Self::By(dimension)),
            Ok(Dimension::Field(field)) if known.contains(&field) => Ok(Self::By(field.into())),
            _ => Err(refused()),
        }
    }

    /// The dimension that values need keys of.
    pub(crate) fn dimension(&self) -> Option<&Dimension> {
        match self {
            Self::Consecutive(_) => None,
            Self::By(dimension) => Some(dimension),
        }
    }
}

fn refused() -> crate::problem::Problem {
    wrong(
        "subgroup",
        "must be a whole number from 1 to 1000, station, fixture, day, shift, lot, or attr.<name>",
    )
}

/// How σ within is estimated, where the request says so, and with which constants.
pub(crate) fn estimator(asked: &Asked) -> ApiResult<(Option<Estimator>, Precision)> {
    let estimators = Estimator::ALL.map(|estimator| (estimator.id(), estimator));
    let constants = [("exact", Precision::Exact), ("published", Precision::Published)];
    let precision = word(asked, "constants", &constants)?.unwrap_or_default();
    Ok((word(asked, "sigma", &estimators)?, precision))
}

/// Values by subgroup, in the order of the subgroups' first values.
#[derive(Debug, Clone, Default)]
pub(crate) struct Groups {
    /// Of all subgroups, one after the other.
    numbers: Vec<f64>,
    /// Where each subgroup ends.
    ends: Vec<usize>,
    /// The index of each subgroup's first value in the sample.
    pub(crate) firsts: Vec<usize>,
    /// Values of an incomplete last subgroup.
    pub(crate) left_out: usize,
}

impl Groups {
    pub(crate) fn new(sample: &Sample, subgroup: &Subgroup) -> Self {
        match subgroup {
            Subgroup::Consecutive(size) => {
                let whole = sample.values.len() / size * size;
                Self {
                    numbers: sample.values[..whole].iter().map(|value| value.value).collect(),
                    ends: (1..=whole / size).map(|group| group * size).collect(),
                    firsts: (0..whole / size).map(|group| group * size).collect(),
                    left_out: sample.values.len() - whole,
                }
            }
            Subgroup::By(_) => Self::by_key(&sample.values),
        }
    }

    fn by_key(values: &[Value]) -> Self {
        let mut places: HashMap<Option<&str>, usize> = HashMap::new();
        let mut groups: Vec<(usize, Vec<f64>)> = Vec::new();
        for (index, value) in values.iter().enumerate() {
            let place = *places.entry(value.key.as_deref()).or_insert_with(|| {
                groups.push((index, Vec::new()));
                groups.len() - 1
            });
            groups[place].1.push(value.value);
        }
        let mut all = Self::default();
        for (first, numbers) in groups {
            all.numbers.extend(numbers);
            all.ends.push(all.numbers.len());
            all.firsts.push(first);
        }
        all
    }

    /// Each subgroup's values.
    pub(crate) fn slices(&self) -> Vec<&[f64]> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, end)| &self.numbers[start..*end]).collect()
    }

    /// The size of the largest subgroup.
    pub(crate) fn largest(&self) -> usize {
        self.slices().iter().map(|group| group.len()).max().unwrap_or(0)
    }
}
