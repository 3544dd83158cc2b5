//! The interactive pieces. Their properties are small and plain; the server draws them
//! first, and without WASM their links and forms still work. One within a region that
//! [`live`] renews listens for its new properties (`live::on_renewed`), or begins anew.

pub mod explore;
pub mod interval;
pub mod live;
pub mod reading;
pub mod send;
