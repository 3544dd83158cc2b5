//! Distribution functions, written for relative accuracy in the tails.
//!
//! Continuous functions take and return `f64`. An argument outside the domain, NaN
//! included, gives NaN; nothing here panics or fails otherwise.

pub mod beta;
pub mod gamma;
pub mod normal;
