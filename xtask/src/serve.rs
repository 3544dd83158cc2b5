//! `cargo xtask serve -- ARGS`: builds, then becomes `firstpass serve ARGS`.

use std::ffi::OsString;
use std::process::ExitCode;

use anyhow::Result;

use crate::build;
use crate::process::{Steps, command};
use crate::setup::postgres;
use crate::workspace::Workspace;

/// The verb. On Unix this process *becomes* the server, as cargo's own became
/// this one: Ctrl-C, other signals and the exit code are then the server's.
pub(crate) fn run(workspace: &Workspace, args: &[OsString]) -> Result<ExitCode> {
    let mut steps = Steps::new(build::STEPS + 1);
    // Who brings a database needs no programs to start one. The server finds them itself:
    // it knows which version its data are of.
    if std::env::var_os("DATABASE_URL").is_none() {
        steps.run("PostgreSQL", postgres::find_or_install)?;
    }
    let binary = build::make(workspace, &mut steps)?;
    let mut server = command(&binary);
    server.arg("serve").args(args).current_dir(&workspace.root);
    become_it(server)
}

#[cfg(unix)]
fn become_it(mut server: std::process::Command) -> Result<ExitCode> {
    use std::os::unix::process::CommandExt;
    // It returns only where it fails.
    Err(anyhow::Error::from(server.exec()).context("cannot start the server"))
}

#[cfg(not(unix))]
fn become_it(mut server: std::process::Command) -> Result<ExitCode> {
    let code = server.status()?.code().and_then(|code| u8::try_from(code).ok());
    Ok(ExitCode::from(code.unwrap_or(1)))
}
