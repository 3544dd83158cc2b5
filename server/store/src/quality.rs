//! Queries of the quality statistics: parameter values and failure counts; and change events.

use chrono::{DateTime, Utc};
use domain::Timestamp;
use domain::dimension::Dimension;
use futures::TryStreamExt as _;
use serde_json::Value;
use sqlx::FromRow;
use uuid::Uuid;

use crate::measurements::Measurement;
use crate::yields::Question;
use crate::{Result, TenantTx, utc};

/// A counted run of a parameter's operation.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct RunValue {
    /// The run.
    pub id: Uuid,
    /// Its unit.
    pub unit_id: i64,
    /// When it started.
    pub started_at: DateTime<Utc>,
    /// The outcome's code.
    pub outcome: i16,
    /// The last number that it measured, if any; may not be finite.
    pub value: Option<f64>,
    /// Its lower limit.
    pub low: Option<f64>,
    /// Its upper limit.
    pub high: Option<f64>,
    /// Its key in the requested dimension; for days the number of days since 1970.
    pub key: Option<String>,
}

/// Summary statistics of one parameter over counted runs.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct Summary {
    /// The parameter.
    pub id: i64,
    /// `operation / step / name [unit]`.
    pub parameter: String,
    /// The operation.
    pub operation: String,
    /// The step.
    pub step: String,
    /// The name.
    pub name: String,
    /// The unit of measure.
    pub unit: Option<String>,
    /// Runs with a value.
    pub n: i64,
    /// Mean.
    pub mean: f64,
    /// Sample variance (n − 1); none for a single value.
    pub variance: Option<f64>,
    /// Smallest value.
    pub least: f64,
    /// Largest value.
    pub most: f64,
    /// Mean moving range in the order of runs; none for a single value.
    pub moved: Option<f64>,
    /// Lower limit of the last run.
    pub low: Option<f64>,
    /// Upper limit of the last run.
    pub high: Option<f64>,
    /// The number of values outside these limits.
    pub outside: i64,
    /// Whether the limits differ between runs.
    pub limits_changed: bool,
}

/// The mean of what was measured of a parameter in a part of the runs' time.
#[derive(Debug, Clone, Copy, PartialEq, FromRow)]
pub struct PartMean {
    /// The parameter.
    pub parameter: i64,
    /// The part, from 0.
    pub part: i32,
    /// The mean.
    pub mean: f64,
}

/// Counts of the counted runs with one key.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct KeyedCounts {
    /// The key; for periods a number, see `period_key`.
    pub key: String,
    /// When the first of them started.
    pub at: DateTime<Utc>,
    /// Runs.
    pub n: i64,
    /// Those that did not pass.
    pub failed: i64,
    /// Those of them with the code.
    pub with_code: i64,
    /// Defects.
    pub defects: i64,
    /// Attempts after the first.
    pub retests: i64,
}

/// The criterion by which the commonality analysis counts runs as failing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failing {
    /// Runs that did not pass.
    Any,
    /// Runs that did not pass, with this code.
    Code(String),
    /// Runs with a failed measurement of this parameter.
    Parameter(Measurement),
}

/// The counted runs with one value of a dimension; without a dimension, all of them.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Group {
    /// The dimension.
    pub dimension: Option<String>,
    /// The value.
    pub value: Option<String>,
    /// Failing runs.
    pub failing: i64,
    /// The other runs.
    pub passing: i64,
}

/// The counted runs with the same set of suspects.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromRow)]
pub struct Pattern {
    /// Bit i is set if the runs have suspect i.
    pub members: i32,
    /// Failing runs.
    pub failing: i64,
    /// The other runs.
    pub passing: i64,
}

/// A value with the unit and the station of its run.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct GageReading {
    /// The unit.
    pub serial: String,
    /// The station.
    pub station: String,
    /// Whether the unit is a golden unit.
    pub golden: bool,
    /// The value.
    pub value: f64,
    /// Its lower limit.
    pub low: Option<f64>,
    /// Its upper limit.
    pub high: Option<f64>,
}

/// A recorded change event.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct ChangeEvent {
    /// Its id.
    pub id: Uuid,
    /// When the change happened.
    pub at: DateTime<Utc>,
    /// The kind of change.
    pub kind: String,
    /// What changed.
    pub what: String,
    /// The affected runs, as {dimension: value}.
    pub scope: Value,
    /// Who recorded it.
    pub recorded_by: String,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
}

/// The first occurrence of a value in an operation.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct FirstSeen {
    /// The operation.
    pub operation: String,
    /// The dimension.
    pub kind: String,
    /// The value.
    pub what: String,
    /// When the first run with the value started.
    pub at: DateTime<Utc>,
}

/// A half-open time window; unbounded where an end is absent.
pub type Window = (Option<DateTime<Utc>>, Option<DateTime<Utc>>);

impl TenantTx {
    /// Lists the operations of a measurement: one, unless a name contains ` / `.
    ///
    /// # Errors
    /// When the database is unreachable.
    pub async fn measurement_operations(
        &mut self,
        measurement: &Measurement,
    ) -> Result<Vec<String>> {
        let query = sqlx::query_scalar(include_str!("../sql/tenant/parameter_operations.sql"))
            .bind(Uuid::from(self.tenant()))
            .bind(measurement.parameters.clone());
        Ok(query.fetch_all(self.conn()).await?)
    }

    /// Lists counted runs of the measurement's operation with their values, in the order of
    /// (start, id), each with its key in `dimension`; at most `limit` + 1.
    ///
    /// # Errors
    /// When the database refuses or is unreachable.
    pub async fn parameter_values(
        &mut self,
        question: &Question,
        measurement: &Measurement,
        dimension: Option<&Dimension>,
        limit: usize,
    ) -> Result<Vec<RunValue>> {
        let operations = self.measurement_operations(measurement).await?;
        self.raise_work_mem().await?;
        self.plan_in_bulk().await?;
        let statement = self
            .counted_statement(include_str!("../sql/tenant/parameter_values.sql"), question)
            .bind(measurement.parameters.clone())
            .bind(operations)
            .bind(dimension.map(ToString::to_string))
            .bind(limit_plus_one(limit));
        let mut rows = statement.fetch(self.conn());
        let mut values = Vec::new();
        while let Some(row) = rows.try_next().await? {
            values.push(RunValue::from_row(&row)?);
        }
        drop(rows);
        self.plan_freely().await?;
        Ok(values)
    }

    /// The serial numbers of units by their ids.
    ///
    /// # Errors
    /// When the database is unreachable.
    pub async fn unit_serials(&mut self, units: &[i64]) -> Result<Vec<(i64, String)>> {
        let query = sqlx::query_as(include_str!("../sql/tenant/unit_serials.sql"))
            .bind(Uuid::from(self.tenant()))
            .bind(units.to_vec());
        Ok(query.fetch_all(self.conn()).await?)
    }

    /// Computes summary statistics over counted runs, by parameter, for those whose name contains
    /// `part`, ignoring case; at most `limit` + 1, unordered.
    ///
    /// # Errors
    /// When the database refuses or is unreachable.
    pub async fn parameter_summaries(
        &mut self,
        question: &Question,
        part: &str,
        limit: usize,
    ) -> Result<Vec<Summary>> {
        self.raise_work_mem().await?;
        self.plan_in_bulk().await?;
        let rows = self
            .counted_statement(include_str!("../sql/tenant/parameter_summaries.sql"), question)
            .bind(part.to_owned())
            .bind(limit_plus_one(limit))
            .fetch_all(self.conn())
            .await?;
        self.plan_freely().await?;
        Ok(rows.iter().map(Summary::from_row).collect::<Result<_, _>>()?)
    }

    /// Means of what counted runs measured of each of these parameters, in so many equal parts
    /// of the time from the first of these runs to the last.
    ///
    /// # Errors
    /// When the database refuses or is unreachable.
    pub async fn parameter_trends(
        &mut self,
        question: &Question,
        parameters: &[i64],
        parts: u16,
    ) -> Result<Vec<PartMean>> {
        self.raise_work_mem().await?;
        self.plan_in_bulk().await?;
        let rows = self
            .counted_statement(include_str!("../sql/tenant/parameter_trends.sql"), question)
            .bind(parameters.to_vec())
            .bind(i32::from(parts))
            .fetch_all(self.conn())
            .await?;
        self.plan_freely().await?;
        Ok(rows.iter().map(PartMean::from_row).collect::<Result<_, _>>()?)
    }

    /// Groups counted runs by `dimension`, in the order of their first start, and counts failures
    /// with `code`; at most `limit` + 1 keys.
    ///
    /// # Errors
    /// When the database refuses or is unreachable.
    pub async fn figure_by_key(
        &mut self,
        question: &Question,
        dimension: &Dimension,
        code: Option<&str>,
        limit: usize,
    ) -> Result<Vec<KeyedCounts>> {
        let rows = self
            .counted_statement(include_str!("../sql/tenant/figure_by_key.sql"), question)
            .bind(dimension.to_string())
            .bind(code.map(str::to_owned))
            .bind(limit_plus_one(limit))
            .fetch_all(self.conn())
            .await?;
        Ok(rows.iter().map(KeyedCounts::from_row).collect::<Result<_, _>>()?)
    }

    /// Counts failing and other counted runs by value, for each of `dimensions` or for all, for
    /// values that at least `minimum` runs have. The group without a dimension contains all runs.
    /// At most `limit` + 1 values.
    ///
    /// # Errors
    /// When the database refuses or is unreachable.
    pub async fn commonality_groups(
        &mut self,
        question: &Question,
        failing: &Failing,
        dimensions: Option<&[Dimension]>,
        minimum: u32,
        limit: usize,
    ) -> Result<Vec<Group>> {
        let dimensions =
            dimensions.map(|list| list.iter().map(ToString::to_string).collect::<Vec<_>>());
        let (kind, code, parameters) = failing.statement_parameters();
        let rows = self
            .counted_statement(include_str!("../sql/tenant/commonality_groups.sql"), question)
            .bind(kind)
            .bind(code)
            .bind(parameters)
            .bind(dimensions)
            .bind(i64::from(minimum))
            .bind(limit_plus_one(limit))
            .fetch_all(self.conn())
            .await?;
        Ok(rows.iter().map(Group::from_row).collect::<Result<_, _>>()?)
    }

    /// Counts failing and other counted runs by the set of `suspects` (dimension and value, at
    /// most 31) that they have.
    ///
    /// # Errors
    /// When the database refuses or is unreachable.
    pub async fn commonality_patterns(
        &mut self,
        question: &Question,
        failing: &Failing,
        suspects: &[(String, String)],
    ) -> Result<Vec<Pattern>> {
        let (dimensions, values): (Vec<String>, Vec<String>) = suspects.iter().cloned().unzip();
        let (kind, code, parameters) = failing.statement_parameters();
        let rows = self
            .counted_statement(include_str!("../sql/tenant/commonality_patterns.sql"), question)
            .bind(kind)
            .bind(code)
            .bind(parameters)
            .bind(dimensions)
            .bind(values)
            .fetch_all(self.conn())
            .await?;
        Ok(rows.iter().map(Pattern::from_row).collect::<Result<_, _>>()?)
    }

    /// Lists values of a measurement with their units and stations, in the order of (start, id);
    /// includes runs of golden units and retests. At most `limit` + 1.
    ///
    /// # Errors
    /// When the database refuses or is unreachable.
    pub async fn gage_readings(
        &mut self,
        question: &Question,
        measurement: &Measurement,
        limit: usize,
    ) -> Result<Vec<GageReading>> {
        self.raise_work_mem().await?;
        self.plan_in_bulk().await?;
        let rows = self
            .filtered_statement(include_str!("../sql/tenant/gage_readings.sql"), question)
            .bind(measurement.parameters.clone())
            .bind(limit_plus_one(limit))
            .fetch_all(self.conn())
            .await?;
        self.plan_freely().await?;
        Ok(rows.iter().map(GageReading::from_row).collect::<Result<_, _>>()?)
    }

    /// Lists the first runs with a software, revision, fixture or station in `operations`, or in
    /// all, except those within a day of an operation's first run; the latest `limit`, latest
    /// first.
    ///
    /// # Errors
    /// When the database is unreachable.
    pub async fn events_found(
        &mut self,
        operations: Option<&[String]>,
        window: Window,
        limit: u16,
    ) -> Result<Vec<FirstSeen>> {
        let query = sqlx::query_as(include_str!("../sql/tenant/events_found.sql"))
            .bind(Uuid::from(self.tenant()))
            .bind(operations.map(<[String]>::to_vec))
            .bind(window.0)
            .bind(window.1)
            .bind(i64::from(limit));
        Ok(query.fetch_all(self.conn()).await?)
    }

    /// Lists recorded change events: the latest `limit`, latest first.
    ///
    /// # Errors
    /// When the database is unreachable.
    pub async fn events(&mut self, window: Window, limit: u16) -> Result<Vec<ChangeEvent>> {
        let query = sqlx::query_as(include_str!("../sql/tenant/events.sql"))
            .bind(Uuid::from(self.tenant()))
            .bind(window.0)
            .bind(window.1)
            .bind(i64::from(limit));
        Ok(query.fetch_all(self.conn()).await?)
    }

    /// Records a change event and returns its id; none if the tenant already has `most` events.
    ///
    /// # Errors
    /// When the database refuses or is unreachable.
    pub async fn record_event(
        &mut self,
        at: Timestamp,
        kind: &str,
        what: &str,
        scope: &Value,
        now: Timestamp,
        most: u32,
    ) -> Result<Option<Uuid>> {
        let (id, actor) = (Uuid::now_v7(), self.actor().to_owned());
        let done = sqlx::query(include_str!("../sql/tenant/event_insert.sql"))
            .bind(Uuid::from(self.tenant()))
            .bind(id)
            .bind(utc(at))
            .bind(kind)
            .bind(what)
            .bind(scope)
            .bind(actor)
            .bind(utc(now))
            .bind(i64::from(most))
            .execute(self.conn())
            .await?;
        let is_recorded = done.rows_affected() > 0;
        if is_recorded {
            self.set_data_changed();
        }
        Ok(is_recorded.then_some(id))
    }

    /// Disables nested loops for the next statements: the planner misestimates computed rows.
    pub(crate) async fn plan_in_bulk(&mut self) -> Result<()> {
        sqlx::query(include_str!("../sql/tenant/plan_in_bulk.sql")).execute(self.conn()).await?;
        Ok(())
    }

    pub(crate) async fn plan_freely(&mut self) -> Result<()> {
        sqlx::query(include_str!("../sql/tenant/plan_freely.sql")).execute(self.conn()).await?;
        Ok(())
    }
}

impl Failing {
    /// The parameters of the statements.
    fn statement_parameters(&self) -> (i16, Option<String>, Option<Vec<i64>>) {
        match self {
            Self::Any => (0, None, None),
            Self::Code(code) => (1, Some(code.clone()), None),
            Self::Parameter(measurement) => (2, None, Some(measurement.parameters.clone())),
        }
    }
}

fn limit_plus_one(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX - 1) + 1
}
