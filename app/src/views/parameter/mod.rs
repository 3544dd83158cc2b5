//! One parameter: distribution, control chart, capability, stations, drift, retests, outliers.

#![allow(unreachable_pub)] // what the component macro makes for its arguments is public

mod capability;
mod control;
mod distribution;
mod drift;
mod limits;
mod outliers;
pub mod page;
mod query;
mod retest;
mod stations;

pub use self::page::figure;
pub(crate) use self::query::address;
pub use self::query::parse;
