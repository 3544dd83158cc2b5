//! `cargo xtask bench NAME`: the benchmarks whose figures stand in docs/performance.md.
//!
//! Each compares contestants within one run, for the machine's speed changes from run
//! to run; the ratios are what counts.

use std::ffi::OsString;

use anyhow::{Result, anyhow};
use clap::ValueEnum;

use crate::build;
use crate::process::{Steps, run as run_command};
use crate::setup::wasm::{self, WASM32};
use crate::setup::{self, Testers, chromium, node};
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
    /// Linked charts over a million runs, on the host and in Chromium beside what else there is
    Explore,
}

/// The verb.
pub(crate) fn run(workspace: &Workspace, bench: Bench, args: &[OsString]) -> Result<()> {
    let benches: &[(&str, &str)] = match bench {
        Bench::Page => return page(workspace, args),
        Bench::Ingest => &[("formats", "parse"), ("server", "ingest")],
        Bench::Yield => &[("server", "yield")],
        Bench::Explore => &[("engine", "explore")],
    };
    let browser = matches!(bench, Bench::Explore);
    let mut steps = Steps::new(1 + benches.len() + usize::from(browser));
    let testers = steps.run("what the tests need", || setup::for_testing(workspace))?;
    for (package, name) in benches {
        steps.run(name, || {
            let mut cargo = workspace.cargo();
            cargo.args(["bench", "--package", package, "--bench", name, "--"]).args(args);
            run_command(&mut cargo)
        })?;
    }
    if browser {
        steps.run("in the browser", || explore_in_browser(workspace, &testers))?;
    }
    Ok(())
}

/// The explorer as the browser's part is built, beside others from npm.
fn explore_in_browser(workspace: &Workspace, testers: &Testers) -> Result<()> {
    let node = testers.node.as_ref().map_err(|why| anyhow!("{why:#}"))?;
    let chromium = testers.chromium.as_ref().map_err(|why| anyhow!("{why:#}"))?;
    let folder = workspace.root.join("core/engine/benches/explore/browser");
    node::packages(workspace, node, "end2end")?;
    node::packages(workspace, node, "core/engine/benches/explore/browser")?;
    let mut build = wasm::find_or_install(workspace)?.cargo(workspace);
    build.args(["build", "-p", "engine", "--example", "explore", "--target", WASM32]);
    run_command(build.args(["--profile", "wasm-release"]))?;
    let program = workspace.target.join(WASM32).join("wasm-release/examples/explore.wasm");
    let mut measure = node.command();
    measure.arg(folder.join("run.mjs")).arg(program).env(chromium::VARIABLE, chromium);
    run_command(&mut measure)
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
