//! The standard deviation within subgroups.

use super::constants::{Constants, Precision, c4, constants};
use crate::stats::count;
use crate::stats::moments::{Moments, sum};
use core::fmt;
use libm::sqrt;
use std::collections::BTreeMap;

/// The estimator of σ within.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Estimator {
    /// Mean moving range of individuals / d2(2).
    MovingRange,
    /// Mean of Rᵢ/d2(nᵢ).
    Range,
    /// Mean of sᵢ/c4(nᵢ).
    StandardDeviation,
    /// √(Σ(nᵢ − 1)sᵢ² / Σ(nᵢ − 1)), without c4.
    Pooled,
}

impl Estimator {
    /// Every estimator.
    pub const ALL: [Self; 4] =
        [Self::MovingRange, Self::Range, Self::StandardDeviation, Self::Pooled];

    /// The name in URLs and responses.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::MovingRange => "mr",
            Self::Range => "rbar",
            Self::StandardDeviation => "sbar",
            Self::Pooled => "pooled",
        }
    }

    /// The estimator for subgroups whose largest has `size` values: moving ranges for
    /// individuals, ranges up to eight, else standard deviations.
    #[must_use]
    pub fn default_for(size: usize) -> Self {
        match size {
            0 | 1 => Self::MovingRange,
            2..=8 => Self::Range,
            _ => Self::StandardDeviation,
        }
    }
}

impl fmt::Display for Estimator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

/// σ within, its degrees of freedom and its estimator.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Within {
    /// The estimate.
    pub sigma: f64,
    /// Degrees of freedom: number of moving ranges, or Σ(nᵢ − 1). For ranges this is
    /// what JASP and Minitab print; their efficiency is lower (0.6 for moving ranges).
    pub df: f64,
    /// The estimator.
    pub estimator: Estimator,
}

/// Cache of d2, d3 and c4 by size.
#[derive(Debug, Default)]
pub(crate) struct Table {
    precision: Precision,
    known: BTreeMap<usize, Option<Constants>>,
}

impl Table {
    pub(crate) fn new(precision: Precision) -> Self {
        Self { precision, known: BTreeMap::new() }
    }

    pub(crate) fn get(&mut self, n: usize) -> Option<Constants> {
        let precision = self.precision;
        *self.known.entry(n).or_insert_with(|| constants(n, precision))
    }

    /// c4 alone: any size.
    pub(crate) fn c4(&mut self, n: usize) -> Option<f64> {
        if n <= 1_000 { self.get(n).map(|known| known.c4) } else { Some(c4(n)) }
    }
}

/// Estimates σ within from `subgroups`; subgroups of one value are omitted, except for moving
/// ranges, which use all values in sequence.
///
/// Equal sizes give R̄/d2 and S̄/c4; unequal ones the unweighted mean of the subgroups'
/// estimates (R `qcc`: UWAVE-R, UWAVE-SD). `None` where nothing can be estimated (no
/// pair of values, or a range of more than 1,000 values).
#[must_use]
pub fn within(subgroups: &[&[f64]], estimator: Estimator, precision: Precision) -> Option<Within> {
    let mut table = Table::new(precision);
    if estimator == Estimator::MovingRange {
        let values: Vec<f64> = subgroups.iter().flat_map(|group| group.iter().copied()).collect();
        let mean = mean_moving_range(&values)?;
        let sigma = mean / table.get(2)?.d2;
        return Some(Within { sigma, df: count(values.len()) - 1.0, estimator });
    }
    let mut estimates = Vec::with_capacity(subgroups.len());
    let (mut df, mut squares) = (0.0, 0.0);
    for group in subgroups.iter().filter(|group| group.len() >= 2) {
        df += count(group.len()) - 1.0;
        let moments = Moments::from_values(group);
        match estimator {
            Estimator::Pooled => squares += moments.m2,
            Estimator::StandardDeviation => {
                estimates.push(moments.sd()? / table.c4(group.len())?);
            }
            Estimator::Range | Estimator::MovingRange => {
                estimates.push(range(group) / table.get(group.len())?.d2);
            }
        }
    }
    if df == 0.0 {
        return None;
    }
    let sigma = if estimator == Estimator::Pooled {
        sqrt(squares / df)
    } else {
        sum(estimates.iter().copied()) / count(estimates.len())
    };
    Some(Within { sigma, df, estimator })
}

/// Mean of |xᵢ − xᵢ₋₁|; `None` below two values.
#[must_use]
pub fn mean_moving_range(values: &[f64]) -> Option<f64> {
    let ranges = values.windows(2).map(|pair| (pair[1] - pair[0]).abs());
    (values.len() >= 2).then(|| sum(ranges) / (count(values.len()) - 1.0))
}

/// Largest minus smallest value.
pub(crate) fn range(values: &[f64]) -> f64 {
    let most = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let least = values.iter().copied().fold(f64::INFINITY, f64::min);
    most - least
}
