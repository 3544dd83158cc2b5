//! Sample quantiles.

use super::count;

/// The values in ascending order, without those that are not finite.
#[must_use]
pub fn sorted(values: &[f64]) -> Vec<f64> {
    let mut ascending: Vec<f64> = values.iter().copied().filter(|x| x.is_finite()).collect();
    ascending.sort_unstable_by(f64::total_cmp);
    ascending
}

/// Quantile of type 7 (the default of R, `NumPy` and Excel's PERCENTILE.INC) of values in
/// ascending order.
///
/// With h = (n − 1) p: x₍⌊h⌋₎ + (h − ⌊h⌋)(x₍⌊h⌋+1₎ − x₍⌊h⌋₎), counting from 0. `None`
/// without values or for p outside [0, 1].
///
/// Source: Hyndman & Fan, The American Statistician 50 (1996) 361.
///
/// ```
/// use engine::stats::quantiles::quantile;
/// assert_eq!(quantile(&[1.0, 2.0, 3.0, 4.0], 0.25), Some(1.75));
/// ```
#[must_use]
pub fn quantile(ascending: &[f64], p: f64) -> Option<f64> {
    if ascending.is_empty() || !(0.0..=1.0).contains(&p) {
        return None;
    }
    let h = count(ascending.len() - 1) * p;
    let below = h.floor();
    let index = (below as usize).min(ascending.len() - 1);
    let low = ascending[index];
    let high = ascending[(index + 1).min(ascending.len() - 1)];
    Some(low + (h - below) * (high - low))
}

/// Median of values in ascending order.
#[must_use]
pub fn median(ascending: &[f64]) -> Option<f64> {
    quantile(ascending, 0.5)
}

/// First and third quartile of values in ascending order.
#[must_use]
pub fn quartiles(ascending: &[f64]) -> Option<(f64, f64)> {
    Some((quantile(ascending, 0.25)?, quantile(ascending, 0.75)?))
}
