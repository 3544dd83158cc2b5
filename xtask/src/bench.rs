//! `cargo xtask bench NAME`: the benchmarks whose figures stand in docs/performance.md.
//!
//! Each compares contestants within one run, for the machine's speed changes from run
//! to run; the ratios are what counts.

use std::ffi::OsString;

use anyhow::Result;
use clap::ValueEnum;

use crate::build;
use crate::process::{Steps, run as run_command};
use crate::setup::{self, chromium, node};
use crate::workspace::Workspace;

/// What can be measured.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Bench {
    /// Parsing beside serde_json, and ingest end to end beside COPY and INSERT
    Ingest,
    /// What a page costs: bytes, first paint, Lighthouse
    Page,
    /// Yields over HTTP beside plain SQL over the same runs
    Yield,
}

/// The verb.
pub(crate) fn run(workspace: &Workspace, bench: Bench, args: &[OsString]) -> Result<()> {
    let benches: &[(&str, &str)] = match bench {
        Bench::Page => return page(workspace, args),
        Bench::Ingest => &[("formats", "parse"), ("server", "ingest")],
        Bench::Yield => &[("server", "yield")],
    };
    let mut steps = Steps::new(1 + benches.len());
    steps.run("what the tests need", || setup::for_testing(workspace))?;
    for (package, name) in benches {
        steps.run(name, || {
            let mut cargo = workspace.cargo();
            cargo.args(["bench", "--package", package, "--bench", name, "--"]).args(args);
            run_command(&mut cargo)
        })?;
    }
    Ok(())
}

/// The pages of a release build in Chromium.
fn page(workspace: &Workspace, args: &[OsString]) -> Result<()> {
    let mut steps = Steps::new(2 + build::STEPS);
    let testers = steps.run("what the tests need", || setup::for_testing(workspace))?;
    let program = build::make(workspace, &mut steps)?;
    steps.run("pages", || {
        let (node, browser) = (testers.node?, testers.chromium?);
        node::packages(workspace, &node, "end2end")?;
        node::packages(workspace, &node, "end2end/bench")?;
        let mut page = node.command();
        page.current_dir(workspace.root.join("end2end"));
        page.env(chromium::VARIABLE, browser);
        run_command(page.arg("bench/page.mjs").arg(program).args(args))
    })
}
