//! Log-ins: counters of attempts, and the devices that a person is known by.

use chrono::{DateTime, Utc};
use domain::Timestamp;
use uuid::Uuid;

use crate::{AdminTx, AuthTx, Result, utc};

/// The key of a counter of attempts: a SHA-256 of an address, a source or a device, so that
/// whoever types a password into the wrong field does not leave it in the database.
pub type AttemptKey = [u8; 32];

/// The hash of a device's secret: the only form in which the store sees one.
pub type DeviceHash = [u8; 32];

/// A counter of log-in attempts that were not right, or are not checked yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attempts {
    /// How many.
    pub failures: u32,
    /// When the last of them was.
    pub last_at: DateTime<Utc>,
}

impl AuthTx {
    /// The counter of a key, locked until the transaction ends; a new one is at 0.
    ///
    /// # Errors
    /// When the database is out of reach.
    pub async fn lock_attempts(&mut self, key: &AttemptKey, now: Timestamp) -> Result<Attempts> {
        let (failures, last_at): (i32, _) =
            sqlx::query_as(include_str!("../sql/auth/attempts_lock.sql"))
                .bind(key.as_slice())
                .bind(utc(now))
                .fetch_one(self.conn())
                .await?;
        Ok(Attempts { failures: failures.unsigned_abs(), last_at })
    }

    /// Sets a counter that is locked.
    ///
    /// # Errors
    /// When the database is out of reach.
    pub async fn set_attempts(&mut self, key: &AttemptKey, to: Attempts) -> Result<()> {
        sqlx::query(include_str!("../sql/auth/attempts_set.sql"))
            .bind(key.as_slice())
            .bind(i32::try_from(to.failures).unwrap_or(i32::MAX))
            .bind(to.last_at)
            .execute(self.conn())
            .await?;
        Ok(())
    }

    /// Forgets the failures of a key.
    ///
    /// # Errors
    /// When the database is out of reach.
    pub async fn reset_attempts(&mut self, key: &AttemptKey) -> Result<()> {
        let query = sqlx::query(include_str!("../sql/auth/attempts_reset.sql"));
        query.bind(key.as_slice()).execute(self.conn()).await?;
        Ok(())
    }

    /// Takes back one attempt of a key, which turned out to be right.
    ///
    /// # Errors
    /// When the database is out of reach.
    pub async fn refund_attempt(&mut self, key: &AttemptKey) -> Result<()> {
        let query = sqlx::query(include_str!("../sql/auth/attempts_refund.sql"));
        query.bind(key.as_slice()).execute(self.conn()).await?;
        Ok(())
    }

    /// Forgets counters whose last attempt was before then.
    ///
    /// # Errors
    /// When the database is out of reach.
    pub async fn expire_attempts(&mut self, before: DateTime<Utc>) -> Result<()> {
        let query = sqlx::query(include_str!("../sql/auth/attempts_expire.sql"));
        query.bind(before).execute(self.conn()).await?;
        Ok(())
    }

    /// Whether the person logged in with that device since then.
    ///
    /// # Errors
    /// When the database is out of reach.
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

    /// Notes that the person logged in with a known device again.
    ///
    /// # Errors
    /// When the database is out of reach.
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

    /// Adds a device that the person is known by from now on; the 20 that were used last are
    /// kept.
    ///
    /// # Errors
    /// When the database is out of reach.
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

    /// Forgets every device of a person.
    ///
    /// # Errors
    /// When the database is out of reach.
    pub async fn forget_devices(&mut self, user: Uuid) -> Result<()> {
        let query = sqlx::query(include_str!("../sql/auth/devices_delete.sql"));
        query.bind(user).execute(self.conn()).await?;
        Ok(())
    }
}

impl AdminTx {
    /// Forgets the failures of a key.
    ///
    /// # Errors
    /// When the database is out of reach.
    pub async fn reset_attempts(&mut self, key: &AttemptKey) -> Result<()> {
        let query = sqlx::query(include_str!("../sql/admin/attempts_reset.sql"));
        query.bind(key.as_slice()).execute(self.conn()).await?;
        Ok(())
    }

    /// Forgets every device of a person.
    ///
    /// # Errors
    /// When the database is out of reach.
    pub async fn forget_devices(&mut self, user: Uuid) -> Result<()> {
        let query = sqlx::query(include_str!("../sql/admin/user_devices_delete.sql"));
        query.bind(user).execute(self.conn()).await?;
        Ok(())
    }
}
