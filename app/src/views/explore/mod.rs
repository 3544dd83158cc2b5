//! Explore.

mod measurement;
pub mod page;
mod saved;
