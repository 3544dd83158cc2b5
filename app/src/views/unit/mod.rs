//! The page of a unit: its history.

#![allow(unreachable_pub)] // what the component macro makes for its arguments is public

mod decide;
mod limits;
pub mod page;
mod parts;
mod runs;
mod timeline;

pub use self::page::figure;
