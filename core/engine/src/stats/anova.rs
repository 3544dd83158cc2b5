//! One-way analysis of variance: equal variances (Fisher) and unequal ones (Welch).

use super::moments::{Moments, sum};
use super::{count, f_distribution};

/// An F test.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FTest {
    /// The statistic.
    pub f: f64,
    /// Degrees of freedom between groups.
    pub df1: f64,
    /// Degrees of freedom within groups.
    pub df2: f64,
    /// Upper tail.
    pub p: f64,
}

/// One-way analysis of variance with its sums of squares.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OneWay {
    /// The test; f is ∞ where the groups differ and nothing varies within them.
    pub test: FTest,
    /// Sum of squares between groups.
    pub between: f64,
    /// Sum of squares within groups.
    pub within: f64,
    /// Effect size η² = between / (between + within).
    pub eta_squared: f64,
    /// Effect size ω², less biased than η²; at least 0.
    pub omega_squared: f64,
}

/// One-way analysis of variance; assumes equal variances.
///
/// All values are shifted by the first, so that groups far from 0 lose no digits.
/// `None` below two groups, without degrees of freedom within, or where nothing varies.
#[must_use]
pub fn one_way(groups: &[&[f64]]) -> Option<OneWay> {
    let shift = *groups.iter().find(|group| !group.is_empty())?.first()?;
    let moments: Vec<Moments> = groups
        .iter()
        .filter(|group| !group.is_empty())
        .map(|group| Moments::from_values(&group.iter().map(|x| x - shift).collect::<Vec<_>>()))
        .collect();
    let n: u64 = moments.iter().map(|group| group.n).sum();
    let (k, n) = (count(moments.len()), n as f64);
    let grand = sum(moments.iter().map(|group| group.n as f64 * group.mean)) / n;
    let between = sum(moments.iter().map(|group| {
        let difference = group.mean - grand;
        group.n as f64 * difference * difference
    }));
    let within = sum(moments.iter().map(|group| group.m2));
    let (df1, df2) = (k - 1.0, n - k);
    let total = between + within;
    if df1 < 1.0 || df2 < 1.0 || total <= 0.0 || total.is_nan() {
        return None;
    }
    let mean_square = within / df2;
    let f = between / df1 / mean_square;
    Some(OneWay {
        test: FTest { f, df1, df2, p: f_distribution::sf(f, df1, df2) },
        between,
        within,
        eta_squared: between / total,
        omega_squared: ((between - df1 * mean_square) / (total + mean_square)).max(0.0),
    })
}

/// Welch's analysis of variance; groups may have different variances.
///
/// With wᵢ = nᵢ/sᵢ², W = Σwᵢ and x̃ = Σwᵢx̄ᵢ/W:
/// F = [Σwᵢ(x̄ᵢ − x̃)²/(k − 1)] / [1 + 2(k − 2)/(k² − 1) Λ], Λ = Σ(1 − wᵢ/W)²/(nᵢ − 1),
/// with k − 1 and (k² − 1)/(3Λ) degrees of freedom.
///
/// `None` below two groups, or where a group has fewer than two values or none vary.
///
/// Source: B. L. Welch, Biometrika 38 (1951) 330; R: `oneway.test`.
#[must_use]
pub fn welch(groups: &[&[f64]]) -> Option<FTest> {
    if groups.len() < 2 {
        return None;
    }
    let shift = *groups.first()?.first()?;
    let mut parts = Vec::with_capacity(groups.len());
    for group in groups {
        let moments = Moments::from_values(&group.iter().map(|x| x - shift).collect::<Vec<_>>());
        let variance = moments.variance().filter(|variance| *variance > 0.0)?;
        parts.push((moments, moments.n as f64 / variance));
    }
    let k = count(parts.len());
    let weights = sum(parts.iter().map(|(_, w)| *w));
    let centre = sum(parts.iter().map(|(group, w)| w * group.mean)) / weights;
    let lambda = sum(parts.iter().map(|(group, w)| {
        let rest = 1.0 - w / weights;
        rest * rest / (group.n - 1) as f64
    }));
    let between = sum(parts.iter().map(|(group, w)| {
        let difference = group.mean - centre;
        w * difference * difference
    }));
    let f = between / (k - 1.0) / (1.0 + 2.0 * (k - 2.0) / (k * k - 1.0) * lambda);
    let (df1, df2) = (k - 1.0, (k * k - 1.0) / (3.0 * lambda));
    Some(FTest { f, df1, df2, p: f_distribution::sf(f, df1, df2) })
}
