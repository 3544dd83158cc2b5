//! `cargo xtask build`: one binary that needs nothing else of the source tree.

use std::path::PathBuf;

use anyhow::Result;

use crate::process::{Steps, run as run_command};
use crate::setup;
use crate::site;
use crate::workspace::Workspace;

/// How many steps [`make`] counts.
pub(crate) const STEPS: usize = site::STEPS + 2;

/// The verb: the binary's path alone on standard output's last line.
pub(crate) fn run(workspace: &Workspace) -> Result<()> {
    let binary = make(workspace, &mut Steps::new(STEPS))?;
    println!("{}", binary.display());
    Ok(())
}

/// Makes the binary and returns its path.
pub(crate) fn make(workspace: &Workspace, steps: &mut Steps) -> Result<PathBuf> {
    let builders = steps.run("what the build needs", || setup::for_building(workspace))?;
    site::make(workspace, &builders, steps)?;
    steps.run("building the server", || {
        let mut build = workspace.cargo();
        build.args(["build", "--release", "-p", "server", "--bin", "firstpass"]);
        run_command(&mut build)?;
        let name = format!("firstpass{}", std::env::consts::EXE_SUFFIX);
        Ok(workspace.target.join("release").join(name))
    })
}
