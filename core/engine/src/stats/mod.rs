//! Distributions, tests and estimators, written for relative accuracy in the tails.
//!
//! Continuous functions take and return `f64`. An argument outside the domain, NaN
//! included, gives NaN; nothing here panics or fails otherwise. Tests on samples return
//! `None` where the sample is too small or has no variation.

pub mod anderson_darling;
pub mod anova;
pub mod beta;
pub mod binomial;
pub mod chi_square;
pub mod contingency;
pub mod f_distribution;
pub mod families;
pub mod gamma;
pub mod hypergeometric;
pub mod incomplete_gamma;
pub mod kruskal_wallis;
pub mod linear_regression;
pub mod moments;
pub mod multiple_testing;
pub mod normal;
pub mod poisson;
pub mod quantiles;
pub mod random;
pub mod ranks;
pub mod student_t;
pub mod welch;

/// A two-sided confidence interval of a statistic.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Range {
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// A count as a double; exact up to 2⁵³.
pub(crate) fn count(n: usize) -> f64 {
    n as f64
}
