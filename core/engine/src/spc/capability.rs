//! Process capability: Cp, Cpk, Pp, Ppk and Cpm with intervals, and expected ppm.
//!
//! Cp = (USL − LSL)/6σ, CPU = (USL − μ)/3σ, CPL = (μ − LSL)/3σ, Cpk = min(CPU, CPL) with
//! σ within subgroups; Pp, PPU, PPL, Ppk the same with the overall σ (n − 1);
//! Cpm = (USL − LSL)/(6√(σ² + (μ − T)²)) with the overall σ.
//!
//! Assumes values that are independent, stable in time and normal. The control chart and the
//! normality test check these assumptions. With one limit only the index of that side exists. Where
//! σ is 0 there is no index ("no variation"), not ∞.
//!
//! Source: NIST/SEMATECH e-Handbook, pmc16; Montgomery, Introduction to Statistical
//! Quality Control, chapter 8; AIAG SPC.

use super::within::Within;
use crate::stats::families::{Family, Fit};
use crate::stats::moments::Moments;
use crate::stats::{Range, chi_square, normal, quantiles};
use libm::sqrt;

/// Below this many values an interval is shown, but no verdict.
pub const SMALL_SAMPLE: u64 = 30;

/// Specification limits and target; each may be absent.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Limits {
    /// Lower specification limit.
    pub low: Option<f64>,
    /// Upper specification limit.
    pub high: Option<f64>,
    /// Target.
    pub target: Option<f64>,
}

impl Limits {
    /// True where the limits can be computed with: finite, low < high, and at least one.
    #[must_use]
    pub fn is_usable(&self) -> bool {
        let finite = |limit: Option<f64>| limit.is_none_or(f64::is_finite);
        let ordered = self.low.zip(self.high).is_none_or(|(low, high)| low < high);
        finite(self.low)
            && finite(self.high)
            && finite(self.target)
            && ordered
            && (self.low.is_some() || self.high.is_some())
    }

    /// Numbers of values below the lower and above the upper limit (strictly).
    #[must_use]
    pub fn count_outside(&self, values: &[f64]) -> (u64, u64) {
        let below = self.low.map_or(0, |low| values.iter().filter(|x| **x < low).count());
        let above = self.high.map_or(0, |high| values.iter().filter(|x| **x > high).count());
        (below as u64, above as u64)
    }
}

/// An index with its interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Index {
    /// The estimate.
    pub value: f64,
    /// Its two-sided interval; `None` without degrees of freedom.
    pub ci: Option<Range>,
}

/// The indices for one σ.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Indices {
    /// Cp or Pp; needs both limits.
    pub both: Option<Index>,
    /// CPU or PPU; needs the upper limit.
    pub upper: Option<f64>,
    /// CPL or PPL; needs the lower limit.
    pub lower: Option<f64>,
    /// Cpk or Ppk: the smaller of those that exist.
    pub least: Option<Index>,
    /// Expected parts per million below the lower limit.
    pub ppm_below: Option<f64>,
    /// Expected parts per million above the upper limit.
    pub ppm_above: Option<f64>,
}

/// Capability of a process.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Capability {
    /// With σ within; empty where that could not be estimated or is 0.
    pub within: Indices,
    /// With the overall σ; empty where that is 0.
    pub overall: Indices,
    /// Needs both limits and a target.
    pub cpm: Option<Index>,
    /// Parts per million observed below and above.
    pub observed: (f64, f64),
}

/// Computes every index.
///
/// Intervals at `level`: Cp, Pp by chi-square (exact for an s with ν degrees of
/// freedom), Cpk, Ppk by Bissell's approximation Cpk [1 ± z √(1/(9n Cpk²) + 1/(2ν))],
/// Cpm by chi-square with n(1 + a²)²/(1 + 2a²) degrees of freedom, a = (μ − T)/s
/// (Boyles). ν is `within.df`, or n − 1 overall.
///
/// `None` below two values, for unusable limits, or a level outside (0, 1).
///
/// Source: A. F. Bissell, Applied Statistics 39 (1990) 331; R. A. Boyles, Journal of
/// Quality Technology 23 (1991) 17.
#[must_use]
pub fn capability(
    values: &[f64],
    within: Option<Within>,
    limits: Limits,
    level: f64,
) -> Option<Capability> {
    assemble(Moments::from_values(values), within, limits, limits.count_outside(values), level)
}

fn assemble(
    moments: Moments,
    within: Option<Within>,
    limits: Limits,
    (below, above): (u64, u64),
    level: f64,
) -> Option<Capability> {
    let sd = moments.sd()?;
    let tail = normal::outside_one_side(level)?;
    let overall = overall(moments, limits, level)?;
    let n = moments.n as f64;
    let at = |sigma: f64, df: f64| indices(moments.mean, sigma, df, n, limits, tail);
    Some(Capability {
        within: within.map_or_else(Indices::default, |within| at(within.sigma, within.df)),
        overall,
        cpm: cpm(moments.mean, sd, n, limits, tail),
        observed: (below as f64 / n * 1e6, above as f64 / n * 1e6),
    })
}

/// A sample whose capability is computed against many limits, as where limits are dragged: each
/// costs two binary searches, whatever the number of values.
///
/// ```
/// use engine::spc::capability::{Limits, Prepared, capability};
/// let values = [9.0, 10.5, 10.0, 11.0, 9.5, 10.2, 12.1];
/// let prepared = Prepared::new(&values, None);
/// for high in [9.0, 10.0, 12.1, 13.0] {
///     let limits = Limits { low: Some(8.5), high: Some(high), target: None };
///     assert_eq!(prepared.capability(limits, 0.95), capability(&values, None, limits, 0.95));
///     assert_eq!(prepared.count_outside(limits), limits.count_outside(&values));
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Prepared {
    ascending: Vec<f64>,
    moments: Moments,
    within: Option<Within>,
}

impl Prepared {
    /// Sorts finite `values`; σ within is estimated from their order before.
    #[must_use]
    pub fn new(values: &[f64], within: Option<Within>) -> Self {
        Self { ascending: quantiles::sorted(values), moments: Moments::from_values(values), within }
    }

    /// The values in ascending order.
    #[must_use]
    pub fn ascending(&self) -> &[f64] {
        &self.ascending
    }

    /// How many values lie below the lower and above the upper limit (strictly).
    #[must_use]
    pub fn count_outside(&self, limits: Limits) -> (u64, u64) {
        let n = self.ascending.len();
        let below = limits.low.map_or(0, |low| self.ascending.partition_point(|x| *x < low));
        let above =
            limits.high.map_or(0, |high| n - self.ascending.partition_point(|x| *x <= high));
        (below as u64, above as u64)
    }

    /// The same as [`capability`].
    #[must_use]
    pub fn capability(&self, limits: Limits, level: f64) -> Option<Capability> {
        let outside = self.count_outside(limits);
        assemble(self.moments, self.within, limits, outside, level)
    }
}

/// The overall indices from moments alone, for dragged limits and for lists of many parameters;
/// `None` below two values, for unusable limits, or a level outside (0, 1).
#[must_use]
pub fn overall(moments: Moments, limits: Limits, level: f64) -> Option<Indices> {
    let tail = normal::outside_one_side(level)?;
    let (sd, n) = (moments.sd()?, moments.n as f64);
    (limits.is_usable() && moments.mean.is_finite())
        .then(|| indices(moments.mean, sd, n - 1.0, n, limits, tail))
}

/// The indices for a known mean and σ.
fn indices(mean: f64, sigma: f64, df: f64, n: f64, limits: Limits, tail: f64) -> Indices {
    if sigma.is_nan() || sigma <= 0.0 {
        return Indices::default();
    }
    let upper = limits.high.map(|high| (high - mean) / (3.0 * sigma));
    let lower = limits.low.map(|low| (mean - low) / (3.0 * sigma));
    let both = limits.low.zip(limits.high).map(|(low, high)| {
        let value = (high - low) / (6.0 * sigma);
        Index { value, ci: chi_square_interval(value, df, tail) }
    });
    let least = match (lower, upper) {
        (Some(lower), Some(upper)) => Some(lower.min(upper)),
        (lower, upper) => lower.or(upper),
    };
    let least = least.map(|value| {
        let reach = -normal::quantile(tail) * sqrt(1.0 / (9.0 * n) + value * value / (2.0 * df));
        let ci = (df > 0.0).then_some(Range { low: value - reach, high: value + reach });
        Index { value, ci }
    });
    let ppm = |index: f64| 1e6 * normal::sf(3.0 * index);
    Indices { both, upper, lower, least, ppm_below: lower.map(ppm), ppm_above: upper.map(ppm) }
}

fn chi_square_interval(value: f64, df: f64, tail: f64) -> Option<Range> {
    (df > 0.0).then(|| Range {
        low: value * sqrt(chi_square::quantile(tail, df) / df),
        high: value * sqrt(chi_square::upper_quantile(tail, df) / df),
    })
}

fn cpm(mean: f64, sd: f64, n: f64, limits: Limits, tail: f64) -> Option<Index> {
    let (low, high, target) = (limits.low?, limits.high?, limits.target?);
    let off = mean - target;
    let spread = sqrt(sd * sd + off * off);
    if spread <= 0.0 || sd <= 0.0 {
        return None;
    }
    let value = (high - low) / (6.0 * spread);
    let square = off / sd * (off / sd);
    let df = n * (1.0 + square) * (1.0 + square) / (1.0 + 2.0 * square);
    Some(Index { value, ci: chi_square_interval(value, df, tail) })
}

/// Ppk where the values are not normal.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NonNormal {
    /// The fitted family; `None` where sample percentiles were used.
    pub family: Option<Family>,
    /// min((USL − x₀.₅)/(x₀.₉₉₈₆₅ − x₀.₅), (x₀.₅ − LSL)/(x₀.₅ − x₀.₀₀₁₃₅)).
    pub ppk: f64,
}

/// Ppk by percentiles of a distribution (ISO 22514-4): of the best of `fits` that its test does not
/// reject (p ≥ 0.05), else of the sample, which needs 1,000 values for meaningful outer
/// percentiles.
///
/// `None` where neither holds, limits are unusable, or a half-width is 0.
#[must_use]
pub fn non_normal(ascending: &[f64], fits: &[Fit], limits: Limits) -> Option<NonNormal> {
    if !limits.is_usable() {
        return None;
    }
    let family = fits.first().filter(|fit| fit.test.p >= 0.05).map(|fit| fit.family);
    let percentile = |p: f64| match family {
        Some(family) => Some(family.quantile(p)),
        None if ascending.len() >= 1_000 => quantiles::quantile(ascending, p),
        None => None,
    };
    let half = normal::sf(3.0);
    let (left, middle, right) = (percentile(half)?, percentile(0.5)?, percentile(1.0 - half)?);
    let above = limits.high.map(|high| (high - middle) / (right - middle));
    let below = limits.low.map(|low| (middle - low) / (middle - left));
    let ppk = match (below, above) {
        (Some(below), Some(above)) => below.min(above),
        (below, above) => below.or(above)?,
    };
    ppk.is_finite().then_some(NonNormal { family, ppk })
}
