//! `cargo xtask test`: runs every test, in stages.
//!
//! A failed stage does not stop the others. A stage that cannot run has failed; only a missing
//! browser is a skip, with a clear warning. The last line is the summary: `N passed, N failed`.

use std::env::consts::EXE_SUFFIX;
use std::ffi::OsString;
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, bail, ensure};

use crate::contract;
use crate::counts::{self, Counts};
use crate::process::{Steps, answer, run as run_command, run_and_read};
use crate::setup::wasm::{WASM32, WasmToolchain};
use crate::setup::{self, Testers, chromium, node};
use crate::site;
use crate::workspace::Workspace;

/// The results of the stages so far.
struct Report {
    steps: Steps,
    stages: Vec<(&'static str, Duration, Counts)>,
}

/// The subcommand; failure is an exit code, so that the counts stay the last line.
pub(crate) fn run(
    workspace: &Workspace,
    skip_browser: bool,
    args: &[OsString],
) -> Result<ExitCode> {
    let mut steps = Steps::new(6 + site::STEPS + usize::from(!skip_browser));
    let testers = steps.run("what the tests need", || setup::for_testing(workspace))?;
    let builders = steps.run("what the build needs", || setup::for_building(workspace))?;
    let wasm = builders.wasm;

    let mut report = Report { steps, stages: Vec::new() };
    // First, since it is embedded in the server whose pages the host's tests request.
    report.build_stage("site", |steps| site::make(workspace, &builders, steps));
    report.stage("unit and integration", || on_host(workspace, args));
    report.stage("documentation", || in_docs(workspace));
    report.stage("golden in wasm32", || golden(workspace, wasm, &testers));
    report.stage("contract", || in_contract(workspace));
    if skip_browser {
        report.record("browser", Instant::now(), Ok(skip("the browser tests: --skip-browser")));
    } else {
        report.stage("browser", || in_browser(workspace, &testers));
    }
    Ok(report.close())
}

impl Report {
    fn stage(&mut self, name: &'static str, work: impl FnOnce() -> Result<Counts>) {
        let began = Instant::now();
        let result = self.steps.run(name, work);
        self.record(name, began, result);
    }

    /// A stage of build_stage steps that builds something and counts no tests.
    fn build_stage(&mut self, name: &'static str, work: impl FnOnce(&mut Steps) -> Result<()>) {
        let began = Instant::now();
        let result = work(&mut self.steps);
        self.record(name, began, result.map(|()| Counts::default()));
    }

    fn record(&mut self, name: &'static str, began: Instant, result: Result<Counts>) {
        let counts = result.unwrap_or_else(|why| {
            eprintln!("error: {why:#}");
            Counts { failed: 1, ..Counts::default() }
        });
        self.stages.push((name, began.elapsed(), counts));
    }

    /// Prints the table and the sum; returns the exit code.
    fn close(&self) -> ExitCode {
        println!();
        for (name, took, counts) in &self.stages {
            let counts =
                if *counts == Counts::default() { String::new() } else { counts.to_string() };
            println!("{name:<22}{:>8.1} s   {counts}", took.as_secs_f64());
        }
        let all: Counts = self.stages.iter().map(|(_, _, counts)| *counts).sum();
        println!("{all}");
        if all.failed == 0 && all.passed > 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }
}

/// Runs a test program; its exit code takes precedence over its counts.
fn counted(command: &mut Command, read: fn(&str) -> Option<Counts>) -> Result<Counts> {
    let (ended_well, text) = run_and_read(command)?;
    let counts = read(&text);
    if ended_well {
        return counts.context("no test was counted");
    }
    let counts = counts.unwrap_or_default();
    Ok(Counts { failed: counts.failed.max(1), ..counts })
}

fn on_host(workspace: &Workspace, args: &[OsString]) -> Result<Counts> {
    let mut cargo = workspace.cargo();
    if answer(workspace.cargo().args(["nextest", "--version"])).is_some() {
        cargo.args(["nextest", "run", "--workspace", "--no-fail-fast"]).args(args);
        return counted(&mut cargo, counts::parse_nextest);
    }
    cargo.args(["test", "--workspace", "--all-targets", "--no-fail-fast"]).args(args);
    counted(&mut cargo, counts::parse_cargo_test)
}

fn in_docs(workspace: &Workspace) -> Result<Counts> {
    let mut cargo = workspace.cargo();
    // The whole workspace: otherwise cargo unifies features differently and rebuilds everything.
    cargo.args(["test", "--doc", "--workspace", "--no-fail-fast"]);
    counted(&mut cargo, counts::parse_cargo_test)
}

/// The golden test of the engine in wasm32: compares the bits with those of the host.
fn golden(workspace: &Workspace, wasm: WasmToolchain, testers: &Testers) -> Result<Counts> {
    let node = testers.node.as_ref().map_err(|why| anyhow!("{why:#}"))?;
    let mut build = wasm.cargo(workspace);
    build.args(["build", "-p", "engine", "--example", "golden", "--target", WASM32]);
    run_command(build.args(["--profile", "wasm-release"]))?;
    let program = workspace.target.join(WASM32).join("wasm-release/examples/golden.wasm");
    let mut compare = node.command();
    compare.current_dir(&workspace.root).arg("core/engine/golden/run.mjs").arg(program);
    counted(&mut compare, counts::parse_plain)
}

fn in_browser(workspace: &Workspace, testers: &Testers) -> Result<Counts> {
    let (node, chromium) = match (&testers.node, &testers.chromium) {
        (Ok(node), Ok(chromium)) => (node, chromium),
        // In CI a skip must not pass as a success.
        (Err(why), _) | (_, Err(why)) if std::env::var_os("CI").is_some() => {
            bail!("no browser tests: {why:#}");
        }
        (Err(why), _) | (_, Err(why)) => {
            return Ok(skip(&format!("the browser tests: {why:#}")));
        }
    };
    node::packages(workspace, node, "end2end")?;
    // The debug build of the host's tests: a release build would take longer than all other stages.
    // Of the whole workspace: otherwise cargo unifies features differently and rebuilds it.
    run_command(workspace.cargo().args(["build", "--workspace", "--bin", "firstpass"]))?;
    let binary = workspace.target.join("debug").join(format!("firstpass{EXE_SUFFIX}"));
    let folder = workspace.root.join("end2end");
    let script = folder.join("node_modules/@playwright/test/cli.js");
    ensure!(script.is_file(), "{} is missing", script.display());
    let mut playwright = node.command();
    playwright
        .current_dir(&folder)
        .arg(script)
        .args(["test", "--reporter=list"])
        .env(chromium::VARIABLE, chromium)
        .env("FIRSTPASS_BIN", binary);
    counted(&mut playwright, counts::parse_playwright)
}

/// Contract tests of the API against its OpenAPI document.
fn in_contract(workspace: &Workspace) -> Result<Counts> {
    let tested = contract::test(workspace)?;
    Ok(tested.unwrap_or_else(|why| skip(&format!("the contract of the API: {why}"))))
}

/// Prints a conspicuous warning of a skip.
fn skip(what: &str) -> Counts {
    let rule = "!".repeat(what.chars().count() + 16);
    eprintln!("\n{rule}\n!!! SKIPPED {what} !!!\n{rule}\n");
    Counts { skipped: 1, ..Counts::default() }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use crate::process::command;

    fn script(text: &str) -> Result<Counts> {
        counted(command("sh").args(["-c", text]), counts::parse_plain)
    }

    #[test]
    fn an_exit_code_outweighs_what_was_counted() {
        let fine = script("echo '5 passed, 0 failed'").unwrap();
        assert_eq!(fine, Counts { passed: 5, ..Counts::default() });
        let late = script("echo '5 passed, 0 failed'; exit 3").unwrap();
        assert_eq!(late, Counts { passed: 5, failed: 1, skipped: 0 });
        let dead = script("echo starting; exit 101").unwrap();
        assert_eq!(dead.failed, 1);
    }

    #[test]
    fn a_program_that_counts_nothing_has_not_tested() {
        assert!(script("echo all is well").is_err());
        assert!(counted(&mut command("/no/such/program"), counts::parse_plain).is_err());
    }
}
