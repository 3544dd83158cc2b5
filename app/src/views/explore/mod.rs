//! Explore.

mod attribute;
mod measurement;
pub mod page;
mod saved;
