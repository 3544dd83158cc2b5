//! The metrics, one file each: formula, source, edge cases, a known answer.
//!
//! FPY, SPY, TPY and the final yields have no file: they are counts, and
//! [`Proportion::fraction`](crate::proportion::Proportion::fraction) with
//! [`interval`](crate::proportion::interval) is all there is to compute. Which units
//! are counted is decided before, in SQL, over the whole history.

pub mod defects;
pub mod pareto;
pub mod retest;
pub mod rty;
