//! The demo factory: believable test results for a portal that would otherwise be empty. The
//! same plan gives the same bytes. `docs/demo.md` says which faults are planted and where they
//! are found.
//!
//! To extend it: what happens is an entry in `stories.rs`, who builds what is in `factory.rs`,
//! what is measured and what fails in `operations.rs`.

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

/// How the lots of parts are found in their serial numbers: part number and pattern.
pub const LOT_RULES: [(&str, &str); 2] =
    [(build::GPU, r"^(H\d\d[WX]\d+)-"), (build::NIC, r"^(N\d\dW\d+)-")];

/// The parameters of a demo: equal plans give equal bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// About how many runs, of all partners.
    pub runs: u64,
    /// The seed of the random generator.
    pub seed: u64,
    /// The end of its last day; it covers the ninety days of each site before.
    pub until: Timestamp,
}

impl Plan {
    /// The default number of runs.
    pub const RUNS: u64 = 60_000;
    /// The default seed.
    pub const SEED: u64 = 1;
}
