//! Every measured parameter, the least capable first.

#![allow(unreachable_pub)] // what the component macro makes for its arguments is public

pub(crate) mod links;
pub mod page;
mod query;
