//! The interactive pieces. Their properties are small and plain; the server draws them
//! first, and without WASM their links and forms still work.

pub mod interval;
pub mod reading;
