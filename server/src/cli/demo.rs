//! `firstpass demo`: loads the demo factory into an empty database.

use anyhow::{Result, bail};
use clap::Args;
use demo::Plan;
use domain::{Timestamp, Zone};

use super::Usage;
use crate::clock;
use crate::config::DatabaseOptions;
use crate::database::Database;
use crate::demo_loader::{self, Filled};
use crate::problem::EN;
use crate::resources::disk::Disk;
use crate::state::{AppState, Limits};

/// Options of `demo`.
#[derive(Debug, Args)]
pub(super) struct DemoOptions {
    /// About how many runs, of all partners [default: 60000]
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u64).range(1..=100_000_000))]
    runs: Option<u64>,
    /// Seed of the generated factory [default: 1]
    #[arg(long, value_name = "NUMBER")]
    seed: Option<u64>,
    /// When it ends, such as 2026-04-01T00:00:00Z [default: now]
    #[arg(long, value_name = "TIME", value_parser = time)]
    until: Option<Timestamp>,
}

pub(super) async fn demo(
    database: &Database,
    options: &DatabaseOptions,
    requested: &DemoOptions,
) -> Result<()> {
    let limits = Limits::default();
    let disk = match &database.embedded {
        Some(postgres) => Disk::new(postgres.folders(), limits.reserve_bytes),
        None => Disk::external(),
    };
    let state = AppState::with_disk(disk, database.store.clone(), limits);
    let plan = Plan {
        runs: requested.runs.unwrap_or(Plan::RUNS),
        seed: requested.seed.unwrap_or(Plan::SEED),
        until: requested.until.unwrap_or_else(clock::now),
    };
    let (existing, people) = match demo_loader::fill(&state, &options.data(), plan).await? {
        Filled::Demo(existing, people) => (existing, people),
        Filled::Others => bail!(Usage(EN.cli_demo_others().into())),
    };
    let is_requested = requested.runs.is_none_or(|runs| runs == existing.runs)
        && requested.seed.is_none_or(|seed| seed == existing.seed)
        && requested.until.is_none_or(|until| until == existing.until);
    if !is_requested {
        bail!(Usage(EN.cli_demo_other(existing.runs, existing.seed, existing.until)));
    }
    for person in &people {
        println!("demo {} {} {}", person.email, person.password, person.role);
    }
    Ok(())
}

fn time(text: &str) -> Result<Timestamp, String> {
    match Timestamp::parse(text) {
        Ok((at, Zone::Stated)) => Ok(at),
        _ => Err(EN.cli_time().into()),
    }
}
