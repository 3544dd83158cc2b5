//! Drift: the straight line through values over time, and when it meets a limit.
//!
//! Ordinary least squares of value on day; the slope's interval is slope ± t(ν) s(slope) with
//! ν = n − 2. Residuals are assumed independent with equal variance: values of one station that
//! depend on each other give an interval that is too narrow. The line is an extrapolation, not
//! a forecast: the day says when the mean would meet the limit if nothing changed.
//!
//! Source: NIST/SEMATECH e-Handbook, pmd41; NIST StRD Norris checks the line itself
//! (`stats::linear_regression`).

use crate::spc::capability::Limits;
use crate::stats::linear_regression::fit;
use crate::stats::{Range, normal, student_t};

/// A line through values over days.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Drift {
    /// Values.
    pub n: usize,
    /// The line at day 0.
    pub intercept: f64,
    /// Change of the mean a day.
    pub slope: f64,
    /// Its interval.
    pub ci: Range,
    /// Two-sided p of "no drift".
    pub p: f64,
    /// Where it goes.
    pub meets: Option<Meeting>,
}

/// Where the line and a limit meet.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Meeting {
    /// The day, after the last value; less where the mean is beyond the limit already.
    pub day: f64,
    /// Whether it is the upper limit.
    pub is_upper: bool,
}

/// The drift of (day, value) towards one of `limits`, with the slope's interval at `level`;
/// `None` below three values, where days do not vary, or for a level outside (0, 1).
///
/// ```
/// use engine::quality::drift::drift;
/// use engine::spc::capability::Limits;
/// let points = [(0.0, 1.0), (1.0, 2.1), (2.0, 2.9), (3.0, 4.0)];
/// let limits = Limits { low: None, high: Some(9.91), target: None };
/// let drift = drift(&points, limits, 0.95).unwrap();
/// assert!((drift.slope - 0.98).abs() < 1e-12 && (drift.intercept - 1.03).abs() < 1e-12);
/// let meets = drift.meets.unwrap();
/// assert!(meets.is_upper && (meets.day - 9.061_224_489_795_919).abs() < 1e-9);
/// ```
#[must_use]
pub fn drift(points: &[(f64, f64)], limits: Limits, level: f64) -> Option<Drift> {
    let tail = normal::outside_one_side(level)?;
    let line = fit(points)?;
    let df = crate::stats::count(points.len()) - 2.0;
    let reach = student_t::upper_quantile(tail, df) * line.slope_se;
    let towards = match line.slope {
        slope if slope > 0.0 => limits.high.map(|limit| (limit, true)),
        slope if slope < 0.0 => limits.low.map(|limit| (limit, false)),
        _ => None,
    };
    let meets = towards
        .map(|(limit, is_upper)| Meeting { day: (limit - line.intercept) / line.slope, is_upper });
    Some(Drift {
        n: line.n,
        intercept: line.intercept,
        slope: line.slope,
        ci: Range { low: line.slope - reach, high: line.slope + reach },
        p: line.slope_p,
        meets: meets.filter(|meets| meets.day.is_finite()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn squared(value: f64) -> f64 {
        value * value
    }

    /// By hand: slope −2.5/17.5, intercept 9.56667 + 2.5/7; t(0.975, 4) = 2.776445105.
    #[test]
    fn a_falling_mean_meets_the_lower_limit() {
        let values = [9.9, 9.7, 9.8, 9.5, 9.3, 9.2];
        let points: Vec<(f64, f64)> = (0..6).map(f64::from).zip(values).collect();
        let limits = Limits { low: Some(8.5), high: Some(11.0), target: None };
        let drift = drift(&points, limits, 0.95).unwrap();
        assert!((drift.slope + 0.142_857_142_857).abs() < 1e-9, "{}", drift.slope);
        let se = (drift.ci.high - drift.ci.low) / 2.0 / 2.776_445_105;
        let residuals: f64 =
            points.iter().map(|(x, y)| squared(y - drift.intercept - drift.slope * x)).sum();
        assert!((se - (residuals / 4.0 / 17.5).sqrt()).abs() < 1e-9);
        let meets = drift.meets.unwrap();
        assert!(
            !meets.is_upper
                && (meets.day - (9.923_809_523_8 - 8.5) / 0.142_857_142_857).abs() < 1e-6
        );
    }

    #[test]
    fn no_line_and_no_limit_are_said() {
        let limits = Limits { low: Some(1.0), high: None, target: None };
        assert_eq!(drift(&[(0.0, 1.0), (1.0, 2.0)], limits, 0.95), None);
        assert_eq!(drift(&[(1.0, 1.0), (1.0, 2.0), (1.0, 3.0)], limits, 0.95), None);
        let rising = [(0.0, 1.0), (1.0, 2.0), (2.0, 3.5)];
        assert_eq!(drift(&rising, limits, 0.95).unwrap().meets, None);
    }
}
