//! Charts of measured values: individuals with moving ranges, means with ranges or with
//! standard deviations.
//!
//! | chart | main | spread |
//! |---|---|---|
//! | I-MR | x̄ ± 3 MR̄/d2(2) | D4(2) MR̄ |
//! | X̄-R | x̿ ± 3σ/√n | d2σ ± 3 d3σ |
//! | X̄-S | x̿ ± 3σ/√n | c4σ ± 3σ√(1 − c4²) |
//!
//! With equal sizes these are A2, A3, D3, D4, B3, B4 of the tables. Lower limits of a
//! spread are at least 0. Sizes may differ; each point has the limits of its own size.
//!
//! Source: NIST/SEMATECH e-Handbook, pmc321, pmc322; Montgomery, chapter 6.

use super::Point;
use super::constants::Precision;
use super::within::{Estimator, Table, Within, range, within};
use crate::stats::count;
use crate::stats::moments::{Moments, sum};
use libm::sqrt;

/// The kind of chart of measured values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Individuals and moving ranges.
    Individuals,
    /// Means and ranges.
    MeanRange,
    /// Means and standard deviations.
    MeanDeviation,
}

/// The centre and σ (of single values) for the limits.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Baseline {
    /// Centre line.
    pub centre: f64,
    /// σ within subgroups.
    pub sigma: f64,
}

/// A chart of one phase.
#[derive(Clone, Debug, PartialEq)]
pub struct Chart {
    /// The baseline of the limits.
    pub baseline: Baseline,
    /// One point per subgroup (or individual).
    pub main: Vec<Point>,
    /// Its moving range, range or standard deviation; `None` for the first individual
    /// and for subgroups of one value.
    pub spread: Vec<Option<Point>>,
}

/// The baseline of `subgroups`: mean of all values, and σ by `estimator`.
#[must_use]
pub fn baseline(
    subgroups: &[&[f64]],
    estimator: Estimator,
    precision: Precision,
) -> Option<Baseline> {
    let Within { sigma, .. } = within(subgroups, estimator, precision)?;
    let n: usize = subgroups.iter().map(|group| group.len()).sum();
    let total = sum(subgroups.iter().flat_map(|group| group.iter().copied()));
    let centre = total / count(n);
    (centre.is_finite() && sigma.is_finite()).then_some(Baseline { centre, sigma })
}

/// Computes the chart of `subgroups` with a baseline, either their own or a frozen one.
///
/// Individuals are subgroups of one value. Empty subgroups must not be given: they
/// would have no value to plot (their point is NaN).
#[must_use]
pub fn chart(kind: Kind, subgroups: &[&[f64]], baseline: Baseline, precision: Precision) -> Chart {
    let mut table = Table::new(precision);
    let Baseline { centre, sigma } = baseline;
    let main = subgroups.iter().map(|group| {
        let sigma = sigma / sqrt(count(group.len()));
        let value = Moments::from_values(group).mean;
        Point { value, centre, sigma, lower: centre - 3.0 * sigma, upper: centre + 3.0 * sigma }
    });
    let main: Vec<Point> = main.collect();
    let spread = match kind {
        Kind::Individuals => moving_ranges(&main, sigma, &mut table),
        _ => subgroups.iter().map(|group| spread(kind, group, sigma, &mut table)).collect(),
    };
    Chart { baseline, main, spread }
}

fn moving_ranges(main: &[Point], sigma: f64, table: &mut Table) -> Vec<Option<Point>> {
    let Some(two) = table.get(2) else { return vec![None; main.len()] };
    let point = |value: f64| spread_point(value, two.d2 * sigma, two.d3 * sigma);
    let first = main.first().map(|_| None);
    let ranges = main.windows(2).map(|pair| Some(point((pair[1].value - pair[0].value).abs())));
    first.into_iter().chain(ranges).collect()
}

fn spread(kind: Kind, group: &[f64], sigma: f64, table: &mut Table) -> Option<Point> {
    if kind == Kind::MeanRange {
        let known = table.get(group.len())?;
        return Some(spread_point(range(group), known.d2 * sigma, known.d3 * sigma));
    }
    let c4 = table.c4(group.len()).filter(|_| group.len() >= 2)?;
    let sd = Moments::from_values(group).sd()?;
    Some(spread_point(sd, c4 * sigma, sigma * sqrt((1.0 - c4 * c4).max(0.0))))
}

fn spread_point(value: f64, centre: f64, sigma: f64) -> Point {
    Point {
        value,
        centre,
        sigma,
        lower: (centre - 3.0 * sigma).max(0.0),
        upper: centre + 3.0 * sigma,
    }
}
