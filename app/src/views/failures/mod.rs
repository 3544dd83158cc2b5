//! The Failures page: what failed, where, since when, and what fixed it.

#![allow(unreachable_pub)] // what the component macro makes for its arguments is public

mod bar;
mod code;
pub mod page;
mod pareto;
mod query;

pub use self::page::figure;
pub use self::query::parse;
