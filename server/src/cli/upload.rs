//! `firstpass upload`: the upload client (crate `client`) until it is done or stopped.

use std::process::ExitCode;

use anyhow::Result;
use client::{Outcome, UploadOptions, upload};

use super::{STOPPED, Stop};

use crate::problem::EN;

/// The exit code of an upload of which something was rejected.
const SOME_REJECTED: ExitCode = ExitCode::FAILURE;

/// # Errors
/// A sentence; `Unreachable` when retrying was in vain.
pub(super) fn run(options: UploadOptions) -> Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let ended = runtime.block_on(async {
        let mut stop = Stop::listen()?;
        let work = tokio::task::spawn_blocking(move || upload(options));
        tokio::select! {
            ended = work => ended?.map(|outcome| match outcome {
                Outcome::Complete => ExitCode::SUCCESS,
                Outcome::SomeRejected => SOME_REJECTED,
            }),
            () = stop.asked() => {
                eprintln!("\n{}", EN.cli_upload_stopped());
                Ok(STOPPED)
            }
        }
    });
    // A request under way is abandoned: what was not answered is looked up and sent again.
    runtime.shutdown_background();
    ended
}
