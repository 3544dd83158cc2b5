//! Values of parameters and counts of failures, as the quality statistics take them; and
//! change events.

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
    /// The last number that it measured; none where it measured none, maybe not finite.
    pub value: Option<f64>,
    /// Lower limit on it.
    pub low: Option<f64>,
    /// Upper limit on it.
    pub high: Option<f64>,
    /// Key by the dimension that was asked for; of a day the number of days since 1970.
    pub key: Option<String>,
}

/// What counted runs measured of one parameter.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct Summary {
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
    /// Variance (n − 1); none of one value.
    pub variance: Option<f64>,
    /// Smallest value.
    pub least: f64,
    /// Largest value.
    pub most: f64,
    /// Mean moving range in the order of runs; none of one value.
    pub moved: Option<f64>,
    /// Lower limit on the last run.
    pub low: Option<f64>,
    /// Upper limit on the last run.
    pub high: Option<f64>,
    /// Values outside these limits.
    pub outside: i64,
    /// Whether another run has other limits.
    pub limits_changed: bool,
}

/// Counted runs with one key.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct KeyedCounts {
    /// The key; of a period a number, see `period_key`.
    pub key: String,
    /// The first start.
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

/// Which counted runs fail in a question about commonality.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failing {
    /// Those that did not pass.
    Any,
    /// Those of them with this code.
    Code(String),
    /// Those with a failed measurement of this.
    Parameter(Measurement),
}

/// Counted runs that have a value of a dimension; all runs where it has none.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Group {
    /// The dimension.
    pub dimension: Option<String>,
    /// The value.
    pub value: Option<String>,
    /// Failing runs.
    pub failing: i64,
    /// The others.
    pub passing: i64,
}

/// Counted runs that have the same suspects.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromRow)]
pub struct Pattern {
    /// Bit i is set where they have suspect i.
    pub members: i32,
    /// Failing runs.
    pub failing: i64,
    /// The others.
    pub passing: i64,
}

/// A value with the unit and the station of its run.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct GageReading {
    /// The unit.
    pub serial: String,
    /// The station.
    pub station: String,
    /// Whether the unit is a golden one.
    pub golden: bool,
    /// The value.
    pub value: f64,
    /// Lower limit on it.
    pub low: Option<f64>,
    /// Upper limit on it.
    pub high: Option<f64>,
}

/// A recorded change event.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct ChangeEvent {
    /// Its id.
    pub id: Uuid,
    /// When the change was.
    pub at: DateTime<Utc>,
    /// What kind of change.
    pub kind: String,
    /// What changed.
    pub what: String,
    /// {dimension: value}: what it concerns.
    pub scope: Value,
    /// Who recorded it.
    pub recorded_by: String,
    /// When.
    pub recorded_at: DateTime<Utc>,
}

/// The first run with a value.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct FirstSeen {
    /// In this operation.
    pub operation: String,
    /// The dimension.
    pub kind: String,
    /// The value.
    pub what: String,
    /// When the run started.
    pub at: DateTime<Utc>,
}

/// A time window; open where an end is absent.
pub type Window = (Option<DateTime<Utc>>, Option<DateTime<Utc>>);

impl TenantTx {
    /// The operations in which it is measured: one, unless somebody wrote ` / ` into a name.
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

    /// Counted runs of the measurement's operation with their values, in the order of
    /// (start, id), each with its key by `dimension`; one more than `limit` at most.
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
        self.expect_values().await?;
        sqlx::query(include_str!("../sql/tenant/plan_in_bulk.sql")).execute(self.conn()).await?;
        let statement = self
            .asked(include_str!("../sql/tenant/parameter_values.sql"), question)
            .bind(measurement.parameters.clone())
            .bind(operations)
            .bind(dimension.map(ToString::to_string))
            .bind(one_more(limit));
        let mut rows = statement.fetch(self.conn());
        let mut values = Vec::new();
        while let Some(row) = rows.try_next().await? {
            values.push(RunValue::from_row(&row)?);
        }
        drop(rows);
        self.plan_freely().await?;
        Ok(values)
    }

    /// What counted runs measured, by parameter, of those with `part` in their name, in any
    /// case; one more than `limit` at most, in no order.
    ///
    /// # Errors
    /// When the database refuses or is unreachable.
    pub async fn parameter_summaries(
        &mut self,
        question: &Question,
        part: &str,
        limit: usize,
    ) -> Result<Vec<Summary>> {
        self.expect_values().await?;
        let rows = self
            .asked(include_str!("../sql/tenant/parameter_summaries.sql"), question)
            .bind(part.to_owned())
            .bind(one_more(limit))
            .fetch_all(self.conn())
            .await?;
        Ok(rows.iter().map(Summary::from_row).collect::<Result<_, _>>()?)
    }

    /// Counted runs by `dimension`, in the order of their first start, with failures by
    /// `code`; one more key than `limit` at most.
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
            .asked(include_str!("../sql/tenant/figure_by_key.sql"), question)
            .bind(dimension.to_string())
            .bind(code.map(str::to_owned))
            .bind(one_more(limit))
            .fetch_all(self.conn())
            .await?;
        Ok(rows.iter().map(KeyedCounts::from_row).collect::<Result<_, _>>()?)
    }

    /// Failing and other counted runs by each value of each of `dimensions`, or of all, that
    /// at least `minimum` runs have; the group without a dimension is of all runs. One more
    /// value than `limit` at most.
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
        let (kind, code, parameters) = failing.bound();
        let rows = self
            .asked(include_str!("../sql/tenant/commonality_groups.sql"), question)
            .bind(kind)
            .bind(code)
            .bind(parameters)
            .bind(dimensions)
            .bind(i64::from(minimum))
            .bind(one_more(limit))
            .fetch_all(self.conn())
            .await?;
        Ok(rows.iter().map(Group::from_row).collect::<Result<_, _>>()?)
    }

    /// Failing and other counted runs by which of `suspects` (dimension and value, at most
    /// 31) they have.
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
        let (kind, code, parameters) = failing.bound();
        let rows = self
            .asked(include_str!("../sql/tenant/commonality_patterns.sql"), question)
            .bind(kind)
            .bind(code)
            .bind(parameters)
            .bind(dimensions)
            .bind(values)
            .fetch_all(self.conn())
            .await?;
        Ok(rows.iter().map(Pattern::from_row).collect::<Result<_, _>>()?)
    }

    /// Values of a measurement with their units and stations, in the order of (start, id);
    /// runs of golden units, and retests, too. One more than `limit` at most.
    ///
    /// # Errors
    /// When the database refuses or is unreachable.
    pub async fn gage_readings(
        &mut self,
        question: &Question,
        measurement: &Measurement,
        limit: usize,
    ) -> Result<Vec<GageReading>> {
        self.expect_values().await?;
        let rows = self
            .narrowed(include_str!("../sql/tenant/gage_readings.sql"), question)
            .bind(measurement.parameters.clone())
            .bind(one_more(limit))
            .fetch_all(self.conn())
            .await?;
        Ok(rows.iter().map(GageReading::from_row).collect::<Result<_, _>>()?)
    }

    /// First runs with a software, revision, fixture or station in `operations`, or in all,
    /// that are not from an operation's beginning; the latest `limit`, the latest first.
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

    /// Recorded change events, the latest `limit`, the latest first.
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

    /// Records a change event and returns its id; none where the tenant has `most` already.
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

    async fn plan_freely(&mut self) -> Result<()> {
        sqlx::query(include_str!("../sql/tenant/plan_freely.sql")).execute(self.conn()).await?;
        Ok(())
    }
}

impl Failing {
    /// The parameters of the statements.
    fn bound(&self) -> (i16, Option<String>, Option<Vec<i64>>) {
        match self {
            Self::Any => (0, None, None),
            Self::Code(code) => (1, Some(code.clone()), None),
            Self::Parameter(measurement) => (2, None, Some(measurement.parameters.clone())),
        }
    }
}

fn one_more(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX - 1) + 1
}
