//! `/api/v1/settings`: a partner's settings.

pub(crate) mod lots;

pub use lots::{get_lot_rules, set_lot_rules};
