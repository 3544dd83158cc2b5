//! Users' decisions about runs and units: voids and unit kinds. Each decision is recorded with
//! its author and reason, can be reverted, and renumbers the attempts in the same transaction.

use chrono::{DateTime, Utc};
use domain::{RunId, Timestamp, UnitKind};
use serde_json::Value;
use sqlx::Row as _;
use uuid::Uuid;

use crate::attempts::{self, AffectedUnits};
use crate::{Result, TenantTx, codes, ingest, utc};

/// The time of a decision, and the limit after which runs are in the future.
#[derive(Debug, Clone, Copy)]
pub struct Moment {
    /// Now.
    pub now: Timestamp,
    /// Runs that start after this are in the future.
    pub until: Timestamp,
}

impl TenantTx {
    /// Voids a run, which excludes it from the figures, or with `void` `None` reverts that.
    /// False if there is no such run.
    ///
    /// # Errors
    /// When the database refuses or is unreachable.
    pub async fn set_void(
        &mut self,
        run: RunId,
        serial: Option<&str>,
        void: Option<&str>,
        at: Moment,
    ) -> Result<bool> {
        let tenant = Uuid::from(self.tenant());
        let actor = self.actor().to_owned();
        attempts::lock(self.conn(), tenant).await?;
        let location = sqlx::query(include_str!("../sql/tenant/run_place.sql"))
            .bind(tenant)
            .bind(run.uuid())
            .bind(serial)
            .fetch_optional(self.conn())
            .await?;
        let Some(location) = location else { return Ok(false) };
        let unit: i64 = location.try_get("unit_id")?;
        let started_at: DateTime<Utc> = location.try_get("started_at")?;
        let decision = match void {
            Some(reason) => sqlx::query(include_str!("../sql/tenant/void_insert.sql"))
                .bind(tenant)
                .bind(run.uuid())
                .bind(utc(at.now))
                .bind(actor)
                .bind(reason),
            None => sqlx::query(include_str!("../sql/tenant/void_delete.sql"))
                .bind(tenant)
                .bind(run.uuid()),
        };
        if decision.execute(self.conn()).await?.rows_affected() > 0 {
            self.set_data_changed();
        }
        sqlx::query(include_str!("../sql/tenant/run_set_voided.sql"))
            .bind(tenant)
            .bind(unit)
            .bind(started_at)
            .bind(run.uuid())
            .bind(void.is_some())
            .execute(self.conn())
            .await?;
        self.number_unit(unit, at.until).await?;
        Ok(true)
    }

    async fn number_unit(&mut self, unit: i64, until: Timestamp) -> Result<()> {
        let tenant = Uuid::from(self.tenant());
        ingest::make_stage(self.conn()).await?;
        let affected = AffectedUnits { known: vec![unit], staged: &[] };
        let numbered = attempts::number(self.conn(), tenant, affected, until).await?;
        let written = attempts::write(self.conn(), tenant).await?;
        let marked = attempts::mark_episodes(self.conn(), tenant, &numbered).await?;
        if written + marked > 0 {
            attempts::add_cells(self.conn(), tenant).await?;
            self.set_data_changed();
        }
        Ok(())
    }

    /// Sets a unit's kind, which overrides its data, with a reason; or with `None` resets it to
    /// the kind that the data state. False if there is no such unit.
    ///
    /// # Errors
    /// When the database refuses or is unreachable.
    pub async fn set_unit_kind(
        &mut self,
        serial: &str,
        kind: Option<UnitKind>,
        why: &str,
        at: Moment,
    ) -> Result<bool> {
        let (tenant, actor) = (Uuid::from(self.tenant()), self.actor().to_owned());
        attempts::lock(self.conn(), tenant).await?;
        let unit = sqlx::query_as(include_str!("../sql/tenant/unit_set_kind.sql"))
            .bind(tenant)
            .bind(serial)
            .bind(kind.map(codes::unit_kind))
            .bind(kind.map(|_| utc(at.now)))
            .bind(kind.map(|_| actor))
            .bind(kind.map(|_| why))
            .fetch_optional(self.conn())
            .await?;
        let Some((unit, was_set)): Option<(i64, bool)> = unit else { return Ok(false) };
        if was_set || kind.is_some() {
            self.set_data_changed();
        }
        self.number_unit(unit, at.until).await?;
        Ok(true)
    }

    /// Adds an action of the principal to the audit.
    ///
    /// # Errors
    /// When the database refuses or is unreachable.
    pub async fn audit(&mut self, now: Timestamp, action: &str, detail: &Value) -> Result<()> {
        let (tenant, actor) = (Uuid::from(self.tenant()), self.actor().to_owned());
        sqlx::query(include_str!("../sql/tenant/audit_insert.sql"))
            .bind(Uuid::now_v7())
            .bind(tenant)
            .bind(utc(now))
            .bind(actor)
            .bind(action)
            .bind(detail)
            .execute(self.conn())
            .await?;
        Ok(())
    }
}
