//! What requests share and what bounds it: places, memory, rates, the disk, live streams.

pub mod admission;
pub mod disk;
pub mod memory;
pub mod rate;
pub mod readiness;
pub mod streams;
