//! What people decide about runs and units. Each decision is written down with who made
//! it and why, can be taken back, and the attempts follow in the same transaction.

use chrono::{DateTime, Utc};
use domain::{RunId, Timestamp, UnitKind};
use serde_json::Value;
use sqlx::Row as _;
use uuid::Uuid;

use crate::attempts::{self, Touched};
use crate::{Result, TenantTx, codes, ingest, utc};

/// When a decision is made, and up to when a run is not from the future.
#[derive(Debug, Clone, Copy)]
pub struct Moment {
    /// Now.
    pub now: Timestamp,
    /// A run that starts after this is from the future.
    pub until: Timestamp,
}

impl TenantTx {
    /// Takes a run out of the figures, or back into them without a reason to void it.
    /// False when there is no such run.
    ///
    /// # Errors
    /// When the database refuses or is out of reach.
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
        let place = sqlx::query(include_str!("../sql/tenant/run_place.sql"))
            .bind(tenant)
            .bind(run.uuid())
            .bind(serial)
            .fetch_optional(self.conn())
            .await?;
        let Some(place) = place else { return Ok(false) };
        let unit: i64 = place.try_get("unit_id")?;
        let started_at: DateTime<Utc> = place.try_get("started_at")?;
        let decided = match void {
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
        if decided.execute(self.conn()).await?.rows_affected() > 0 {
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
        let touched = Touched { known: vec![unit], staged: &[] };
        let numbered = attempts::number(self.conn(), tenant, touched, until).await?;
        let written = attempts::write(self.conn(), tenant).await?;
        let marked = attempts::episodes(self.conn(), tenant, &numbered).await?;
        if written + marked > 0 {
            attempts::add_cells(self.conn(), tenant).await?;
            self.set_data_changed();
        }
        Ok(())
    }

    /// Says what a unit is for and why, whatever its data say; or, with none, that the data
    /// decide again. False when there is no such unit.
    ///
    /// # Errors
    /// When the database refuses or is out of reach.
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

    /// Writes down what the principal did.
    ///
    /// # Errors
    /// When the database refuses or is out of reach.
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
