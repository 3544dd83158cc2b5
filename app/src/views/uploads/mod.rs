//! Did my data arrive?

pub mod page;
pub(super) mod parameters;
pub(crate) mod send;
