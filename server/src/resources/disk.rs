//! Room on the disk of the embedded database.
//!
//! PostgreSQL ends itself when its log of changes cannot grow, and then nobody can read
//! either. So an upload is refused while there is still room for everything else.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};

use rustix::fs::statvfs;

use crate::problem::{ApiResult, Problem};

/// The disk that uploads end on.
#[derive(Debug, Default)]
pub struct Disk {
    folders: Vec<PathBuf>,
    reserve: u64,
    claimed: AtomicU64,
}

/// Room for what is about to be written, until it is dropped.
#[derive(Debug)]
pub struct Claim<'a> {
    disk: &'a Disk,
    bytes: u64,
}

impl Disk {
    /// The disk of a database that is somewhere else: it says itself when it is full.
    #[must_use]
    pub fn elsewhere() -> Self {
        Self::default()
    }

    /// The disks that these folders are on, of which so many bytes stay free; with 0 it is
    /// not looked at.
    #[must_use]
    pub fn of(folders: Vec<PathBuf>, reserve: u64) -> Self {
        Self { folders, reserve, claimed: AtomicU64::new(0) }
    }

    /// Whether the database is on this machine, and this server's alone to keep running.
    #[must_use]
    pub fn is_local(&self) -> bool {
        !self.folders.is_empty()
    }

    /// Sees to it that there is room now.
    ///
    /// # Errors
    /// 507 when there is none.
    pub fn room(&self) -> ApiResult<()> {
        self.claim(0).map(drop)
    }

    /// Sees to it that so many bytes, and what others are about to write, leave the reserve
    /// alone.
    ///
    /// # Errors
    /// 507 when they would not.
    pub fn claim(&self, bytes: u64) -> ApiResult<Claim<'_>> {
        let others = self.claimed.fetch_add(bytes, Ordering::Relaxed);
        // Given back when this is an error, too.
        let claim = Claim { disk: self, bytes };
        let needed = self.reserve.saturating_add(others).saturating_add(bytes);
        match self.free() {
            Some(free) if free < needed => {
                tracing::error!(
                    free,
                    reserve = self.reserve,
                    claimed = others + bytes,
                    "an upload was refused: make room on the disk, or lower --reserve-bytes"
                );
                Err(Problem::disk_full())
            }
            _ => Ok(claim),
        }
    }

    /// Bytes that the database may write yet. None where nobody looks.
    #[must_use]
    pub fn free(&self) -> Option<u64> {
        let folders = if self.reserve == 0 { &[] } else { self.folders.as_slice() };
        let free = folders.iter().filter_map(|folder| match statvfs(folder) {
            // What only root may use is not PostgreSQL's.
            Ok(disk) => Some(disk.f_bavail.saturating_mul(disk.f_frsize)),
            Err(error) => {
                // PostgreSQL has the last word then.
                tracing::error!(%error, folder = %folder.display(), "cannot look at the disk");
                None
            }
        });
        free.min()
    }
}

impl Drop for Claim<'_> {
    fn drop(&mut self) {
        self.disk.claimed.fetch_sub(self.bytes, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn claims_add_up_and_are_given_back() {
        let here = Disk::of(vec![std::env::temp_dir()], 1);
        let free = here.free().unwrap();
        let half = here.claim(free / 2).unwrap();
        assert_eq!(here.claim(free).unwrap_err().status(), 507);
        let quarter = here.claim(free / 4).unwrap();
        assert_eq!(here.claim(free / 2).unwrap_err().status(), 507);
        drop((half, quarter));
        drop(here.claim(free / 2).unwrap());
        assert_eq!(here.claimed.load(Ordering::Relaxed), 0);
    }

    #[test]
    fn without_a_reserve_or_a_folder_nothing_is_refused() {
        for disk in [Disk::elsewhere(), Disk::of(vec![std::env::temp_dir()], 0)] {
            drop(disk.claim(u64::MAX / 2).unwrap());
        }
        let nowhere = Disk::of(vec!["/nowhere/at/all".into()], 1);
        assert!(nowhere.room().is_ok());
    }
}
