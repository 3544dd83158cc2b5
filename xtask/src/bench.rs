//! `cargo xtask bench NAME`: the benchmarks of docs/performance.md.
//!
//! Each compares its contestants within one run, since the machine's speed changes from run to run;
//! only the ratios are meaningful.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use anyhow::{Result, anyhow};
use clap::ValueEnum;

use crate::build;
use crate::process::{Steps, run as run_command};
use crate::setup::wasm::{self, WASM32};
use crate::setup::{self, Testers, chromium, node};
use crate::site;
use crate::workspace::Workspace;

/// The benchmarks.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Bench {
    /// Parsing compared with serde_json, and ingest end to end compared with COPY and INSERT
    Ingest,
    /// The first large upload of a new tenant compared with one whose statistics are up to date
    NewTenant,
    /// The cost of a page: bytes, first paint, Lighthouse
    Page,
    /// Yields over HTTP compared with plain SQL over the same runs
    Yield,
    /// Linked charts over a million runs: on the host, in Chromium compared with other libraries,
    /// and redraws of the page during a drag
    Explore,
}

/// The subcommand.
pub(crate) fn run(workspace: &Workspace, bench: Bench, args: &[OsString]) -> Result<()> {
    let benches: &[(&str, &str)] = match bench {
        Bench::Page => return page(workspace, args),
        Bench::Ingest => &[("formats", "parse"), ("server", "ingest")],
        Bench::NewTenant => &[("server", "new_tenant")],
        Bench::Yield => &[("server", "yield")],
        Bench::Explore => &[("engine", "explore")],
    };
    let browser = matches!(bench, Bench::Explore);
    let more = if browser { 3 + site::STEPS } else { 0 };
    let mut steps = Steps::new(1 + benches.len() + more);
    let testers = steps.run("what the tests need", || setup::for_testing(workspace))?;
    for (package, name) in benches {
        steps.run(name, || {
            let mut cargo = workspace.cargo();
            cargo.args(["bench", "--package", package, "--bench", name, "--"]).args(args);
            run_command(&mut cargo)
        })?;
    }
    if browser {
        let library = steps.run("in the browser", || explore_in_browser(workspace, &testers))?;
        explore_page(workspace, &testers, &library, &mut steps)?;
    }
    Ok(())
}

/// The explorer as a wasm32 release build, compared with npm libraries; returns the built library.
fn explore_in_browser(workspace: &Workspace, testers: &Testers) -> Result<PathBuf> {
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
    measure.arg(folder.join("run.mjs")).arg(&program).env(chromium::VARIABLE, chromium);
    run_command(&mut measure)?;
    Ok(program)
}

/// A brush dragged over the days, on a page from a local server that only serves the page: so a
/// test build is sufficient.
fn explore_page(
    workspace: &Workspace,
    testers: &Testers,
    library: &Path,
    steps: &mut Steps,
) -> Result<()> {
    let builders = steps.run("what the build needs", || setup::for_building(workspace))?;
    site::make(workspace, &builders, steps)?;
    steps.run("a range dragged over the page", || {
        run_command(workspace.cargo().args(["build", "-p", "server", "--bin", "firstpass"]))?;
        let name = format!("firstpass{}", std::env::consts::EXE_SUFFIX);
        let node = testers.node.as_ref().map_err(|why| anyhow!("{why:#}"))?;
        let chromium = testers.chromium.as_ref().map_err(|why| anyhow!("{why:#}"))?;
        let mut drag = node.command();
        drag.current_dir(workspace.root.join("end2end")).env(chromium::VARIABLE, chromium);
        drag.arg("bench/explore.mjs").arg(workspace.target.join("debug").join(name)).arg(library);
        run_command(&mut drag)
    })
}

/// Pages of a release build in Chromium.
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
