//! Corrections for many tests at once.

/// Benjamini and Hochberg's adjusted p values (q values), in the order given.
///
/// qᵢ = min over j ≥ i of m p₍ⱼ₎/j in ascending order, at most 1. Controls the false
/// discovery rate for independent or positively dependent tests. NaN is treated as 1.
///
/// Source: Benjamini & Hochberg, JRSS B 57 (1995) 289.
///
/// ```
/// use engine::stats::multiple_testing::benjamini_hochberg;
/// assert_eq!(benjamini_hochberg(&[0.01, 0.04, 0.03]), [0.03, 0.04, 0.04]);
/// ```
#[must_use]
pub fn benjamini_hochberg(p: &[f64]) -> Vec<f64> {
    let order = ascending(p);
    let m = p.len() as f64;
    let mut adjusted = vec![1.0; p.len()];
    let mut least: f64 = 1.0;
    for (rank, &index) in order.iter().enumerate().rev() {
        least = least.min(value(p[index]) * m / (rank as f64 + 1.0));
        adjusted[index] = least;
    }
    adjusted
}

/// Holm's adjusted p values, in the order given: the running maximum of (m − i) p₍ᵢ₎.
/// Controls the probability of any false rejection without assumptions.
///
/// Source: S. Holm, Scandinavian Journal of Statistics 6 (1979) 65.
#[must_use]
pub fn holm(p: &[f64]) -> Vec<f64> {
    let order = ascending(p);
    let mut adjusted = vec![1.0; p.len()];
    let mut most: f64 = 0.0;
    for (rank, &index) in order.iter().enumerate() {
        most = most.max(value(p[index]) * (p.len() - rank) as f64).min(1.0);
        adjusted[index] = most;
    }
    adjusted
}

fn value(p: f64) -> f64 {
    if p.is_nan() { 1.0 } else { p }
}

fn ascending(p: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..p.len()).collect();
    order.sort_by(|&one, &other| value(p[one]).total_cmp(&value(p[other])));
    order
}
