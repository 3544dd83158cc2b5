//! The design system.

pub(crate) mod number;
