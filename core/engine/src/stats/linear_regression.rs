//! Least-squares line through points.

use super::moments::{Moments, sum};
use super::{count, student_t};
use libm::sqrt;

/// y = intercept + slope x, with standard errors.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Line {
    /// Number of points.
    pub n: usize,
    /// Value at x = 0.
    pub intercept: f64,
    /// Change of y per unit of x.
    pub slope: f64,
    /// Standard error of the intercept.
    pub intercept_se: f64,
    /// Standard error of the slope.
    pub slope_se: f64,
    /// Standard deviation of the residuals, n − 2 degrees of freedom.
    pub residual_sd: f64,
    /// Share of the variation of y explained; 1 where y does not vary.
    pub r_squared: f64,
    /// Two-sided p of "slope = 0".
    pub slope_p: f64,
    /// Two-sided p of "intercept = 0".
    pub intercept_p: f64,
}

/// Fits a line to (x, y); `None` below three points or where x does not vary.
///
/// Sums are of deviations from the means, so that a large common part loses no digits.
/// Residuals are assumed independent with equal variance.
///
/// ```
/// use engine::stats::linear_regression::fit;
/// let line = fit(&[(0.0, 1.0), (1.0, 3.0), (2.0, 5.0)]).unwrap();
/// assert_eq!((line.intercept, line.slope), (1.0, 2.0));
/// ```
#[must_use]
pub fn fit(points: &[(f64, f64)]) -> Option<Line> {
    if points.len() < 3 {
        return None;
    }
    let n = count(points.len());
    let x = Moments::from_values(&points.iter().map(|point| point.0).collect::<Vec<_>>());
    let y = Moments::from_values(&points.iter().map(|point| point.1).collect::<Vec<_>>());
    if x.m2 <= 0.0 || x.m2.is_nan() {
        return None;
    }
    let slope = sum(points.iter().map(|(u, v)| (u - x.mean) * (v - y.mean))) / x.m2;
    let intercept = y.mean - slope * x.mean;
    let residuals = sum(points.iter().map(|(u, v)| {
        let rest = (v - y.mean) - slope * (u - x.mean);
        rest * rest
    }));
    let variance = residuals / (n - 2.0);
    let slope_se = sqrt(variance / x.m2);
    let intercept_se = sqrt(variance * (1.0 / n + x.mean * x.mean / x.m2));
    let p = |estimate: f64, se: f64| {
        if se > 0.0 {
            student_t::two_sided_p(estimate / se, n - 2.0)
        } else if estimate == 0.0 {
            1.0
        } else {
            0.0
        }
    };
    Some(Line {
        n: points.len(),
        intercept,
        slope,
        intercept_se,
        slope_se,
        residual_sd: sqrt(variance),
        r_squared: if y.m2 > 0.0 { 1.0 - residuals / y.m2 } else { 1.0 },
        slope_p: p(slope, slope_se),
        intercept_p: p(intercept, intercept_se),
    })
}
