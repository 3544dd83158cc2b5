//! The design system.

pub(crate) mod badge;
pub mod dialog;
pub mod empty;
pub mod figure;
pub mod heading;
pub(crate) mod html;
pub(crate) mod label;
pub mod locale;
pub mod meaning;
pub mod name;
pub mod notice;
pub(crate) mod number;
pub(crate) mod order;
pub(crate) mod query;
pub mod sheet;
pub mod table;
pub(crate) mod time;
