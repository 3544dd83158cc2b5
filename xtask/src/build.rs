//! `cargo xtask build`: builds one self-contained binary.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::process::{Steps, command, on_path, run as run_command};
use crate::setup;
use crate::site;
use crate::workspace::Workspace;

/// The number of steps of [`make`].
pub(crate) const STEPS: usize = site::STEPS + 2;

/// The subcommand. The last line of standard output is the path of the binary alone.
pub(crate) fn run(workspace: &Workspace) -> Result<()> {
    let binary = make(workspace, &mut Steps::new(STEPS))?;
    println!("{}", binary.display());
    Ok(())
}

/// Builds the binary and returns its path.
pub(crate) fn make(workspace: &Workspace, steps: &mut Steps) -> Result<PathBuf> {
    let builders = steps.run("what the build needs", || setup::for_building(workspace))?;
    site::make(workspace, &builders, steps)?;
    steps.run("building the server", || {
        let mut build = workspace.cargo();
        build.args(["build", "--release", "-p", "server", "--bin", "firstpass"]);
        run_command(&mut build)?;
        let name = format!("firstpass{}", std::env::consts::EXE_SUFFIX);
        let binary = workspace.target.join("release").join(name);
        split_symbols(&binary)?;
        Ok(binary)
    })
}

/// Moves the debug information of the binary, which is most of its size, into `<binary>.debug`
/// beside it. Debuggers and backtraces find it by the debug link in the binary.
fn split_symbols(binary: &Path) -> Result<()> {
    let Some(objcopy) = on_path(&["objcopy"]) else {
        eprintln!("note: the binary keeps its debug information: objcopy (binutils) is missing");
        return Ok(());
    };
    let (debug, stripped) = (with_ending(binary, ".debug"), with_ending(binary, ".stripped"));
    run_command(command(&objcopy).arg("--only-keep-debug").arg(binary).arg(&debug))?;
    let mut link = OsString::from("--add-gnu-debuglink=");
    link.push(&debug);
    run_command(command(&objcopy).arg("--strip-debug").arg(link).arg(binary).arg(&stripped))?;
    // A new file: the existing one is a hard link to cargo's own, which must not change.
    fs::rename(&stripped, binary).with_context(|| format!("cannot write {}", binary.display()))
}

fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut path = OsString::from(path);
    path.push(ending);
    path.into()
}
