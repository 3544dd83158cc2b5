//! The demo: a believable factory for a portal that would otherwise be empty, the same
//! whenever it is made. It enters through the same door as a station's uploads; nothing else
//! knows of it. What it has in it, and who would find it where, is in `docs/demo.md`.
//!
//! To carry it on: what happens is an entry in `stories.rs`, who builds what is in
//! `factory.rs`, what is measured and what fails in `operations.rs`.

mod bench;
mod build;
mod calendar;
mod dice;
mod factory;
mod floor;
mod golden;
mod kept;
mod load;
mod ocp;
mod operations;
mod people;
mod stories;
mod unit;
mod uploads;

use std::path::Path;

use anyhow::Result;
use domain::Timestamp;
use futures::future::try_join_all;
use serde::{Deserialize, Serialize};

pub use self::factory::{PARTNERS, Partner};
pub use self::load::load;
pub use self::people::{CHASSIS, Person};
pub use self::uploads::{Upload, Uploads};

use self::kept::{Kept, KeptFile};
use crate::state::AppState;

/// Which demo: the same plan is the same demo, byte for byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// About how many runs, of all partners.
    pub runs: u64,
    /// What its chances begin with.
    pub seed: u64,
    /// The end of its last day; it goes on for ninety of each site's days up to here.
    pub until: Timestamp,
}

impl Plan {
    /// Runs, unless another number is asked for.
    pub const RUNS: u64 = 60_000;
    /// The seed, unless another is asked for.
    pub const SEED: u64 = 1;
}

/// What there is to look at.
#[derive(Debug)]
pub enum Filled {
    /// The demo of this plan, and the people who may log in to it.
    Demo(Plan, Vec<Person>),
    /// Partners that are not from the demo of this data folder.
    Others,
}

/// Loads the demo of this plan into a database that has no partner. Where this data folder
/// knows of a demo, that one is finished, whatever its plan.
///
/// # Errors
/// When the database or the folder refuses.
pub async fn fill(state: &AppState, data: &Path, plan: Plan) -> Result<Filled> {
    if !KeptFile::is_there(data) && !people::tenants(state.store()).await?.is_empty() {
        return Ok(Filled::Others);
    }
    // Another process may be about it: then this one waits, and finds it done.
    let mut file = KeptFile::lock(data).await?;
    let tenants = people::tenants(state.store()).await?;
    let kept = if tenants.is_empty() {
        eprintln!("loading the demo factory …");
        people::add(state.store(), &mut file, plan).await?
    } else {
        file.read()?.filter(|kept| {
            let is_here = |(slug, id): (&String, &uuid::Uuid)| {
                tenants.iter().any(|tenant| tenant.slug == *slug && tenant.id == *id)
            };
            kept.tenants.iter().all(is_here)
        })
    };
    let Some(mut kept) = kept else { return Ok(Filled::Others) };
    if !kept.loaded {
        load_all(state, &kept).await?;
        kept.loaded = true;
        file.write(&kept)?;
    }
    Ok(Filled::Demo(kept.plan, kept.people))
}

/// All partners at once: writing one waits for the disk while another is made.
async fn load_all(state: &AppState, kept: &Kept) -> Result<()> {
    let partners = PARTNERS.iter().filter_map(|partner| {
        let tenant = kept.tenants.get(partner.slug)?;
        Some(load(state, (*tenant).into(), partner, kept.plan))
    });
    try_join_all(partners).await?;
    Ok(())
}
