//! The state of the demo in the data folder.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{Read, Seek, SeekFrom, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result};
use demo::Plan;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Person;

const NAME: &str = "demo.json";
/// Poll interval while another process holds the lock.
const LOCK_POLL_INTERVAL: Duration = Duration::from_millis(100);

/// The stored state of a demo, so that an interrupted load can resume.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct LoadedDemo {
    pub(super) plan: Plan,
    /// The ids of its tenants by slug: another database may have partners of these names.
    pub(super) tenants: BTreeMap<String, Uuid>,
    /// Whether it is completely loaded.
    pub(super) loaded: bool,
    pub(super) people: Vec<Person>,
}

/// The state file, with an exclusive lock.
#[derive(Debug)]
pub(super) struct DemoFile {
    path: PathBuf,
    file: File,
}

impl DemoFile {
    /// Whether this data folder has the state of a demo.
    pub(super) fn exists(data: &Path) -> bool {
        data.join(NAME).exists()
    }

    /// Waits for the exclusive lock. The file contains passwords: only its owner may read it.
    pub(super) async fn lock(data: &Path) -> Result<Self> {
        fs::create_dir_all(data)?;
        let path = data.join(NAME);
        let mut options = OpenOptions::new();
        options.create(true).truncate(false).read(true).write(true).mode(0o600);
        let cannot = || format!("cannot open {}", path.display());
        let file = options.open(&path).with_context(cannot)?;
        // Polls: a thread that blocks on the lock would delay shutdown.
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Self { path, file }),
                Err(TryLockError::WouldBlock) => tokio::time::sleep(LOCK_POLL_INTERVAL).await,
                Err(TryLockError::Error(error)) => return Err(error).with_context(cannot),
            }
        }
    }

    /// Reads the state, if the file is not empty.
    pub(super) fn read(&mut self) -> Result<Option<LoadedDemo>> {
        let mut text = String::new();
        self.file.seek(SeekFrom::Start(0))?;
        self.file.read_to_string(&mut text)?;
        if text.is_empty() {
            return Ok(None);
        }
        let state = serde_json::from_str(&text);
        state.map(Some).with_context(|| format!("cannot read {}", self.path.display()))
    }

    pub(super) fn write(&mut self, state: &LoadedDemo) -> Result<()> {
        let text = serde_json::to_vec_pretty(state)?;
        self.file.set_len(0)?;
        self.file.seek(SeekFrom::Start(0))?;
        self.file.write_all(&text)?;
        self.file.sync_all()?;
        Ok(())
    }
}
