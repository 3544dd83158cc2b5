//! The design system.

pub(crate) mod badge;
pub mod empty;
pub(crate) mod number;
pub(crate) mod order;
pub(crate) mod query;
pub mod table;
pub(crate) mod time;
