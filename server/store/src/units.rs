//! Units under test and their history.

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

/// A row of the list of units.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct UnitLine {
    /// Its serial number.
    pub serial: String,
    /// Its kind; see [`codes`](crate::codes).
    pub kind: i16,
    /// The product of its latest run.
    pub product: Option<String>,
    /// The revision of its latest run.
    pub revision: Option<String>,
    /// The number of its runs.
    pub runs: i64,
    /// When its latest run started.
    pub started_at: Option<DateTime<Utc>>,
    /// The outcome of its latest run that is not voided; see [`codes`](crate::codes).
    pub outcome: Option<i16>,
}

/// The search for units; by default all.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Search<'a> {
    /// A part of the serial, ignoring case.
    pub part: &'a str,
    /// Keyset pagination cursor: the last serial of the previous page.
    pub after: Option<&'a str>,
    /// A failure code of one of their runs; see `failed_codes`.
    pub code: Option<&'a str>,
    /// Their kind.
    pub kind: Option<UnitKind>,
    /// Only those whose latest run did not pass.
    pub not_passed: bool,
    /// Only those with a run in a slice.
    pub slice: Option<Slice<'a>>,
}

/// A slice of counted runs.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Slice<'a> {
    /// The definition of yield that counts them.
    pub definition: Definition,
    /// Whether aborted runs are excluded from the attempts.
    pub aborted_excluded: bool,
    /// First day in the site's time zone (inclusive).
    pub from: Option<NaiveDate>,
    /// End day in the site's time zone (exclusive).
    pub to: Option<NaiveDate>,
    /// The filters that they match.
    pub filters: Option<&'a Filters>,
    /// Minimum duration in whole seconds (inclusive).
    pub least_seconds: Option<u32>,
    /// Maximum duration in whole seconds (exclusive).
    pub most_seconds: Option<u32>,
    /// A parameter and the range of its last value in the run: minimum (inclusive) and maximum
    /// (exclusive), each optional.
    pub measured: Option<(&'a Measurement, Option<f64>, Option<f64>)>,
    /// Only those that did not pass.
    pub failed: bool,
}

/// A user's decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// When it was made.
    pub at: DateTime<Utc>,
    /// Who made it.
    pub by: String,
    /// The reason.
    pub why: String,
}

impl Decision {
    fn from_columns(
        at: Option<DateTime<Utc>>,
        by: Option<String>,
        why: Option<String>,
    ) -> Option<Self> {
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
    /// Its kind; see [`codes`](crate::codes).
    pub kind: i16,
    /// The kind that its data state.
    pub kind_said: i16,
    /// Whether a user set the kind, which overrides the data.
    pub kind_is_set: bool,
    /// The user's decision, unless it predates the recording of decisions.
    pub kind_set: Option<Decision>,
}

/// A run of a unit.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct UnitRun {
    /// Its id.
    pub id: Uuid,
    /// The operation.
    pub operation: String,
    /// Its attempt number in the operation; none if it is not an attempt.
    pub run_index: Option<i32>,
    /// When it started.
    pub started_at: DateTime<Utc>,
    /// When it ended.
    pub ended_at: Option<DateTime<Utc>>,
    /// Its outcome; see [`codes`](crate::codes).
    pub outcome: i16,
    /// Its failure code.
    pub code: Option<String>,
    /// Its station.
    pub station: Option<String>,
    /// Its fixture.
    pub fixture: Option<String>,
    /// The version of its test software.
    pub software: Option<String>,
    /// The unit's product at that time.
    pub product: Option<String>,
    /// The unit's revision at that time.
    pub revision: Option<String>,
    /// Whether a user voided it, which excludes it from the figures.
    pub voided: bool,
    /// The bits of [`RunFlags`](domain::RunFlags).
    pub flags: i32,
    /// The receipt of its upload.
    pub receipt_id: Uuid,
    /// When it was voided.
    pub voided_at: Option<DateTime<Utc>>,
    /// Who voided it.
    pub voided_by: Option<String>,
    /// The reason of the void.
    pub voided_why: Option<String>,
}

impl UnitRun {
    /// The cursor of the page that begins with this run.
    #[must_use]
    pub fn cursor(&self) -> RunCursor {
        RunCursor { started_at: self.started_at, id: self.id }
    }

    /// The decision to void it, if any.
    #[must_use]
    pub fn void(&self) -> Option<Decision> {
        Decision::from_columns(self.voided_at, self.voided_by.clone(), self.voided_why.clone())
    }
}

/// Keyset pagination cursor over a unit's runs, newest first: the run that a page begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RunCursor {
    /// When the run started.
    pub started_at: DateTime<Utc>,
    /// Its id.
    pub id: Uuid,
}

impl std::fmt::Display for RunCursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}_{}", self.started_at.timestamp_micros(), self.id)
    }
}

/// The error for a string that is not a [`RunCursor`].
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
    /// Its slot.
    pub slot: Option<String>,
    /// Its name.
    pub name: Option<String>,
    /// Start of the first run that found it.
    pub first_seen: DateTime<Utc>,
    /// Start of the last run that found it.
    pub last_seen: DateTime<Utc>,
    /// The number of parts found in the unit, listed or not.
    pub total: i64,
}

/// A measurement that failed in a run of a unit.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct FailedMeasurement {
    /// The run.
    pub run_id: Uuid,
    /// The step.
    pub step: Option<String>,
    /// The name of the parameter.
    pub name: String,
    /// Its unit of measure.
    pub unit: Option<String>,
    /// The value, if it is a number.
    pub value: Option<f64>,
    /// Any other value, as JSON.
    pub other: Option<String>,
    /// The lower limit.
    pub low: Option<f64>,
    /// The upper limit.
    pub high: Option<f64>,
    /// The part.
    pub component: Option<String>,
    /// The number of failed measurements of the run, listed or not.
    pub total: i64,
}

/// A finding in a run of a unit.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct UnitFinding {
    /// The run.
    pub run_id: Uuid,
    /// Its kind; see [`codes`](crate::codes).
    pub kind: i16,
    /// Its outcome; see [`codes`](crate::codes).
    pub outcome: i16,
    /// The system that defines the code, if stated.
    pub system: Option<String>,
    /// The code.
    pub code: String,
    /// Its message.
    pub message: Option<String>,
    /// The part.
    pub component: Option<String>,
    /// The number of findings of the run, listed or not.
    pub total: i64,
}

/// Another unit in which a part was found.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct OtherUnit {
    /// The part's serial number.
    pub part: String,
    /// The other unit's serial number.
    pub serial: String,
    /// Whether any run that found the part there did not pass.
    pub failed: bool,
    /// The number of other units in which the part was found, listed or not.
    pub total: i64,
}

/// Failed measurements and findings of some runs of a unit, and other units with its parts; a
/// bounded number per run and part.
#[derive(Debug, Clone, PartialEq)]
pub struct UnitDetails {
    /// Failed measurements.
    pub failed: Vec<FailedMeasurement>,
    /// Findings.
    pub findings: Vec<UnitFinding>,
    /// Other units in which its parts were found.
    pub elsewhere: Vec<OtherUnit>,
}

/// A repair of a unit.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct UnitRepair {
    /// Its id.
    pub id: Uuid,
    /// When it was done.
    pub at: DateTime<Utc>,
    /// The action.
    pub action: String,
    /// The run that led to it, whether that is stored or not.
    pub run_id: Option<Uuid>,
    /// The defect.
    pub defect: Option<String>,
    /// The removed part.
    pub component_out: Option<Value>,
    /// The inserted part.
    pub component_in: Option<Value>,
    /// A free-text comment.
    pub comment: Option<String>,
    /// The receipt of its upload.
    pub receipt_id: Uuid,
    /// The number of repairs in the window, listed or not.
    pub total: i64,
}

/// The run counts of a unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromRow)]
pub struct RunCounts {
    /// All runs.
    pub runs: i64,
    /// Runs newer than the page.
    pub newer: i64,
    /// When the first of the newer runs started.
    pub newer_from: Option<DateTime<Utc>>,
}

/// Maximum number of failed measurements and of findings per run, and of other units per part.
const MAX_LISTED: i64 = 50;

impl TenantTx {
    /// Searches units, in the order of serials (keyset pagination); at most `limit`.
    ///
    /// # Errors
    /// When the database is unreachable.
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
            self.raise_work_mem().await?;
        }
        sqlx::query(include_str!("../sql/tenant/plan_in_order.sql")).execute(self.conn()).await?;
        Ok(query.fetch_all(self.conn()).await?)
    }

    /// Lists the failure codes of runs, most frequent first.
    ///
    /// # Errors
    /// When the database is unreachable.
    pub async fn failed_codes(&mut self, limit: u16) -> Result<Vec<String>> {
        let tenant = Uuid::from(self.tenant());
        let query = sqlx::query_scalar(include_str!("../sql/tenant/failed_codes.sql"))
            .bind(tenant)
            .bind(i64::from(limit));
        Ok(query.fetch_all(self.conn()).await?)
    }

    /// Finds the systems of failure codes: pairs of one of `codes` and one of `systems` (in lower
    /// case) in findings of the latest 100 runs that failed with each code.
    ///
    /// # Errors
    /// When the database is unreachable.
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

    /// Finds the unit with that serial.
    ///
    /// # Errors
    /// When the database is unreachable.
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
            kind_set: Decision::from_columns(
                found.try_get("kind_set_at")?,
                found.try_get("kind_set_by")?,
                found.try_get("kind_set_why")?,
            ),
        }))
    }

    /// Lists runs of a unit, newest first, from a cursor on (keyset pagination); at most `limit`.
    ///
    /// # Errors
    /// When the database is unreachable.
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

    /// Counts the runs of a unit, and those before the page that begins with a cursor.
    ///
    /// # Errors
    /// When the database is unreachable.
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

    /// Lists the parts that runs found in a unit, by slot: the `limit` most recently seen ones.
    ///
    /// # Errors
    /// When the database is unreachable.
    pub async fn unit_components(&mut self, unit: i64, limit: u16) -> Result<Vec<UnitComponent>> {
        let query = sqlx::query_as(include_str!("../sql/tenant/unit_components.sql"))
            .bind(Uuid::from(self.tenant()))
            .bind(unit)
            .bind(i64::from(limit));
        Ok(query.fetch_all(self.conn()).await?)
    }

    /// Lists the repairs of a unit from a time (inclusive) to another (exclusive), by time: the
    /// `limit` newest ones.
    ///
    /// # Errors
    /// When the database is unreachable.
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

    /// Loads failed measurements and findings of these runs of a unit, newest first, and other
    /// units with these parts.
    ///
    /// # Errors
    /// When the database is unreachable.
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
            .bind(MAX_LISTED)
            .fetch_all(self.conn())
            .await?;
        let findings = sqlx::query_as(include_str!("../sql/tenant/unit_findings.sql"))
            .bind(tenant)
            .bind(&ids)
            .bind(from)
            .bind(to)
            .bind(MAX_LISTED)
            .fetch_all(self.conn())
            .await?;
        let parts: Vec<&str> = parts.iter().filter_map(|part| part.serial.as_deref()).collect();
        let elsewhere = sqlx::query_as(include_str!("../sql/tenant/parts_elsewhere.sql"))
            .bind(tenant)
            .bind(unit)
            .bind(parts)
            .bind(MAX_LISTED)
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
