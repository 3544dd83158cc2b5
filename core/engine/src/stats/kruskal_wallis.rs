//! The rank test of Kruskal and Wallis.

use super::ranks::midranks;
use super::{chi_square, count};

/// The test's result.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct KruskalWallis {
    /// H, corrected for ties.
    pub h: f64,
    /// Degrees of freedom: groups − 1.
    pub df: f64,
    /// Upper tail of chi-square.
    pub p: f64,
    /// Effect size ε² = H/(n − 1), in [0, 1].
    pub epsilon_squared: f64,
}

/// H = 12/(n(n+1)) Σ Rᵢ²/nᵢ − 3(n+1), divided by 1 − Σ(t³−t)/(n³−n).
///
/// `None` below two groups that have values, or where all values are equal.
///
/// Source: Kruskal & Wallis, JASA 47 (1952) 583.
#[must_use]
pub fn kruskal_wallis(groups: &[&[f64]]) -> Option<KruskalWallis> {
    let groups: Vec<_> = groups.iter().filter(|group| !group.is_empty()).collect();
    let all: Vec<f64> = groups.iter().flat_map(|group| group.iter().copied()).collect();
    let n = count(all.len());
    let (ranks, ties) = midranks(&all);
    let correction = 1.0 - ties / (n * n * n - n);
    if groups.len() < 2 || correction.is_nan() || correction <= 0.0 {
        return None;
    }
    let mut from = 0;
    let mut spread = 0.0;
    let middle = (n + 1.0) / 2.0;
    for group in &groups {
        let to = from + group.len();
        let size = count(group.len());
        let mean = ranks[from..to].iter().sum::<f64>() / size;
        spread += size * (mean - middle) * (mean - middle);
        from = to;
    }
    let h = 12.0 / (n * (n + 1.0)) * spread / correction;
    let df = count(groups.len()) - 1.0;
    Some(KruskalWallis { h, df, p: chi_square::sf(h, df), epsilon_squared: h / (n - 1.0) })
}
