//! The context of a running job.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use store::jobs::{ClaimedJob, Progress};

use crate::state::AppState;

/// The context of a running job.
#[derive(Debug)]
pub struct JobContext {
    state: AppState,
    job: ClaimedJob,
    progress: Mutex<Option<Progress>>,
    is_recording: AtomicBool,
}

impl JobContext {
    pub(super) fn new(state: AppState, job: ClaimedJob) -> Self {
        Self { state, job, progress: Mutex::default(), is_recording: AtomicBool::default() }
    }

    /// The server that runs it.
    #[must_use]
    pub fn state(&self) -> &AppState {
        &self.state
    }

    /// The job.
    #[must_use]
    pub fn job(&self) -> &ClaimedJob {
        &self.job
    }

    /// Reports the progress of the job. Cheap: published with the next renewal of the lease, within
    /// seconds.
    pub fn report(&self, progress: Progress) {
        *self.progress.lock().unwrap_or_else(PoisonError::into_inner) = Some(progress);
    }

    /// From now on the result is being recorded, which detects a lost lease itself.
    pub(super) fn set_recording(&self) {
        self.is_recording.store(true, Ordering::Relaxed);
    }

    pub(super) fn is_recording(&self) -> bool {
        self.is_recording.load(Ordering::Relaxed)
    }

    pub(super) fn progress(&self) -> Option<Progress> {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
