//! `cargo xtask prove NAME`: runs randomized tests with more iterations than the test suite does.

use anyhow::Result;
use clap::ValueEnum;

use crate::process::run as run_command;
use crate::workspace::Workspace;

/// The tests.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Proof {
    /// Workers killed, disconnected and frozen: no job is lost, and none is done twice
    Jobs,
}

impl Proof {
    fn test(self) -> &'static str {
        match self {
            Self::Jobs => "jobs::proof::workers_are_killed_and_no_job_is_lost_or_doubled",
        }
    }
}

/// The subcommand.
pub(crate) fn run(workspace: &Workspace, proof: Proof, n: u64, seed: Option<u64>) -> Result<()> {
    let mut cargo = workspace.cargo();
    cargo.args(["test", "--workspace", "--test", "it", proof.test()]);
    cargo.args(["--", "--exact", "--nocapture"]);
    cargo.env("FIRSTPASS_PROVE_N", n.to_string());
    if let Some(seed) = seed {
        cargo.env("FIRSTPASS_PROVE_SEED", seed.to_string());
    }
    run_command(&mut cargo)
}
