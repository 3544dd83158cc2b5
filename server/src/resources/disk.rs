//! Free space on the disk of the embedded database.
//!
//! PostgreSQL shuts down when its write-ahead log cannot grow, and then reads fail
//! too. So an upload is refused while there is still space for everything else.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};

use rustix::fs::statvfs;

use crate::problem::{ApiResult, Problem};

/// The disk of the database.
#[derive(Debug, Default)]
pub struct Disk {
    folders: Vec<PathBuf>,
    reserve: u64,
    claimed: AtomicU64,
}

/// Reservation of space for a write; dropping it releases the space.
#[derive(Debug)]
pub struct Claim<'a> {
    disk: &'a Disk,
    bytes: u64,
}

impl Disk {
    /// The disk of an external database, which is not checked: the database reports a full disk.
    #[must_use]
    pub fn external() -> Self {
        Self::default()
    }

    /// The disks of these folders, with a reserve in bytes; 0 disables the check.
    #[must_use]
    pub fn new(folders: Vec<PathBuf>, reserve: u64) -> Self {
        Self { folders, reserve, claimed: AtomicU64::new(0) }
    }

    /// Whether the database is embedded, so that only this server keeps it running.
    #[must_use]
    pub fn is_local(&self) -> bool {
        !self.folders.is_empty()
    }

    /// Checks that there is free space now.
    ///
    /// # Errors
    /// 507 when there is none.
    pub fn room(&self) -> ApiResult<()> {
        self.claim(0).map(drop)
    }

    /// Reserves space: these bytes and those of concurrent writes must leave the reserve free.
    ///
    /// # Errors
    /// 507 when they would not.
    pub fn claim(&self, bytes: u64) -> ApiResult<Claim<'_>> {
        let others = self.claimed.fetch_add(bytes, Ordering::Relaxed);
        // Dropped on an error, which releases the space.
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

    /// Free bytes for the database. None if the check is disabled.
    #[must_use]
    pub fn free(&self) -> Option<u64> {
        let folders = if self.reserve == 0 { &[] } else { self.folders.as_slice() };
        let free = folders.iter().filter_map(|folder| match statvfs(folder) {
            // Excludes blocks that are reserved for root.
            Ok(disk) => Some(disk.f_bavail.saturating_mul(disk.f_frsize)),
            Err(error) => {
                // Admits the upload; PostgreSQL reports a full disk.
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
        let disk = Disk::new(vec![std::env::temp_dir()], 1);
        let free = disk.free().unwrap();
        let half = disk.claim(free / 2).unwrap();
        assert_eq!(disk.claim(free).unwrap_err().status(), 507);
        let quarter = disk.claim(free / 4).unwrap();
        assert_eq!(disk.claim(free / 2).unwrap_err().status(), 507);
        drop((half, quarter));
        drop(disk.claim(free / 2).unwrap());
        assert_eq!(disk.claimed.load(Ordering::Relaxed), 0);
    }

    #[test]
    fn without_a_reserve_or_a_folder_nothing_is_refused() {
        for disk in [Disk::external(), Disk::new(vec![std::env::temp_dir()], 0)] {
            drop(disk.claim(u64::MAX / 2).unwrap());
        }
        let nowhere = Disk::new(vec!["/nowhere/at/all".into()], 1);
        assert!(nowhere.room().is_ok());
    }
}
