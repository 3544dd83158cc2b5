//! Maximum likelihood of Johnson's S_U.
//!
//! For given ξ and λ the best γ and δ standardize y = asinh((x − ξ)/λ), so that the
//! likelihood is a function of two numbers, maximized by the simplex method of Nelder
//! and Mead (1965).
//!
//! Source: N. L. Johnson, Biometrika 36 (1949) 149.

use super::Family;
use crate::stats::moments::{Moments, sum};
use crate::stats::{count, quantiles};
use libm::{asinh, exp, log, log1p};

/// Steps of the simplex.
const MAX_STEPS: u32 = 300;
/// λ is searched between e⁻⁶ and e⁵ standard deviations: beyond it S_U is the normal.
const LOG_LAMBDA: core::ops::RangeInclusive<f64> = -6.0..=5.0;

pub(super) fn fit(ascending: &[f64], sd: f64) -> Option<Family> {
    let centre = quantiles::median(ascending)?;
    let scaled: Vec<f64> = ascending.iter().map(|x| (x - centre) / sd).collect();
    let [xi, log_lambda] = minimize([0.0, 0.7], |point| negative_log_likelihood(&scaled, point));
    let lambda = exp(log_lambda);
    let transformed: Vec<f64> = scaled.iter().map(|x| asinh((x - xi) / lambda)).collect();
    let moments = Moments::from_values(&transformed);
    let spread = moments.sd().filter(|spread| *spread > 0.0)?;
    Some(Family::JohnsonSu {
        gamma: -moments.mean / spread,
        delta: 1.0 / spread,
        xi: centre + sd * xi,
        lambda: sd * lambda,
    })
}

/// Per value and without constants: ln s_y + ln λ + ½ mean ln(1 + u²).
fn negative_log_likelihood(scaled: &[f64], [xi, log_lambda]: [f64; 2]) -> f64 {
    if !LOG_LAMBDA.contains(&log_lambda) || xi.abs() > 1e3 {
        return f64::INFINITY;
    }
    let lambda = exp(log_lambda);
    let u: Vec<f64> = scaled.iter().map(|x| (x - xi) / lambda).collect();
    let y: Vec<f64> = u.iter().map(|&u| asinh(u)).collect();
    let moments = Moments::from_values(&y);
    let n = count(scaled.len());
    let spread = 0.5 * log(moments.m2 / n);
    let value = spread + log_lambda + 0.5 * sum(u.iter().map(|u| log1p(u * u))) / n;
    if value.is_nan() { f64::INFINITY } else { value }
}

/// The simplex method in two dimensions.
fn minimize(start: [f64; 2], f: impl Fn([f64; 2]) -> f64) -> [f64; 2] {
    let mut simplex = [start, [start[0] + 0.5, start[1]], [start[0], start[1] + 0.5]]
        .map(|point| (f(point), point));
    let along = |from: [f64; 2], to: [f64; 2], t: f64| {
        [from[0] + t * (to[0] - from[0]), from[1] + t * (to[1] - from[1])]
    };
    for _ in 0..MAX_STEPS {
        simplex.sort_by(|one, other| one.0.total_cmp(&other.0));
        let [best, middle, worst] = simplex;
        let size =
            (0..2).map(|i| (worst.1[i] - best.1[i]).abs().max((middle.1[i] - best.1[i]).abs()));
        if size.fold(0.0, f64::max) < 1e-8 {
            break;
        }
        let centre = along(best.1, middle.1, 0.5);
        let try_at = |t: f64| {
            let point = along(worst.1, centre, t);
            (f(point), point)
        };
        let reflected = try_at(2.0);
        if reflected.0 < best.0 {
            let expanded = try_at(3.0);
            simplex[2] = if expanded.0 < reflected.0 { expanded } else { reflected };
        } else if reflected.0 < middle.0 {
            simplex[2] = reflected;
        } else {
            let contracted = if reflected.0 < worst.0 { try_at(1.5) } else { try_at(0.5) };
            if contracted.0 < worst.0.min(reflected.0) {
                simplex[2] = contracted;
            } else {
                for vertex in &mut simplex[1..] {
                    let point = along(best.1, vertex.1, 0.5);
                    *vertex = (f(point), point);
                }
            }
        }
    }
    simplex.sort_by(|one, other| one.0.total_cmp(&other.0));
    simplex[0].1
}
