//! The demo factory: generates realistic test results for an empty portal. Deterministic: the same
//! plan gives the same bytes. `docs/demo.md` lists the planted faults and where to find them.
//!
//! To extend it: events are entries in `stories.rs`, partners and products are in `factory.rs`,
//! measurements and failures in `operations.rs`.

mod bench;
mod build;
mod calendar;
mod dice;
mod factory;
mod floor;
mod golden;
mod ocp;
mod operations;
mod stories;
mod unit;
mod uploads;

use domain::Timestamp;
use serde::{Deserialize, Serialize};

pub use self::factory::{PARTNERS, Partner};
pub use self::ocp::CHASSIS;
pub use self::uploads::{Upload, Uploads};

/// The rules that extract the lot from serial numbers of parts: part number and pattern.
pub const LOT_RULES: [(&str, &str); 2] =
    [(build::GPU, r"^(H\d\d[WX]\d+)-"), (build::NIC, r"^(N\d\dW\d+)-")];

/// The parameters of a demo: equal plans give equal bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// The approximate number of runs, of all partners.
    pub runs: u64,
    /// The seed of the random generator.
    pub seed: u64,
    /// The end of the last day; the demo covers the ninety days of each site before it.
    pub until: Timestamp,
}

impl Plan {
    /// The default number of runs.
    pub const RUNS: u64 = 60_000;
    /// The default seed.
    pub const SEED: u64 = 1;
}
