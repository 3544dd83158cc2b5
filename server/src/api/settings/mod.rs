//! `/api/v1/settings`: what a partner settles about its data.

pub(crate) mod lots;

pub use lots::{get_lot_rules, set_lot_rules};
