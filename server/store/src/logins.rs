//! Log-ins: attempt counters for rate limiting, and users' known devices.

use chrono::{DateTime, Utc};
use domain::Timestamp;
use uuid::Uuid;

use crate::{AdminTx, AuthTx, Result, utc};

/// The key of an attempt counter: a SHA-256 of an address, a source or a device. The hash keeps
/// a password that a user types into the wrong field out of the database.
pub type AttemptKey = [u8; 32];

/// The hash of a device's secret, which the store never receives in clear.
pub type DeviceHash = [u8; 32];

/// A counter of log-in attempts that failed or are not checked yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attempts {
    /// Their number.
    pub failures: u32,
    /// The time of the last one.
    pub last_at: DateTime<Utc>,
}

impl AuthTx {
    /// The counter of a key, locked until the transaction ends; a new counter starts at 0.
    ///
    /// # Errors
    /// When the database is unreachable.
    pub async fn lock_attempts(&mut self, key: &AttemptKey, now: Timestamp) -> Result<Attempts> {
        let (failures, last_at): (i32, _) =
            sqlx::query_as(include_str!("../sql/auth/attempts_lock.sql"))
                .bind(key.as_slice())
                .bind(utc(now))
                .fetch_one(self.conn())
                .await?;
        Ok(Attempts { failures: failures.unsigned_abs(), last_at })
    }

    /// Sets a locked counter.
    ///
    /// # Errors
    /// When the database is unreachable.
    pub async fn set_attempts(&mut self, key: &AttemptKey, to: Attempts) -> Result<()> {
        sqlx::query(include_str!("../sql/auth/attempts_set.sql"))
            .bind(key.as_slice())
            .bind(i32::try_from(to.failures).unwrap_or(i32::MAX))
            .bind(to.last_at)
            .execute(self.conn())
            .await?;
        Ok(())
    }

    /// Deletes the counter of a key.
    ///
    /// # Errors
    /// When the database is unreachable.
    pub async fn reset_attempts(&mut self, key: &AttemptKey) -> Result<()> {
        let query = sqlx::query(include_str!("../sql/auth/attempts_reset.sql"));
        query.bind(key.as_slice()).execute(self.conn()).await?;
        Ok(())
    }

    /// Decrements the counter of a key after an attempt that succeeded.
    ///
    /// # Errors
    /// When the database is unreachable.
    pub async fn refund_attempt(&mut self, key: &AttemptKey) -> Result<()> {
        let query = sqlx::query(include_str!("../sql/auth/attempts_refund.sql"));
        query.bind(key.as_slice()).execute(self.conn()).await?;
        Ok(())
    }

    /// Deletes counters whose last attempt was before `before`.
    ///
    /// # Errors
    /// When the database is unreachable.
    pub async fn expire_attempts(&mut self, before: DateTime<Utc>) -> Result<()> {
        let query = sqlx::query(include_str!("../sql/auth/attempts_expire.sql"));
        query.bind(before).execute(self.conn()).await?;
        Ok(())
    }

    /// Whether the user logged in with that device after `since`.
    ///
    /// # Errors
    /// When the database is unreachable.
    pub async fn is_known_device(
        &mut self,
        user: Uuid,
        device: &DeviceHash,
        since: DateTime<Utc>,
    ) -> Result<bool> {
        let query = sqlx::query_scalar(include_str!("../sql/auth/device_known.sql"));
        let query = query.bind(user).bind(device.as_slice()).bind(since);
        Ok(query.fetch_one(self.conn()).await?)
    }

    /// Updates the last-used time of a known device.
    ///
    /// # Errors
    /// When the database is unreachable.
    pub async fn touch_device(
        &mut self,
        user: Uuid,
        device: &DeviceHash,
        now: Timestamp,
    ) -> Result<()> {
        let query = sqlx::query(include_str!("../sql/auth/device_touch.sql"));
        query.bind(user).bind(device.as_slice()).bind(utc(now)).execute(self.conn()).await?;
        Ok(())
    }

    /// Adds a known device of a user, and keeps the 20 most recently used ones.
    ///
    /// # Errors
    /// When the database is unreachable.
    pub async fn add_device(
        &mut self,
        user: Uuid,
        device: &DeviceHash,
        now: Timestamp,
    ) -> Result<()> {
        let query = sqlx::query(include_str!("../sql/auth/device_insert.sql"));
        query.bind(user).bind(device.as_slice()).bind(utc(now)).execute(self.conn()).await?;
        let query = sqlx::query(include_str!("../sql/auth/devices_expire.sql"));
        query.bind(user).execute(self.conn()).await?;
        Ok(())
    }

    /// Deletes all known devices of a user.
    ///
    /// # Errors
    /// When the database is unreachable.
    pub async fn forget_devices(&mut self, user: Uuid) -> Result<()> {
        let query = sqlx::query(include_str!("../sql/auth/devices_delete.sql"));
        query.bind(user).execute(self.conn()).await?;
        Ok(())
    }
}

impl AdminTx {
    /// Deletes the counter of a key.
    ///
    /// # Errors
    /// When the database is unreachable.
    pub async fn reset_attempts(&mut self, key: &AttemptKey) -> Result<()> {
        let query = sqlx::query(include_str!("../sql/admin/attempts_reset.sql"));
        query.bind(key.as_slice()).execute(self.conn()).await?;
        Ok(())
    }

    /// Deletes all known devices of a user.
    ///
    /// # Errors
    /// When the database is unreachable.
    pub async fn forget_devices(&mut self, user: Uuid) -> Result<()> {
        let query = sqlx::query(include_str!("../sql/admin/user_devices_delete.sql"));
        query.bind(user).execute(self.conn()).await?;
        Ok(())
    }
}
