//! A tail by a continued fraction.

use super::tails::Corner;

/// More steps than any parameters below the quadrature's threshold need.
const MAX_STEPS: u32 = 10_000;

/// I_x(a, b) divided by xᵃ (1 − x)ᵇ / B(a, b).
///
/// The even part of the continued fraction DLMF 8.17.22, as used by A. R. Didonato
/// and A. H. Morris, Algorithm 708, ACM TOMS 18 (1992) 360: it takes the distance to
/// the mean as given instead of computing it from a − (a + b) x. Evaluated forward by
/// the method of Lentz, modified by Thompson and Barnett (1986).
pub(super) fn tail_over_weight(corner: &Corner) -> f64 {
    const TINY: f64 = 1e-300;
    let nonzero = |value: f64| if value == 0.0 { TINY } else { value };

    let mut value = nonzero(denominator(corner, 0.0));
    let mut c = value;
    let mut d = 0.0;
    for step in 1..=MAX_STEPS {
        let m = f64::from(step);
        let (top, bottom) = (numerator(corner, m), denominator(corner, m));
        d = 1.0 / nonzero(bottom + top * d);
        c = nonzero(bottom + top / c);
        let factor = c * d;
        value *= factor;
        if (factor - 1.0).abs() <= f64::EPSILON {
            break;
        }
    }
    1.0 / value
}

/// m (a + m − 1)(a + b + m − 1)(b − m) x² / (a + 2m − 1)².
fn numerator(corner: &Corner, m: f64) -> f64 {
    let Corner { a, b, x, .. } = *corner;
    let width = a + 2.0 * m - 1.0;
    let left = (a + m - 1.0) / width * ((a + b + m - 1.0) * x);
    let right = m / width * ((b - m) * x);
    left * right
}

/// m + m (b − m) x / (a + 2m − 1) + (a + m)(a y − b x + 1 + m (2 − x)) / (a + 2m + 1).
fn denominator(corner: &Corner, m: f64) -> f64 {
    let Corner { a, b, x, y, below_mean } = *corner;
    let middle = if m == 0.0 { 0.0 } else { m * ((b - m) * x) / (a + 2.0 * m - 1.0) };
    let last = (a + m) / (a + 2.0 * m + 1.0) * (below_mean + 1.0 + m * (1.0 + y));
    m + middle + last
}
