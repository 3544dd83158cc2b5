//! Comparison of groups (stations, fixtures, lots): do they measure alike?
//!
//! Welch's analysis of variance for means, Kruskal and Wallis for ranks, each with its
//! effect size, and all pairs of means by Welch's t test with Holm's correction.

use crate::stats::anova::{FTest, one_way, welch};
use crate::stats::kruskal_wallis::{KruskalWallis, kruskal_wallis};
use crate::stats::moments::Moments;
use crate::stats::multiple_testing::holm;
use crate::stats::quantiles;
use crate::stats::welch::{MeanDifference, mean_difference};

/// Maximum number of groups for pairwise comparison.
pub const MAX_PAIRED_GROUPS: usize = 30;

/// Summary statistics of a group.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Summary {
    /// Count, mean and spread.
    pub moments: Moments,
    /// Median; `None` without values.
    pub median: Option<f64>,
    /// Quartiles (type 7); `None` without values.
    pub quartiles: Option<(f64, f64)>,
}

/// The difference of two groups' means.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pair {
    /// Index of the first group.
    pub first: usize,
    /// Index of the second.
    pub second: usize,
    /// First mean minus second.
    pub difference: MeanDifference,
    /// p after Holm's correction over all pairs of the comparison.
    pub p_holm: f64,
}

/// The comparison.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// One per group, in the order given.
    pub groups: Vec<Summary>,
    /// `None` where a group has no variation or fewer than two values.
    pub welch: Option<FTest>,
    /// Effect size of the means: share of the variance that the groups explain, with
    /// its bias removed.
    pub omega_squared: Option<f64>,
    /// `None` where all values are equal.
    pub ranks: Option<KruskalWallis>,
    /// All pairs, where there are at most [`MAX_PAIRED_GROUPS`]; smallest p first.
    pub pairs: Vec<Pair>,
}

/// Compares `groups`; values must be finite. Empty groups are reported and not tested.
#[must_use]
pub fn compare(groups: &[&[f64]]) -> Comparison {
    let summaries: Vec<Summary> = groups.iter().map(|group| summarize(group)).collect();
    let tested: Vec<&[f64]> = groups.iter().copied().filter(|group| !group.is_empty()).collect();
    let mut pairs = Vec::new();
    if groups.len() <= MAX_PAIRED_GROUPS {
        for first in 0..groups.len() {
            for second in first + 1..groups.len() {
                let (one, other) = (summaries[first].moments, summaries[second].moments);
                if let Some(difference) = mean_difference(one, other, 0.95) {
                    pairs.push(Pair { first, second, difference, p_holm: 1.0 });
                }
            }
        }
    }
    let p: Vec<f64> = pairs.iter().map(|pair| pair.difference.p).collect();
    for (pair, adjusted) in pairs.iter_mut().zip(holm(&p)) {
        pair.p_holm = adjusted;
    }
    pairs.sort_by(|one, other| one.difference.p.total_cmp(&other.difference.p));
    Comparison {
        groups: summaries,
        welch: welch(&tested),
        omega_squared: one_way(&tested).map(|anova| anova.omega_squared),
        ranks: kruskal_wallis(&tested),
        pairs,
    }
}

fn summarize(group: &[f64]) -> Summary {
    let ascending = quantiles::sorted(group);
    Summary {
        moments: Moments::from_values(group),
        median: quantiles::median(&ascending),
        quartiles: quantiles::quartiles(&ascending),
    }
}
