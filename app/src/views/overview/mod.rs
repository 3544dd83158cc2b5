//! The Overview page: yields of all operations.

#![allow(unreachable_pub)] // what the component macro makes for its arguments is public

mod changes;
mod daily;
mod explained;
mod failures;
pub(super) mod operations;
pub mod page;
mod rolled;
mod standing_out;
mod state;
mod stations;

pub use self::page::figure;
pub use self::state::OverviewState;
