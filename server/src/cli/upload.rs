//! `firstpass upload`: runs the upload client (crate `client`) until it is done or interrupted.

use std::process::ExitCode;

use anyhow::Result;
use client::{Outcome, UploadOptions, upload};

use super::{STOPPED, ShutdownSignals};

use crate::problem::EN;

/// The exit code of an upload with rejects.
const SOME_REJECTED: ExitCode = ExitCode::FAILURE;

/// # Errors
/// A message; `Unreachable` when all retries failed.
pub(super) fn run(options: UploadOptions) -> Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let ended = runtime.block_on(async {
        let mut stop = ShutdownSignals::listen()?;
        let work = tokio::task::spawn_blocking(move || upload(options));
        tokio::select! {
            ended = work => ended?.map(|outcome| match outcome {
                Outcome::Complete => ExitCode::SUCCESS,
                Outcome::SomeRejected => SOME_REJECTED,
            }),
            () = stop.recv() => {
                eprintln!("\n{}", EN.cli_upload_stopped());
                Ok(STOPPED)
            }
        }
    });
    // Aborts a request in progress: a retry looks up unacknowledged pieces and sends them again.
    runtime.shutdown_background();
    ended
}
