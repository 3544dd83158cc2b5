//! `cargo xtask VERB`: build, check, test and benchmark tasks of this repository.
//!
//! One file per subcommand. `setup` installs the tools and is part of every other subcommand but
//! `check`'s first half; `site` builds the assets that the browser loads; `build` embeds them into
//! the server's binary. No other package depends on this one, and none of its code is in the
//! product.
//!
//! To add a subcommand: a file with a `run` that takes the [`Workspace`], and a line in [`Verb`]
//! and in [`run`]. Results go to standard output, progress to standard error.

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
    /// Installs what building and testing need; the other commands do the parts that they need
    Setup,
    /// Builds target/site: the assets that the browser loads
    Site,
    /// Builds target/release/firstpass, a self-contained binary; its debug information is in
    /// firstpass.debug beside it
    Build,
    /// Builds, then runs `firstpass serve` with the given arguments
    Serve {
        /// Arguments for `firstpass serve`
        #[arg(last = true)]
        args: Vec<OsString>,
    },
    /// Formatting, lints, and the dependencies between packages
    Check {
        /// Only this check
        only: Option<check::Only>,
    },
    /// Runs every test: on the host, in WebAssembly and in a browser
    Test {
        /// Leave the browser tests out (and say so)
        #[arg(long)]
        skip_browser: bool,
        /// Arguments for cargo-nextest
        #[arg(last = true)]
        args: Vec<OsString>,
    },
    /// Runs a randomized test with many more iterations than `test` does
    Prove {
        /// The test
        name: prove::Proof,
        /// The number of iterations
        #[arg(long, default_value_t = 1000)]
        n: u64,
        /// The seed; random and printed if omitted
        #[arg(long)]
        seed: Option<u64>,
    },
    /// Runs the benchmarks of docs/performance.md
    Bench {
        /// The benchmark
        name: bench::Bench,
        /// Arguments for the benchmark, such as `--runs 10000000`
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
