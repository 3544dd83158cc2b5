//! `cargo xtask check`: format, arrows, lints. One run tells everything that is wrong.

use anyhow::{Result, ensure};

use crate::arrows;
use crate::process::{Steps, run as run_command};
use crate::setup::wasm::{self, WASM32};
use crate::workspace::Workspace;

/// The verb.
pub(crate) fn run(workspace: &Workspace) -> Result<()> {
    let mut steps = Steps::new(4);
    let mut wrong = 0;
    let mut check = |what, work: &dyn Fn() -> Result<()>| {
        if let Err(why) = steps.run(what, work) {
            eprintln!("error: {why:#}");
            wrong += 1;
        }
    };
    check("format", &|| run_command(workspace.cargo().args(["fmt", "--all", "--check"])));
    check("arrows between packages", &|| arrows::check(workspace));
    check("lints on the host", &|| {
        let what = ["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"];
        run_command(workspace.cargo().args(what))
    });
    check("lints of the browser part", &|| in_browser(workspace));
    ensure!(wrong == 0, "{wrong} of 4 checks failed");
    Ok(())
}

fn in_browser(workspace: &Workspace) -> Result<()> {
    let toolchain = wasm::find_or_install(workspace)?;
    let packages = ["-p", "frontend", "-p", "app", "--target", WASM32];
    let mut cargo = toolchain.cargo(workspace);
    if toolchain.has_clippy(workspace) {
        cargo.arg("clippy").args(packages).args(["--", "-D", "warnings"]);
    } else {
        eprintln!("note: {toolchain} has no clippy: only the types are checked");
        cargo.arg("check").args(packages);
    }
    run_command(&mut cargo)
}
