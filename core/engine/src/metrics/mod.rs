//! The metrics, one file each: formula, source, edge cases, a known answer.
//!
//! FPY, SPY, TPY and the final yields are counts, summed in [`yields`]; the rest is
//! [`Proportion::fraction`](crate::proportion::Proportion::fraction) with
//! [`interval`](crate::proportion::interval). The position of a run in its unit's history is
//! computed in SQL and passed as flags.

pub mod defects;
pub mod pareto;
pub mod retest;
pub mod rty;
pub mod yields;
