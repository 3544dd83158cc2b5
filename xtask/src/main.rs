//! `cargo xtask VERB`: everything that is done to this repository, in one program.
//!
//! One file a verb. `setup` makes the machine ready and is part of every other
//! verb but `check`'s first half; `site` makes what the browser loads; `build`
//! puts that into the server's binary. Nothing here is compiled into the
//! product, and no other package depends on this one.
//!
//! To add a verb: a file with a `run` that takes the [`Workspace`], and a line
//! in [`Verb`] and in [`run`]. Results go to standard output, progress to
//! standard error.

mod arrows;
mod bench;
mod build;
mod check;
mod contract;
mod counts;
mod markup;
mod messages;
mod modules;
mod process;
mod prove;
mod serve;
mod setup;
mod site;
mod sql;
mod style;
mod test;
mod words;
mod workspace;

use std::ffi::OsString;
use std::process::ExitCode;

use anyhow::Result;
use clap::Parser;

use crate::workspace::Workspace;

/// Builds, checks, tests and serves Firstpass.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", version)]
enum Verb {
    /// Makes the machine ready to build and test; the other verbs do what they need of it
    Setup,
    /// Makes target/site: what the browser loads
    Site,
    /// Makes target/release/firstpass, which needs nothing else of the source tree; its debug
    /// information is in firstpass.debug beside it
    Build,
    /// Builds, then runs `firstpass serve` with the given arguments
    Serve {
        /// Arguments for `firstpass serve`
        #[arg(last = true)]
        args: Vec<OsString>,
    },
    /// Format, lints, and which package may depend on which
    Check {
        /// Only this check
        only: Option<check::Only>,
    },
    /// Every test: on the host, in WebAssembly and in a browser
    Test {
        /// Leave the browser tests out (and say so)
        #[arg(long)]
        skip_browser: bool,
        /// Arguments for cargo-nextest
        #[arg(last = true)]
        args: Vec<OsString>,
    },
    /// Runs a seeded test for longer than the tests have time for
    Prove {
        /// What to prove
        name: prove::Proof,
        /// How often
        #[arg(long, default_value_t = 1000)]
        n: u64,
        /// Draws what happens; printed where none is given
        #[arg(long)]
        seed: Option<u64>,
    },
    /// Measures, for docs/performance.md
    Bench {
        /// What to measure
        name: bench::Bench,
        /// Arguments for the bench, such as `--runs 10000000`
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        args: Vec<OsString>,
    },
}

fn main() -> ExitCode {
    run(Verb::parse()).unwrap_or_else(|why| {
        eprintln!("error: {why:#}");
        ExitCode::FAILURE
    })
}

fn run(verb: Verb) -> Result<ExitCode> {
    let workspace = Workspace::find()?;
    match verb {
        Verb::Setup => setup::run(&workspace)?,
        Verb::Site => site::run(&workspace)?,
        Verb::Build => build::run(&workspace)?,
        Verb::Serve { args } => return serve::run(&workspace, &args),
        Verb::Check { only } => check::run(&workspace, only)?,
        Verb::Prove { name, n, seed } => prove::run(&workspace, name, n, seed)?,
        Verb::Bench { name, args } => bench::run(&workspace, name, &args)?,
        Verb::Test { skip_browser, args } => return test::run(&workspace, skip_browser, &args),
    }
    Ok(ExitCode::SUCCESS)
}
