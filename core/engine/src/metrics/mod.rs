//! The metrics, one file each: formula, source, edge cases, a known answer.
//!
//! FPY, SPY, TPY and the final yields are counts, added up in [`yields`]; what follows is
//! [`Proportion::fraction`](crate::proportion::Proportion::fraction) with
//! [`interval`](crate::proportion::interval). What a run is in its unit's history is
//! decided before, in SQL, and travels as marks.

pub mod defects;
pub mod pareto;
pub mod retest;
pub mod rty;
pub mod yields;
