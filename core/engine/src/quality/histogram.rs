//! Histogram by the Freedman–Diaconis rule, and a kernel density estimate.

use crate::stats::moments::Moments;
use crate::stats::{count, quantiles};
use libm::{exp, log, pow, sqrt};

/// Maximum number of bins.
pub const MAX_BINS: usize = 200;
/// Points of the density.
const DENSITY_POINTS: usize = 101;
/// Cells of the linear binning for the density.
const CELLS: usize = 512;
/// A logarithmic axis is used where the largest value exceeds this multiple of the smallest.
pub const LOG_AXIS_RATIO: f64 = 1_000.0;

/// Bins [edge, next edge), the last one closed.
#[derive(Clone, Debug, PartialEq)]
pub struct Histogram {
    /// One more than counts, ascending, in the units of the values.
    pub edges: Vec<f64>,
    /// Number of values per bin.
    pub counts: Vec<u64>,
    /// True where bins are equally wide in the logarithm: positive values over more
    /// than three decades.
    pub is_log: bool,
    /// (x, density a unit of x); a Gaussian kernel with Silverman's width, on the axis's
    /// scale. Empty where nothing varies.
    pub density: Vec<(f64, f64)>,
}

/// The histogram of `values`; those that are not finite are ignored.
///
/// First edge at the minimum, width 2 IQR n^(−1/3); where the IQR is 0, range/√n; at
/// most 200 bins, the last edge at or behind the maximum. Equal values give one bin of
/// width 0. `None` without values.
///
/// Source: Freedman & Diaconis (1981); B. W. Silverman, Density Estimation (1986), 3.31.
#[must_use]
pub fn histogram(values: &[f64]) -> Option<Histogram> {
    let mut ascending = quantiles::sorted(values);
    let (first, last) = (*ascending.first()?, *ascending.last()?);
    let is_log = first > 0.0 && last / first > LOG_AXIS_RATIO;
    if is_log {
        for x in &mut ascending {
            *x = log(*x);
        }
    }
    let (least, most) = if is_log { (log(first), log(last)) } else { (first, last) };
    let n = count(ascending.len());
    let (q1, q3) = quantiles::quartiles(&ascending)?;
    let range = most - least;
    if range <= 0.0 || !range.is_finite() {
        let counts = vec![ascending.len() as u64];
        return Some(Histogram { edges: vec![first, last], counts, is_log, density: Vec::new() });
    }
    let iqr = q3 - q1;
    let width = if iqr > 0.0 { 2.0 * iqr * pow(n, -1.0 / 3.0) } else { range / sqrt(n) };
    let bins = (range / width).ceil().clamp(1.0, MAX_BINS as f64);
    // If the number of bins is capped, the width grows, so that the last edge still covers the
    // maximum.
    let width = if bins * width < range { range / bins } else { width };
    let bins = bins as usize;
    let mut counts = vec![0_u64; bins];
    for x in &ascending {
        let bin = ((x - least) / width) as usize;
        counts[bin.min(bins - 1)] += 1;
    }
    let back = |x: f64| if is_log { exp(x) } else { x };
    let mut edges: Vec<f64> = (0..=bins).map(|i| back(least + count(i) * width)).collect();
    edges[0] = first;
    if edges[bins] < last {
        edges[bins] = last;
    }
    let density = density(&ascending, iqr, is_log);
    Some(Histogram { edges, counts, is_log, density })
}

fn density(ascending: &[f64], iqr: f64, is_log: bool) -> Vec<(f64, f64)> {
    let n = count(ascending.len());
    let Some(sd) = Moments::from_values(ascending).sd().filter(|sd| *sd > 0.0) else {
        return Vec::new();
    };
    let spread = if iqr > 0.0 { sd.min(iqr / 1.34) } else { sd };
    let width = 0.9 * spread * pow(n, -0.2);
    let (least, most) = (ascending[0] - 3.0 * width, ascending[ascending.len() - 1] + 3.0 * width);
    let cell = (most - least) / count(CELLS - 1);
    // Each value is shared by its two neighbouring cells (linear binning).
    let mut weights = vec![0.0; CELLS];
    for x in ascending {
        let at = (x - least) / cell;
        let index = (at as usize).min(CELLS - 2);
        let share = at - count(index);
        weights[index] += 1.0 - share;
        weights[index + 1] += share;
    }
    let scale = 1.0 / (n * width * sqrt(core::f64::consts::TAU));
    let step = (most - least) / count(DENSITY_POINTS - 1);
    (0..DENSITY_POINTS)
        .map(|i| {
            let x = least + count(i) * step;
            let kernel = |(index, weight): (usize, &f64)| {
                let z = (least + count(index) * cell - x) / width;
                if z.abs() > 8.0 { 0.0 } else { weight * exp(-z * z / 2.0) }
            };
            let height = scale * weights.iter().enumerate().map(kernel).sum::<f64>();
            if is_log { (exp(x), height / exp(x)) } else { (x, height) }
        })
        .collect()
}
