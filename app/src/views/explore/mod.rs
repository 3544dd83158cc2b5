//! Explore: which slice is it?

mod measurement;
pub mod page;
mod saved;
