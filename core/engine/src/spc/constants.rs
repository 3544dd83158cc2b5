//! The constants of control charts: d2, d3 and c4 by subgroup size.
//!
//! For the range W of n standard normal values d2 = E W and d3 = √Var W; for their
//! standard deviation s, c4 = E s. By numerical integration, not from a table:
//!
//! d2 = ∫ [1 − Φ(x)ⁿ − (1 − Φ(x))ⁿ] dx and E W² = 2 ∫₀^∞ w P(W > w) dw with
//! P(W ≤ w) = n ∫ φ(x) [Φ(x + w) − Φ(x)]ⁿ⁻¹ dx.
//!
//! Source: L. H. C. Tippett, Biometrika 17 (1925) 364; ASTM Manual 7.

use crate::stats::beta::quadrature::NODES;
use crate::stats::gamma::ln_beta;
use crate::stats::{count, normal};
use libm::{exp, pow, sqrt};

/// The precision of the constants.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Precision {
    /// The integrals.
    #[default]
    Exact,
    /// Rounded as printed tables do (d2, d3 to three decimals, c4 to four), to reproduce
    /// NIST, JASP and Minitab.
    Published,
}

/// d2, d3 and c4 of one subgroup size.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Constants {
    /// Mean range.
    pub d2: f64,
    /// Standard deviation of the range.
    pub d3: f64,
    /// Mean standard deviation.
    pub c4: f64,
}

/// Constants for subgroups of `n` values; `None` below 2 and above 1,000 (ranges of larger
/// subgroups are not informative).
///
/// ```
/// use engine::spc::constants::{Precision, constants};
/// let five = constants(5, Precision::Exact).unwrap();
/// assert!((five.d2 - 2.325_928_947_28).abs() < 1e-10);
/// assert_eq!(constants(5, Precision::Published).unwrap().d2, 2.326);
/// ```
#[must_use]
pub fn constants(n: usize, precision: Precision) -> Option<Constants> {
    if !(2..=1_000).contains(&n) {
        return None;
    }
    let (d2, d3, c4) = (d2(n), d3(n), c4(n));
    let round = |x: f64, digits: f64| (x * digits).round() / digits;
    Some(match precision {
        Precision::Exact => Constants { d2, d3, c4 },
        Precision::Published => {
            Constants { d2: round(d2, 1e3), d3: round(d3, 1e3), c4: round(c4, 1e4) }
        }
    })
}

/// c4(n) = √(2/(n − 1)) Γ(n/2)/Γ((n − 1)/2) for n ≥ 2, through the beta function, so
/// that large n lose no digits.
#[must_use]
pub fn c4(n: usize) -> f64 {
    let half = (count(n) - 1.0) / 2.0;
    // Γ(h + ½)/Γ(h) = √π / B(h, ½).
    sqrt(core::f64::consts::PI / half) * exp(-ln_beta(half, 0.5))
}

/// The trapezoidal rule: exponentially exact for these smooth integrands.
fn d2(n: usize) -> f64 {
    const STEP: f64 = 0.05;
    let power = count(n);
    let height = |i: i32| {
        let x = f64::from(i) * STEP;
        1.0 - pow(normal::cdf(x), power) - pow(normal::sf(x), power)
    };
    // Symmetric about 0.
    STEP * (height(0) + 2.0 * (1..=200).map(height).sum::<f64>())
}

fn d3(n: usize) -> f64 {
    const PANELS: i32 = 8;
    const REACH: f64 = 16.0;
    let half = REACH / f64::from(2 * PANELS);
    let mut square = 0.0;
    for panel in 0..PANELS {
        let centre = half * f64::from(2 * panel + 1);
        for (node, share) in NODES {
            for w in [centre - half * node, centre + half * node] {
                square += half * share * w * range_above(w, n);
            }
        }
    }
    let mean = d2(n);
    sqrt(2.0 * square - mean * mean)
}

/// P(W > w), with x centred so that the integrand is symmetric.
fn range_above(w: f64, n: usize) -> f64 {
    const STEP: f64 = 0.1;
    let power = count(n) - 1.0;
    let height = |i: i32| {
        let x = f64::from(i) * STEP;
        let density = exp(-x * x / 2.0) / sqrt(core::f64::consts::TAU);
        // Φ(x + w) − Φ(x) from the tails on the side where they are small.
        let inside = if x > 0.0 {
            normal::sf(x) - normal::sf(x + w)
        } else {
            normal::cdf(x + w) - normal::cdf(x)
        };
        density * pow(inside, power)
    };
    1.0 - count(n) * STEP * (-90..=90).map(height).sum::<f64>()
}
