//! Units: what was tested, and all that happened to each.

use chrono::{DateTime, NaiveDate, Utc};
use domain::UnitKind;
use domain::yields::Definition;
use serde_json::Value;
use sqlx::{FromRow, Row as _};
use uuid::Uuid;

use crate::measurements::Measurement;
use crate::{Result, TenantTx, codes};

/// A unit in a list.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct UnitLine {
    /// Its serial number.
    pub serial: String,
    /// What it is for, see [`codes`](crate::codes).
    pub kind: i16,
    /// Of its latest run.
    pub product: Option<String>,
    /// Of its latest run.
    pub revision: Option<String>,
    /// How many runs there are.
    pub runs: i64,
    /// When the latest began.
    pub started_at: Option<DateTime<Utc>>,
    /// How it ended, see [`codes`](crate::codes); none where all are voided.
    pub outcome: Option<i16>,
}

/// Which units are looked for; by default all.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Search<'a> {
    /// A part of their serials, in any case.
    pub part: &'a str,
    /// The serial to go on after.
    pub after: Option<&'a str>,
    /// A code that one of their runs failed with, see `failed_codes`.
    pub code: Option<&'a str>,
    /// What they are for.
    pub kind: Option<UnitKind>,
    /// Only those whose latest run did not pass.
    pub not_passed: bool,
    /// Only those with a run in a slice.
    pub slice: Option<Slice<'a>>,
}

/// Runs that a definition counts, and a part of them.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Slice<'a> {
    /// Which of them are counted.
    pub definition: Definition,
    /// Whether aborted ones are no attempts.
    pub aborted_excluded: bool,
    /// On the site's days from one on.
    pub from: Option<NaiveDate>,
    /// And before another.
    pub to: Option<NaiveDate>,
    /// Of these operations, stations, products, fixtures, versions of the software and with
    /// these codes; empty: of any. The empty name is of runs that name none.
    pub names: [&'a [String]; 6],
    /// That took so many whole seconds.
    pub least_seconds: Option<u32>,
    /// And less than so many.
    pub most_seconds: Option<u32>,
    /// In which the last number that was measured of this is at least the one and below the
    /// other, where these are given.
    pub measured: Option<(&'a Measurement, Option<f64>, Option<f64>)>,
    /// Only those that did not pass.
    pub failed: bool,
}

/// What a person decided, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// When.
    pub at: DateTime<Utc>,
    /// Who.
    pub by: String,
    /// Why.
    pub why: String,
}

impl Decision {
    fn of(at: Option<DateTime<Utc>>, by: Option<String>, why: Option<String>) -> Option<Self> {
        Some(Self { at: at?, by: by?, why: why? })
    }
}

/// A unit and its history.
#[derive(Debug, Clone, PartialEq)]
pub struct Unit {
    /// Its id.
    pub id: i64,
    /// Its serial number.
    pub serial: String,
    /// What it is for, see [`codes`](crate::codes).
    pub kind: i16,
    /// What the data say that it is for.
    pub kind_said: i16,
    /// Whether a person says so, whatever the data say.
    pub kind_is_set: bool,
    /// Who did, unless it was before that was kept.
    pub kind_set: Option<Decision>,
    /// By start.
    pub runs: Vec<UnitRun>,
    /// What was found in it.
    pub components: Vec<UnitComponent>,
    /// By time.
    pub repairs: Vec<UnitRepair>,
}

/// A run of a unit.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct UnitRun {
    /// Its id.
    pub id: Uuid,
    /// The operation.
    pub operation: String,
    /// Which attempt it is in the operation; none where it is no attempt.
    pub run_index: Option<i32>,
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// When it ended.
    pub ended_at: Option<DateTime<Utc>>,
    /// See [`codes`](crate::codes).
    pub outcome: i16,
    /// Why it failed.
    pub code: Option<String>,
    /// Where it ran.
    pub station: Option<String>,
    /// In which fixture.
    pub fixture: Option<String>,
    /// Under which version of the test software.
    pub software: Option<String>,
    /// The product then.
    pub product: Option<String>,
    /// Its revision then.
    pub revision: Option<String>,
    /// Whether a person took it out of the figures.
    pub voided: bool,
    /// Bits of [`RunFlags`](domain::RunFlags).
    pub flags: i32,
    /// The receipt that it came with.
    pub receipt_id: Uuid,
    /// When it was voided.
    pub voided_at: Option<DateTime<Utc>>,
    /// Who did.
    pub voided_by: Option<String>,
    /// Why.
    pub voided_why: Option<String>,
}

impl UnitRun {
    /// Who took it out of the figures, where somebody did.
    #[must_use]
    pub fn void(&self) -> Option<Decision> {
        Decision::of(self.voided_at, self.voided_by.clone(), self.voided_why.clone())
    }
}

/// A part that runs found in a unit.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct UnitComponent {
    /// Its serial number.
    pub serial: Option<String>,
    /// Its part number.
    pub part: Option<String>,
    /// Where it sat.
    pub slot: Option<String>,
    /// What it is called.
    pub name: Option<String>,
    /// Start of the first run that found it.
    pub first_seen: DateTime<Utc>,
    /// Start of the last run that found it.
    pub last_seen: DateTime<Utc>,
}

/// A measurement that failed in a run of a unit.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct FailedMeasurement {
    /// The run.
    pub run_id: Uuid,
    /// The step.
    pub step: Option<String>,
    /// What was measured.
    pub name: String,
    /// In which unit of measure.
    pub unit: Option<String>,
    /// What it was, where it is a number.
    pub value: Option<f64>,
    /// What it was, where it is anything else, as JSON.
    pub other: Option<String>,
    /// The lower limit.
    pub low: Option<f64>,
    /// The upper limit.
    pub high: Option<f64>,
    /// Of which part.
    pub component: Option<String>,
}

/// What was found in a run of a unit.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct UnitFinding {
    /// The run.
    pub run_id: Uuid,
    /// See [`codes`](crate::codes).
    pub kind: i16,
    /// See [`codes`](crate::codes).
    pub outcome: i16,
    /// Whose code it is, where that was said.
    pub system: Option<String>,
    /// The code.
    pub code: String,
    /// What it says.
    pub message: Option<String>,
    /// Of which part.
    pub component: Option<String>,
}

/// Another unit in which a part was found.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Elsewhere {
    /// The part's serial number.
    pub part: String,
    /// The other unit's.
    pub serial: String,
    /// Whether a run that found it there did not pass.
    pub failed: bool,
}

/// What was measured, found and built in over a unit's history; of each the first two
/// thousand, five hundred of the last.
#[derive(Debug, Clone, PartialEq)]
pub struct UnitDetails {
    /// Measurements that failed.
    pub failed: Vec<FailedMeasurement>,
    /// Findings.
    pub findings: Vec<UnitFinding>,
    /// Where else its parts were found.
    pub elsewhere: Vec<Elsewhere>,
}

/// A repair of a unit.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct UnitRepair {
    /// Its id.
    pub id: Uuid,
    /// When.
    pub at: DateTime<Utc>,
    /// What was done.
    pub action: String,
    /// The run that led to it, whether it is here or not.
    pub run_id: Option<Uuid>,
    /// What was found.
    pub defect: Option<String>,
    /// The part that was taken out.
    pub component_out: Option<Value>,
    /// The part that was put in.
    pub component_in: Option<Value>,
    /// For people.
    pub comment: Option<String>,
    /// The receipt that it came with.
    pub receipt_id: Uuid,
}

impl TenantTx {
    /// The units that are looked for, by serial; at most so many.
    ///
    /// # Errors
    /// When the database is out of reach.
    pub async fn units(&mut self, search: &Search<'_>, limit: u16) -> Result<Vec<UnitLine>> {
        let tenant = Uuid::from(self.tenant());
        let slice = search.slice.unwrap_or_default();
        let mut query = sqlx::query_as(include_str!("../sql/tenant/units.sql"))
            .bind(tenant)
            .bind(search.part.to_lowercase())
            .bind(search.after)
            .bind(i64::from(limit))
            .bind(search.code)
            .bind(search.kind.map(codes::unit_kind))
            .bind(search.not_passed)
            .bind(search.slice.is_some())
            .bind(slice.from)
            .bind(slice.to);
        for names in slice.names {
            query = query.bind(Some(names).filter(|names| !names.is_empty()));
        }
        let (measurement, least, most) =
            slice.measured.map_or((None, None, None), |it| (Some(it.0), it.1, it.2));
        query = query
            .bind(slice.least_seconds.map(i64::from))
            .bind(slice.most_seconds.map(i64::from))
            .bind(codes::definition(slice.definition))
            .bind(slice.aborted_excluded)
            .bind(slice.failed)
            .bind(measurement.map(|it| it.parameters.as_slice()))
            .bind(least)
            .bind(most);
        if measurement.is_some() {
            self.expect_values().await?;
        }
        Ok(query.fetch_all(self.conn()).await?)
    }

    /// The codes that runs failed with, the most frequent first.
    ///
    /// # Errors
    /// When the database is out of reach.
    pub async fn failed_codes(&mut self, limit: u16) -> Result<Vec<String>> {
        let tenant = Uuid::from(self.tenant());
        let query = sqlx::query_scalar(include_str!("../sql/tenant/failed_codes.sql"))
            .bind(tenant)
            .bind(i64::from(limit));
        Ok(query.fetch_all(self.conn()).await?)
    }

    /// Under which of `systems`, in small letters, findings have one of `codes` that runs
    /// failed with: code and system, by the latest hundred runs of each code.
    ///
    /// # Errors
    /// When the database is out of reach.
    pub async fn code_systems(
        &mut self,
        codes: &[&str],
        systems: &[&str],
    ) -> Result<Vec<(String, String)>> {
        let tenant = Uuid::from(self.tenant());
        let query = sqlx::query_as(include_str!("../sql/tenant/code_systems.sql"))
            .bind(tenant)
            .bind(codes)
            .bind(systems);
        Ok(query.fetch_all(self.conn()).await?)
    }

    /// The unit of that serial.
    ///
    /// # Errors
    /// When the database is out of reach.
    pub async fn unit(&mut self, serial: &str) -> Result<Option<Unit>> {
        let tenant = Uuid::from(self.tenant());
        let found = sqlx::query(include_str!("../sql/tenant/unit.sql"))
            .bind(tenant)
            .bind(serial)
            .fetch_optional(self.conn())
            .await?;
        let Some(found) = found else { return Ok(None) };
        let id: i64 = found.try_get("id")?;
        let runs = sqlx::query_as(include_str!("../sql/tenant/unit_runs.sql"))
            .bind(tenant)
            .bind(id)
            .fetch_all(self.conn())
            .await?;
        let components = sqlx::query_as(include_str!("../sql/tenant/unit_components.sql"))
            .bind(tenant)
            .bind(id)
            .fetch_all(self.conn())
            .await?;
        let repairs = sqlx::query_as(include_str!("../sql/tenant/unit_repairs.sql"))
            .bind(tenant)
            .bind(id)
            .fetch_all(self.conn())
            .await?;
        Ok(Some(Unit {
            id,
            serial: found.try_get("serial")?,
            kind: found.try_get("kind")?,
            kind_said: found.try_get("kind_said")?,
            kind_is_set: found.try_get::<Option<i16>, _>("kind_set")?.is_some(),
            kind_set: Decision::of(
                found.try_get("kind_set_at")?,
                found.try_get("kind_set_by")?,
                found.try_get("kind_set_why")?,
            ),
            runs,
            components,
            repairs,
        }))
    }

    /// What a unit's page shows beside its history.
    ///
    /// # Errors
    /// When the database is out of reach.
    pub async fn unit_details(&mut self, unit: &Unit) -> Result<UnitDetails> {
        let tenant = Uuid::from(self.tenant());
        let failed = sqlx::query_as(include_str!("../sql/tenant/unit_failed.sql"))
            .bind(tenant)
            .bind(unit.id)
            .fetch_all(self.conn())
            .await?;
        let findings = sqlx::query_as(include_str!("../sql/tenant/unit_findings.sql"))
            .bind(tenant)
            .bind(unit.id)
            .fetch_all(self.conn())
            .await?;
        let parts: Vec<&str> =
            unit.components.iter().filter_map(|part| part.serial.as_deref()).collect();
        let elsewhere = sqlx::query_as(include_str!("../sql/tenant/parts_elsewhere.sql"))
            .bind(tenant)
            .bind(unit.id)
            .bind(parts)
            .fetch_all(self.conn())
            .await?;
        Ok(UnitDetails { failed, findings, elsewhere })
    }
}
