//! Confidence intervals on a proportion: k of n.

use crate::stats::{beta, normal};
use core::{fmt, str::FromStr};
use libm::sqrt;

/// `k` of `n`: a yield as counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Proportion {
    /// Number with the property (passed).
    pub k: u64,
    /// Total number.
    pub n: u64,
}

impl Proportion {
    /// k/n as a fraction; `None` where n = 0 or k > n.
    ///
    /// Counts above 2⁵³ are rounded to the nearest double first.
    ///
    /// ```
    /// use engine::proportion::Proportion;
    /// assert_eq!(Proportion { k: 2, n: 8 }.fraction(), Some(0.25));
    /// assert_eq!(Proportion { k: 0, n: 0 }.fraction(), None);
    /// ```
    #[must_use]
    pub fn fraction(self) -> Option<f64> {
        (self.n > 0 && self.k <= self.n).then(|| self.k as f64 / self.n as f64)
    }
}

/// The method of an interval.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Method {
    /// Wilson's score interval: the default. Its coverage is near the level on average.
    #[default]
    Wilson,
    /// Wilson's score interval with continuity correction.
    WilsonCc,
    /// Clopper and Pearson's interval: its coverage is never below the level, so use it for
    /// contractual statements. Wider.
    ClopperPearson,
}

impl Method {
    /// Every method, in the order of the picker.
    pub const ALL: [Self; 3] = [Self::Wilson, Self::WilsonCc, Self::ClopperPearson];

    /// The name in URLs and in JSON.
    ///
    /// ```
    /// use engine::proportion::Method;
    /// assert_eq!(Method::ClopperPearson.id(), "clopper-pearson");
    /// ```
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Wilson => "wilson",
            Self::WilsonCc => "wilson-cc",
            Self::ClopperPearson => "clopper-pearson",
        }
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

/// A name that is not the [`Method::id`] of any method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownMethod;

impl fmt::Display for UnknownMethod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the interval is wilson, wilson-cc or clopper-pearson")
    }
}

impl core::error::Error for UnknownMethod {}

impl FromStr for Method {
    type Err = UnknownMethod;

    fn from_str(name: &str) -> Result<Self, UnknownMethod> {
        Self::ALL.into_iter().find(|method| method.id() == name).ok_or(UnknownMethod)
    }
}

/// A two-sided confidence interval on a proportion, as fractions in [0, 1].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// Lower end; exactly 0 where k = 0.
    pub low: f64,
    /// Upper end; exactly 1 where k = n.
    pub high: f64,
    /// The requested confidence level, such as 0.95.
    pub level: f64,
    /// The method.
    pub method: Method,
}

/// The two-sided interval for `passed` of `n` at `level`.
///
/// * [`Method::Wilson`]: (p̂ + z²/2n ± z √(p̂(1 − p̂)/n + z²/4n²)) / (1 + z²/n).
/// * [`Method::WilsonCc`]: the same with k − ½ for the lower and k + ½ for the upper end.
/// * [`Method::ClopperPearson`]: from B⁻¹(α/2; k, n − k + 1) to B⁻¹(1 − α/2; k + 1, n − k),
///   α = 1 − level.
///
/// Both Wilson intervals are computed from the roots' product, which keeps the
/// relative accuracy of a small lower end.
///
/// `None` where n = 0, passed > n, or the level is not between 0 and 1 (NaN
/// included). k = 0 gives low = 0, k = n gives high = 1, exactly. k/n is always inside.
///
/// Measured against 40-digit values (n to 10⁷, levels 0.5 to 1 − 10⁻⁹): relative error
/// of either end at most 8·10⁻¹⁶ for the Wilson intervals, 6·10⁻¹⁵ for Clopper–Pearson.
///
/// Source: R. G. Newcombe, Statistics in Medicine 17 (1998) 857, methods 3, 4 and 5;
/// NIST/SEMATECH e-Handbook, prc241.
///
/// ```
/// use engine::proportion::{Method, interval};
/// let ci = interval(95, 100, Method::Wilson, 0.95).unwrap();
/// assert!((ci.low - 0.888_250).abs() < 1e-6 && (ci.high - 0.978_456).abs() < 1e-6);
/// assert!(interval(0, 0, Method::Wilson, 0.95).is_none());
/// ```
#[must_use]
pub fn interval(passed: u64, n: u64, method: Method, level: f64) -> Option<Interval> {
    let estimate = Proportion { k: passed, n }.fraction()?;
    let alpha_half = normal::outside_one_side(level)?;
    let (k, rest, total) = (passed as f64, (n - passed) as f64, n as f64);
    let (low, high) = match method {
        Method::Wilson => {
            let z = normal::two_sided(level)?;
            (score_low(k, rest, total, z), score_high(k, rest, total, z))
        }
        Method::WilsonCc => {
            let z = normal::two_sided(level)?;
            (score_low(k - 0.5, rest + 0.5, total, z), score_high(k + 0.5, rest - 0.5, total, z))
        }
        Method::ClopperPearson => (
            beta::quantile(alpha_half, k, rest + 1.0),
            beta::upper_quantile(alpha_half, k + 1.0, rest),
        ),
    };
    Some(Interval {
        // Rounding may put the last bit on the wrong side of k/n; known bounds are exact.
        low: if passed == 0 { 0.0 } else { low.clamp(0.0, estimate) },
        high: if passed == n { 1.0 } else { high.clamp(estimate, 1.0) },
        level,
        method,
    })
}

/// Lower root p of (n + z²) p² − (2k + z²) p + k²/n = 0, `rest` = n − k, for k > 0.
fn score_low(k: f64, rest: f64, n: f64, z: f64) -> f64 {
    2.0 * k * (k / n) / (2.0 * k + z * z + z * sqrt(z * z + 4.0 * k * (rest / n)))
}

/// Upper root of the same equation, for k < n.
fn score_high(k: f64, rest: f64, n: f64, z: f64) -> f64 {
    let square = z * z;
    (2.0 * k + square + z * sqrt(square + 4.0 * k * (rest / n))) / (2.0 * (n + square))
}
