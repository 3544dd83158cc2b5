//! What the data folder knows of the demo.

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
/// How often is looked whether another process is done.
const AGAIN: Duration = Duration::from_millis(100);

/// What is kept of a demo, so that a start that was broken off can be finished.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct LoadedDemo {
    pub(super) plan: Plan,
    /// The ids of its tenants by slug: another database may have partners of these names.
    pub(super) tenants: BTreeMap<String, Uuid>,
    /// Whether all of it is there.
    pub(super) loaded: bool,
    pub(super) people: Vec<Person>,
}

/// The file with it, which is ours alone while this exists.
#[derive(Debug)]
pub(super) struct DemoFile {
    path: PathBuf,
    file: File,
}

impl DemoFile {
    /// Whether this data folder ever had to do with a demo.
    pub(super) fn exists(data: &Path) -> bool {
        data.join(NAME).exists()
    }

    /// Waits until no other process has it. It has passwords in it: only its owner may read it.
    pub(super) async fn lock(data: &Path) -> Result<Self> {
        fs::create_dir_all(data)?;
        let path = data.join(NAME);
        let mut options = OpenOptions::new();
        options.create(true).truncate(false).read(true).write(true).mode(0o600);
        let cannot = || format!("cannot open {}", path.display());
        let file = options.open(&path).with_context(cannot)?;
        // Not by waiting for it on a thread, which would keep a process that is asked to stop.
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Self { path, file }),
                Err(TryLockError::WouldBlock) => tokio::time::sleep(AGAIN).await,
                Err(TryLockError::Error(error)) => return Err(error).with_context(cannot),
            }
        }
    }

    /// What is in it, if anything was ever written.
    pub(super) fn read(&mut self) -> Result<Option<LoadedDemo>> {
        let mut text = String::new();
        self.file.seek(SeekFrom::Start(0))?;
        self.file.read_to_string(&mut text)?;
        if text.is_empty() {
            return Ok(None);
        }
        let kept = serde_json::from_str(&text);
        kept.map(Some).with_context(|| format!("cannot read {}", self.path.display()))
    }

    pub(super) fn write(&mut self, kept: &LoadedDemo) -> Result<()> {
        let text = serde_json::to_vec_pretty(kept)?;
        self.file.set_len(0)?;
        self.file.seek(SeekFrom::Start(0))?;
        self.file.write_all(&text)?;
        self.file.sync_all()?;
        Ok(())
    }
}
