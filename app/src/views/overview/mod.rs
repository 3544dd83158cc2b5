//! Overview: are we all right?

#![allow(unreachable_pub)] // what the component macro makes for its arguments is public

mod asked;
mod changes;
mod daily;
mod explained;
mod failures;
pub(super) mod operations;
pub mod page;
mod rolled;
mod stations;

pub use self::asked::Asked;
pub use self::page::figure;
