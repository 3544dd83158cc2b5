//! The Uploads page: receipts, and sending files.

pub mod page;
pub(super) mod parameters;
pub(crate) mod send;
