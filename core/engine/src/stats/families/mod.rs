//! Families of distributions that a measurement may follow, fitted by maximum likelihood.
//!
//! Used for capability where the normal distribution does not hold. Each fit is tested
//! by Anderson–Darling; the family with the largest p is chosen (on a tie the smaller
//! A², then the simpler family).

mod gamma_fit;
mod johnson;
pub(crate) mod weibull_fit;

use super::anderson_darling::{AndersonDarling, asymptotic_p, normal_p, statistic};
use super::moments::Moments;
use super::{count, incomplete_gamma, normal, quantiles};
use core::fmt;
use libm::{asinh, exp, expm1, log, log1p, pow, sinh, sqrt};

/// A fitted distribution.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Family {
    /// Normal.
    Normal {
        /// Mean.
        mean: f64,
        /// Standard deviation (n − 1).
        sd: f64,
    },
    /// The logarithm is normal; positive values only.
    Lognormal {
        /// Mean of the logarithm.
        mean: f64,
        /// Standard deviation of the logarithm (n − 1).
        sd: f64,
    },
    /// Weibull; positive values only.
    Weibull {
        /// Shape.
        shape: f64,
        /// Scale: the 63.2 % quantile.
        scale: f64,
    },
    /// Gamma; positive values only.
    Gamma {
        /// Shape.
        shape: f64,
        /// Scale: mean / shape.
        scale: f64,
    },
    /// Johnson's S_U: γ + δ asinh((x − ξ)/λ) is standard normal. Heavier tails than
    /// the normal, any skewness.
    JohnsonSu {
        /// γ.
        gamma: f64,
        /// δ > 0.
        delta: f64,
        /// ξ.
        xi: f64,
        /// λ > 0.
        lambda: f64,
    },
}

impl fmt::Display for Family {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

impl Family {
    /// The name in responses.
    #[must_use]
    pub fn id(&self) -> &'static str {
        match self {
            Self::Normal { .. } => "normal",
            Self::Lognormal { .. } => "lognormal",
            Self::Weibull { .. } => "weibull",
            Self::Gamma { .. } => "gamma",
            Self::JohnsonSu { .. } => "johnson-su",
        }
    }

    /// Lower and upper tail at x.
    #[must_use]
    pub fn tails(&self, x: f64) -> (f64, f64) {
        let standard = |z: f64| (normal::cdf(z), normal::sf(z));
        match *self {
            Self::Normal { mean, sd } => standard((x - mean) / sd),
            Self::JohnsonSu { gamma, delta, xi, lambda } => {
                standard(gamma + delta * asinh((x - xi) / lambda))
            }
            _ if x <= 0.0 => (0.0, 1.0),
            Self::Lognormal { mean, sd } => standard((log(x) - mean) / sd),
            Self::Weibull { shape, scale } => {
                let hazard = pow(x / scale, shape);
                (-expm1(-hazard), exp(-hazard))
            }
            Self::Gamma { shape, scale } => (
                incomplete_gamma::lower(shape, x / scale),
                incomplete_gamma::upper(shape, x / scale),
            ),
        }
    }

    /// The x below which a share `p` lies.
    #[must_use]
    pub fn quantile(&self, p: f64) -> f64 {
        match *self {
            Self::Normal { mean, sd } => mean + sd * normal::quantile(p),
            Self::Lognormal { mean, sd } => exp(mean + sd * normal::quantile(p)),
            Self::Weibull { shape, scale } => scale * pow(-log1p(-p), 1.0 / shape),
            Self::Gamma { shape, scale } => scale * incomplete_gamma::quantile(shape, p),
            Self::JohnsonSu { gamma, delta, xi, lambda } => {
                xi + lambda * sinh((normal::quantile(p) - gamma) / delta)
            }
        }
    }

    /// p of A² for this family with all parameters estimated from n values.
    ///
    /// Weibull: the approximation of MIL-HDBK-17-1F 8.3.4.2.2. Gamma: the normal case,
    /// scaled by the 5 % points of D'Agostino & Stephens, Table 4.21. Johnson: the normal
    /// case on the transformed values, as common programs do; it is too large for small n.
    fn p(&self, a2: f64, n: f64) -> f64 {
        match *self {
            Self::Weibull { .. } => {
                let a = a2 * (1.0 + 0.2 / sqrt(n));
                1.0 / (1.0 + exp(-0.10 + 1.24 * log(a) + 4.48 * a))
            }
            Self::Gamma { shape, .. } => asymptotic_p(a2 / (1.0 + 0.034 / 0.752 / shape.max(1.0))),
            _ => normal_p(a2, n),
        }
    }
}

/// A family with its test.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fit {
    /// The fitted distribution.
    pub family: Family,
    /// The goodness of fit.
    pub test: AndersonDarling,
}

/// Fits every family that the values allow; the best first.
///
/// Empty below eight values or without variation. Values that are not finite are ignored.
#[must_use]
pub fn fit_all(values: &[f64]) -> Vec<Fit> {
    let ascending = quantiles::sorted(values);
    let moments = Moments::from_values(&ascending);
    let Some(sd) = moments.sd().filter(|sd| *sd > 0.0) else { return Vec::new() };
    if ascending.len() < 8 {
        return Vec::new();
    }
    let mut families = vec![Family::Normal { mean: moments.mean, sd }];
    if ascending[0] > 0.0 {
        let logs: Vec<f64> = ascending.iter().map(|&x| log(x)).collect();
        let log_moments = Moments::from_values(&logs);
        if let Some(sd) = log_moments.sd().filter(|sd| *sd > 0.0) {
            families.push(Family::Lognormal { mean: log_moments.mean, sd });
        }
        families.extend(weibull_fit::fit(&ascending, &logs));
        families.extend(gamma_fit::fit(moments.mean, log_moments.mean));
    }
    families.extend(johnson::fit(&ascending, sd));
    let n = count(ascending.len());
    let mut fits: Vec<Fit> = families
        .into_iter()
        .map(|family| {
            let a2 = statistic(&ascending, |x| family.tails(x));
            Fit { family, test: AndersonDarling { a2, p: family.p(a2, n) } }
        })
        .filter(|fit| fit.test.a2.is_finite())
        .collect();
    fits.sort_by(|one, other| {
        let by_p = other.test.p.total_cmp(&one.test.p);
        by_p.then(one.test.a2.total_cmp(&other.test.a2))
    });
    fits
}
