//! Laney's p′ and u′ charts: limits that allow for variation beyond sampling.
//!
//! zᵢ = (pᵢ − p̄)/σᵢ; σ_z = mean |zᵢ − zᵢ₋₁| / d2(2); limits p̄ ± 3 σᵢ σ_z. With σ_z = 1 it
//! is the ordinary chart; a real process with thousands of units a point has σ_z > 1,
//! because its true rate is not constant.
//!
//! Source: D. B. Laney, Quality Engineering 14 (2002) 531.

use super::Point;
use super::attributes::{Count, Kind, chart, point};
use super::constants::{Precision, constants};
use super::within::mean_moving_range;

/// σ_z of `counts` around `rate`; `None` below two groups or at a rate without variation.
///
/// `kind` is [`Kind::P`] or [`Kind::U`]; the others are computed alike.
#[must_use]
pub fn sigma_z(kind: Kind, counts: &[Count], rate: f64, precision: Precision) -> Option<f64> {
    let z: Vec<f64> = chart(kind, counts, rate).iter().map(Point::z).collect();
    let mean = mean_moving_range(&z)?;
    mean.is_finite().then_some(mean / constants(2, precision)?.d2)
}

/// Computes the chart of `counts` with a rate and a σ_z, either their own or frozen ones.
#[must_use]
pub fn laney(kind: Kind, counts: &[Count], rate: f64, sigma_z: f64) -> Vec<Point> {
    counts.iter().map(|count| point(kind, *count, rate, sigma_z)).collect()
}
