//! Gage R&R by the average-and-range method.
//!
//! EV = R̄ K1, AV = √((X̄diff K2)² − EV²/(p r)), PV = Rp K3, with K = 1/d2* and
//! d2*(m, g) = √(d2² + d3²/g) for the mean of g ranges of m values (K1 uses d2 itself, as
//! AIAG does for many ranges).
//!
//! Source: AIAG, Measurement Systems Analysis, 4th edition, chapter III-B; A. J. Duncan,
//! Quality Control and Industrial Statistics, for d2*.

use super::study::{Spreads, Study};
use crate::spc::constants::{Precision, constants};
use crate::spc::within::range;
use crate::stats::count;
use crate::stats::moments::{Moments, sum};
use libm::sqrt;

/// The inputs of the method, and its result.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AverageRange {
    /// R̄: mean range of a cell.
    pub mean_range: f64,
    /// X̄diff: largest minus smallest mean of an operator.
    pub operator_range: f64,
    /// Rp: largest minus smallest mean of a part.
    pub part_range: f64,
    /// EV, AV and PV.
    pub spreads: Spreads,
}

/// Analyses a study; `None` where a size exceeds those with constants (1,000).
#[must_use]
pub fn average_and_range(study: &Study) -> Option<AverageRange> {
    let (parts, operators) = (study.parts.len(), study.operators.len());
    let cells = (0..parts).flat_map(|part| (0..operators).map(move |operator| (part, operator)));
    let ranges = sum(cells.map(|(part, operator)| range(study.cell(part, operator))));
    let mean_range = ranges / count(parts * operators);
    let means = |values: Vec<f64>| Moments::from_values(&values).mean;
    let operator_means: Vec<f64> = (0..operators).map(|i| means(study.operator(i))).collect();
    let part_means: Vec<f64> = (0..parts).map(|i| means(study.part(i).to_vec())).collect();
    let (operator_range, part_range) = (range(&operator_means), range(&part_means));
    let repeatability = mean_range / constants(study.repeats, Precision::Exact)?.d2;
    let reproducibility = if operators > 1 {
        let between = operator_range / d2_star(operators)?;
        let noise = repeatability * repeatability / count(parts * study.repeats);
        sqrt((between * between - noise).max(0.0))
    } else {
        0.0
    };
    let part = part_range / d2_star(parts)?;
    let spreads = Spreads { repeatability, reproducibility, part };
    Some(AverageRange { mean_range, operator_range, part_range, spreads })
}

/// d2* of one range of `n` values.
fn d2_star(n: usize) -> Option<f64> {
    let known = constants(n, Precision::Exact)?;
    Some(sqrt(known.d2 * known.d2 + known.d3 * known.d3))
}
