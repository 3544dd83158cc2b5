//! `cargo xtask serve -- ARGS`: builds, then replaces itself with `firstpass serve ARGS`.

use std::ffi::OsString;
use std::process::ExitCode;

use anyhow::Result;

use crate::build;
use crate::process::{Steps, command};
use crate::setup::postgres;
use crate::workspace::Workspace;

/// The subcommand. On Unix it calls `exec`: signals such as Ctrl-C and the exit code are then the
/// server's.
pub(crate) fn run(workspace: &Workspace, args: &[OsString]) -> Result<ExitCode> {
    let mut steps = Steps::new(build::STEPS + 1);
    // With an external database no PostgreSQL programs are needed. Otherwise the server finds them
    // itself, since it knows the version of its data.
    if std::env::var_os("DATABASE_URL").is_none() {
        steps.run("PostgreSQL", postgres::find_or_install)?;
    }
    let binary = build::make(workspace, &mut steps)?;
    let mut server = command(&binary);
    server.arg("serve").args(args).current_dir(&workspace.root);
    exec_server(server)
}

#[cfg(unix)]
fn exec_server(mut server: std::process::Command) -> Result<ExitCode> {
    use std::os::unix::process::CommandExt;
    // `exec` only returns on failure.
    Err(anyhow::Error::from(server.exec()).context("cannot start the server"))
}

#[cfg(not(unix))]
fn exec_server(mut server: std::process::Command) -> Result<ExitCode> {
    let code = server.status()?.code().and_then(|code| u8::try_from(code).ok());
    Ok(ExitCode::from(code.unwrap_or(1)))
}
