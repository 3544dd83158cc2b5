//! Resources that requests share, and their bounds: permits, memory, rates, disk, live streams.

pub mod admission;
pub mod disk;
pub mod memory;
pub mod rate;
pub mod readiness;
pub mod streams;
