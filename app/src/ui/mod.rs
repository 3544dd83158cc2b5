//! The design system.

pub(crate) mod number;
pub(crate) mod order;
