//! Units: what was tested, and all that happened to each.

use chrono::{DateTime, NaiveDate, Utc};
use domain::dimension::Filters;
use domain::yields::Definition;
use domain::{Timestamp, UnitKind};
use serde_json::Value;
use sqlx::{FromRow, Row as _};
use uuid::Uuid;

use crate::measurements::Measurement;
use crate::yields::statement_filters;
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
    /// That these let through.
    pub filters: Option<&'a Filters>,
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

/// A unit.
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
    /// The cursor of the page that begins with this run.
    #[must_use]
    pub fn cursor(&self) -> RunCursor {
        RunCursor { started_at: self.started_at, id: self.id }
    }

    /// Who took it out of the figures, where somebody did.
    #[must_use]
    pub fn void(&self) -> Option<Decision> {
        Decision::of(self.voided_at, self.voided_by.clone(), self.voided_why.clone())
    }
}

/// Keyset pagination cursor over a unit's runs, newest first: the run that a page begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RunCursor {
    /// When the run began.
    pub started_at: DateTime<Utc>,
    /// Its id.
    pub id: Uuid,
}

impl std::fmt::Display for RunCursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}_{}", self.started_at.timestamp_micros(), self.id)
    }
}

/// A text that is no [`RunCursor`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidCursor;

impl std::str::FromStr for RunCursor {
    type Err = InvalidCursor;

    fn from_str(text: &str) -> std::result::Result<Self, InvalidCursor> {
        let (micros, id) = text.split_once('_').ok_or(InvalidCursor)?;
        let started_at = micros.parse().ok().and_then(|it| Timestamp::from_micros(it).ok());
        Ok(Self {
            started_at: started_at.ok_or(InvalidCursor)?.into(),
            id: id.parse().map_err(|_| InvalidCursor)?,
        })
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
    /// How many parts were found in the unit, listed or not.
    pub total: i64,
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
    /// How many measurements failed in the run, listed or not.
    pub total: i64,
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
    /// How many findings the run has, listed or not.
    pub total: i64,
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
    /// In how many other units the part was found, listed or not.
    pub total: i64,
}

/// What was measured and found in some runs of a unit, and where else its parts are; of each
/// run and part a bounded number.
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
    /// How many repairs there are in the window, listed or not.
    pub total: i64,
}

/// How many runs a unit has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromRow)]
pub struct RunCounts {
    /// All of them.
    pub runs: i64,
    /// Those newer than the page.
    pub newer: i64,
    /// When the first of these began.
    pub newer_from: Option<DateTime<Utc>>,
}

/// Failing measurements and findings that are listed of one run, and other units of one part.
const LISTED: i64 = 50;

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
            .bind(search.part)
            .bind(search.after)
            .bind(i64::from(limit))
            .bind(search.code)
            .bind(search.kind.map(codes::unit_kind))
            .bind(search.not_passed)
            .bind(search.slice.is_some())
            .bind(slice.from)
            .bind(slice.to)
            .bind(statement_filters(slice.filters.unwrap_or(&Filters::default())));
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
        sqlx::query(include_str!("../sql/tenant/plan_in_order.sql")).execute(self.conn()).await?;
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
        Ok(Some(Unit {
            id: found.try_get("id")?,
            serial: found.try_get("serial")?,
            kind: found.try_get("kind")?,
            kind_said: found.try_get("kind_said")?,
            kind_is_set: found.try_get::<Option<i16>, _>("kind_set")?.is_some(),
            kind_set: Decision::of(
                found.try_get("kind_set_at")?,
                found.try_get("kind_set_by")?,
                found.try_get("kind_set_why")?,
            ),
        }))
    }

    /// Runs of a unit, newest first, from a cursor on; at most so many.
    ///
    /// # Errors
    /// When the database is out of reach.
    pub async fn unit_runs(
        &mut self,
        unit: i64,
        from: Option<RunCursor>,
        limit: u16,
    ) -> Result<Vec<UnitRun>> {
        let query = sqlx::query_as(include_str!("../sql/tenant/unit_runs.sql"))
            .bind(Uuid::from(self.tenant()))
            .bind(unit)
            .bind(from.map(|it| it.started_at))
            .bind(from.map(|it| it.id))
            .bind(i64::from(limit));
        Ok(query.fetch_all(self.conn()).await?)
    }

    /// How many runs a unit has, and how many come before the page that begins with a cursor.
    ///
    /// # Errors
    /// When the database is out of reach.
    pub async fn unit_run_counts(
        &mut self,
        unit: i64,
        from: Option<RunCursor>,
    ) -> Result<RunCounts> {
        let query = sqlx::query_as(include_str!("../sql/tenant/unit_run_counts.sql"))
            .bind(Uuid::from(self.tenant()))
            .bind(unit)
            .bind(from.map(|it| it.started_at))
            .bind(from.map(|it| it.id));
        Ok(query.fetch_one(self.conn()).await?)
    }

    /// The parts that runs found in a unit, by slot: the latest seen, at most so many.
    ///
    /// # Errors
    /// When the database is out of reach.
    pub async fn unit_components(&mut self, unit: i64, limit: u16) -> Result<Vec<UnitComponent>> {
        let query = sqlx::query_as(include_str!("../sql/tenant/unit_components.sql"))
            .bind(Uuid::from(self.tenant()))
            .bind(unit)
            .bind(i64::from(limit));
        Ok(query.fetch_all(self.conn()).await?)
    }

    /// The repairs of a unit from a time to before another, by time: the newest, at most so
    /// many.
    ///
    /// # Errors
    /// When the database is out of reach.
    pub async fn unit_repairs(
        &mut self,
        unit: i64,
        (from, to): (Option<DateTime<Utc>>, Option<DateTime<Utc>>),
        limit: u16,
    ) -> Result<Vec<UnitRepair>> {
        let query = sqlx::query_as(include_str!("../sql/tenant/unit_repairs.sql"))
            .bind(Uuid::from(self.tenant()))
            .bind(unit)
            .bind(from)
            .bind(to)
            .bind(i64::from(limit));
        Ok(query.fetch_all(self.conn()).await?)
    }

    /// What was measured and found in these runs of a unit, newest first, and in which other
    /// units these parts are.
    ///
    /// # Errors
    /// When the database is out of reach.
    pub async fn unit_details(
        &mut self,
        unit: i64,
        runs: &[UnitRun],
        parts: &[UnitComponent],
    ) -> Result<UnitDetails> {
        let tenant = Uuid::from(self.tenant());
        let ids: Vec<Uuid> = runs.iter().map(|run| run.id).collect();
        let from = runs.last().map(|run| run.started_at);
        let to = runs.first().map(|run| run.started_at);
        let failed = sqlx::query_as(include_str!("../sql/tenant/unit_failed.sql"))
            .bind(tenant)
            .bind(&ids)
            .bind(from)
            .bind(to)
            .bind(LISTED)
            .fetch_all(self.conn())
            .await?;
        let findings = sqlx::query_as(include_str!("../sql/tenant/unit_findings.sql"))
            .bind(tenant)
            .bind(&ids)
            .bind(from)
            .bind(to)
            .bind(LISTED)
            .fetch_all(self.conn())
            .await?;
        let parts: Vec<&str> = parts.iter().filter_map(|part| part.serial.as_deref()).collect();
        let elsewhere = sqlx::query_as(include_str!("../sql/tenant/parts_elsewhere.sql"))
            .bind(tenant)
            .bind(unit)
            .bind(parts)
            .bind(LISTED)
            .fetch_all(self.conn())
            .await?;
        Ok(UnitDetails { failed, findings, elsewhere })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_as_it_was_written_and_nothing_else_is_one() {
        let cursor = RunCursor {
            started_at: DateTime::from_timestamp_micros(1_772_323_200_000_001).unwrap(),
            id: Uuid::from_u128(7),
        };
        assert_eq!(cursor.to_string().parse(), Ok(cursor));
        let id = Uuid::nil();
        let far = format!("{}_{id}", i64::MIN);
        for wrong in ["", "1", "_", &format!("x_{id}"), "1_x", &far] {
            assert_eq!(wrong.parse::<RunCursor>(), Err(InvalidCursor), "{wrong}");
        }
    }
}
