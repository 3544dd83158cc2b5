//! Yield queries: cells (counts of runs by group), units whose first run is in another group,
//! failures.
//!
//! A query reads the materialized cells (`yield_cell`) if they contain its dimensions, and the
//! runs otherwise. Both return the same cells.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use domain::Timestamp;
use domain::dimension::{Dimension, Field, Filters, Kind};
use domain::yields::{Aborted, Bound, Cell, Definition, HistoryFlags, Period, Reason};
use serde_json::{Map, Value};
use sqlx::postgres::{PgArguments, PgRow};
use sqlx::query::Query;
use sqlx::{FromRow, Postgres, Row as _};
use uuid::Uuid;

use crate::{Result, TenantTx, codes, utc};

/// A yield query.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    /// Start of the window (inclusive).
    pub from: Option<Bound>,
    /// End of the window (exclusive).
    pub to: Option<Bound>,
    /// The values to match, by dimension.
    pub filters: Filters,
    /// The dimensions to group by: at most two.
    pub group_by: Vec<Dimension>,
    /// The definition that selects the counted runs.
    pub definition: Definition,
    /// The treatment of aborted runs.
    pub aborted: Aborted,
}

/// Maximum number of dimensions to group by.
pub const MAX_GROUP_DIMENSIONS: usize = 2;

/// A cell of one group in one operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyedCell {
    /// The group's key; none if the runs have no value or the query has no groups.
    pub key: Option<String>,
    /// The key in the second dimension.
    pub second: Option<String>,
    /// The operation of the runs.
    pub operation: String,
    /// The counts.
    pub cell: Cell,
}

/// Units with runs in a group that the first-run definition does not count there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FirstRunElsewhere {
    /// The group's key.
    pub key: Option<String>,
    /// The key in the second dimension.
    pub second: Option<String>,
    /// Units whose run 1 was before the window.
    pub before: u64,
    /// Units whose run 1 does not match the filters, or is in another group.
    pub elsewhere: u64,
}

/// The key by which failures are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// The run's failure code.
    Code,
    /// Failed steps.
    Step,
    /// Components that a failing measurement, diagnosis or defect names.
    Component,
}

/// Counts of counted runs that did not pass.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Failures {
    /// The key; none in the total.
    pub key: Option<String>,
    /// The number of runs.
    pub runs: i64,
    /// The number of units.
    pub units: i64,
}

/// A unit with counted runs in an operation.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct CountedUnit {
    /// The unit.
    pub serial: String,
    /// The operation.
    pub operation: String,
    /// The number of counted runs.
    pub runs: i64,
    /// The number of those that passed.
    pub passed: i64,
    /// When the first of them started.
    pub started_at: DateTime<Utc>,
}

/// A unit with matching runs in an operation, none of them counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UncountedUnit {
    /// The unit.
    pub serial: String,
    /// The operation.
    pub operation: String,
    /// The number of matching runs.
    pub runs: i64,
    /// Why none of them is counted. Empty if the first attempt of each of their days is outside
    /// the window or the filters.
    pub reasons: Vec<Reason>,
    /// When the unit's run 1 in the operation started, in any group.
    pub first_at: Option<DateTime<Utc>>,
}

/// Keyset pagination cursor over units by operation: the last serial and operation.
pub type After<'a> = (&'a str, &'a str);

pub(crate) type Statement = Query<'static, Postgres, PgArguments>;

impl TenantTx {
    /// Loads the matching runs, counted or not, as cells by group, unordered.
    ///
    /// # Errors
    /// When the database refuses or is unreachable.
    pub async fn cells(&mut self, question: &Question) -> Result<Vec<KeyedCell>> {
        match StoredCells::for_question(question) {
            Some(source) => self.stored_cells(question, source).await,
            None => self.cells_of_runs(question).await,
        }
    }

    /// Computes the cells of [`cells`](Self::cells) from the runs.
    ///
    /// # Errors
    /// When the database refuses or is unreachable.
    pub async fn cells_of_runs(&mut self, question: &Question) -> Result<Vec<KeyedCell>> {
        let query =
            self.grouped_statement(include_str!("../sql/tenant/cells_of_runs.sql"), question);
        let rows = query.fetch_all(self.conn()).await?;
        let mut cells = rows.iter().map(keyed_cell).collect::<Result<Vec<_>>>()?;
        self.name_keys(question, cells.iter_mut().map(|it| [&mut it.key, &mut it.second])).await?;
        Ok(cells)
    }

    async fn stored_cells(
        &mut self,
        question: &Question,
        StoredCells(field): StoredCells,
    ) -> Result<Vec<KeyedCell>> {
        let day = |bound: Option<Bound>| match bound {
            Some(Bound::Day(day)) => Some(day),
            Some(Bound::At(_)) | None => None,
        };
        let [by_1, by_2] = groups(question);
        let rows = sqlx::query(include_str!("../sql/tenant/cells_kept.sql"))
            .bind(Uuid::from(self.tenant()))
            .bind(field.map(Field::as_str))
            .bind(field.and_then(|field| field.entry().cells).unwrap_or_default())
            .bind(day(question.from))
            .bind(day(question.to))
            .bind(filter(question, Field::Operation))
            .bind(field.and_then(|field| filter(question, field)))
            .bind(by_1)
            .bind(by_2)
            .fetch_all(self.conn())
            .await?;
        let mut cells = rows.iter().map(keyed_cell).collect::<Result<Vec<_>>>()?;
        self.name_keys(question, cells.iter_mut().map(|it| [&mut it.key, &mut it.second])).await?;
        Ok(cells)
    }

    /// Counts units that the first-run definition excludes from groups in which they ran.
    ///
    /// # Errors
    /// When the database refuses or is unreachable.
    pub async fn first_elsewhere(&mut self, question: &Question) -> Result<Vec<FirstRunElsewhere>> {
        // All runs of a unit in an operation have the same values of these.
        let constant = [Dimension::from(Field::Operation), Dimension::from(Field::Tenant)];
        let is_filtered =
            question.filters.iter().any(|(dimension, _)| !constant.contains(dimension));
        let is_split = question.group_by.iter().any(|dimension| !constant.contains(dimension));
        if !is_filtered && !is_split && question.from.is_none() {
            return Ok(Vec::new());
        }
        let is_by_time = question.group_by.iter().all(|dimension| dimension.period().is_some());
        let query =
            self.grouped_statement(include_str!("../sql/tenant/first_elsewhere.sql"), question);
        let query = query.bind(is_filtered || is_split).bind(!is_filtered && is_by_time);
        let rows = query.fetch_all(self.conn()).await?;
        let elsewhere = |row: &PgRow| {
            Ok(FirstRunElsewhere {
                key: row.try_get("key_1")?,
                second: row.try_get("key_2")?,
                before: count(row, "before")?,
                elsewhere: count(row, "elsewhere")?,
            })
        };
        let mut units = rows.iter().map(elsewhere).collect::<Result<Vec<_>>>()?;
        self.name_keys(question, units.iter_mut().map(|it| [&mut it.key, &mut it.second])).await?;
        Ok(units)
    }

    /// Replaces the keys of periods, which the database returns as numbers, and of the tenant by
    /// their names.
    async fn name_keys<'a>(
        &mut self,
        question: &Question,
        keys: impl Iterator<Item = [&'a mut Option<String>; MAX_GROUP_DIMENSIONS]>,
    ) -> Result<()> {
        let is_named = |dimension: &Dimension| {
            let kind = dimension.entry().map(|entry| entry.kind);
            matches!(kind, Some(Kind::Period(_) | Kind::Tenant))
        };
        if !question.group_by.iter().any(is_named) {
            return Ok(());
        }
        let mut keys: Vec<_> = keys.collect();
        for (index, dimension) in question.group_by.iter().enumerate().take(MAX_GROUP_DIMENSIONS) {
            let kind = dimension.entry().map(|entry| entry.kind);
            let hours = match kind {
                Some(Kind::Period(Period::Hour)) => {
                    self.hours(keys.iter().filter_map(|key| number(key[index]))).await?
                }
                _ => HashMap::new(),
            };
            let slug = match kind {
                Some(Kind::Tenant) => Some(self.this_tenant().await?.slug),
                _ => None,
            };
            for key in &mut keys {
                let key = &mut *key[index];
                *key = match kind {
                    Some(Kind::Tenant) => slug.clone(),
                    Some(Kind::Period(Period::Hour)) => {
                        number(key).and_then(|hour| hours.get(&hour).cloned())
                    }
                    Some(Kind::Period(period)) => number(key)
                        .and_then(|day| i32::try_from(day).ok()?.checked_add(EPOCH_DAYS))
                        .and_then(NaiveDate::from_num_days_from_ce_opt)
                        .and_then(|day| period.key(day)),
                    _ => continue,
                };
            }
        }
        Ok(())
    }

    /// The local names of hours, by the Unix time in seconds at which they begin.
    async fn hours(&mut self, hours: impl Iterator<Item = i64>) -> Result<HashMap<i64, String>> {
        let hours: BTreeSet<i64> = hours.collect();
        let rows = sqlx::query(include_str!("../sql/tenant/hours.sql"))
            .bind(Uuid::from(self.tenant()))
            .bind(Vec::from_iter(hours))
            .fetch_all(self.conn())
            .await?;
        rows.iter().map(|row| Ok((row.try_get("hour")?, row.try_get("name")?))).collect()
    }

    /// Counts counted runs that did not pass: the total, and by key.
    ///
    /// # Errors
    /// When the database refuses or is unreachable.
    pub async fn failures(
        &mut self,
        question: &Question,
        by: By,
    ) -> Result<(Failures, Vec<Failures>)> {
        let sql = match by {
            By::Code => include_str!("../sql/tenant/failed_by_code.sql"),
            By::Step => include_str!("../sql/tenant/failed_by_step.sql"),
            By::Component => include_str!("../sql/tenant/failed_by_component.sql"),
        };
        let rows = self.counted_statement(sql, question).fetch_all(self.conn()).await?;
        let mut total = Failures { key: None, runs: 0, units: 0 };
        let mut keyed = Vec::new();
        for row in &rows {
            let failures = Failures::from_row(row)?;
            match failures.key {
                None => total = failures,
                Some(_) => keyed.push(failures),
            }
        }
        Ok((total, keyed))
    }

    /// Lists units with counted runs, in the order of serial and operation (keyset pagination).
    ///
    /// # Errors
    /// When the database refuses or is unreachable.
    pub async fn list_counted_units(
        &mut self,
        question: &Question,
        after: After<'_>,
        limit: u16,
    ) -> Result<Vec<CountedUnit>> {
        let rows = self
            .counted_statement(include_str!("../sql/tenant/explain_in.sql"), question)
            .bind(after.0.to_owned())
            .bind(after.1.to_owned())
            .bind(i64::from(limit))
            .fetch_all(self.conn())
            .await?;
        Ok(rows.iter().map(CountedUnit::from_row).collect::<Result<_, _>>()?)
    }

    /// Lists serials of units with a counted run that did not pass, the latest such run first.
    ///
    /// # Errors
    /// When the database refuses or is unreachable.
    pub async fn units_not_passed(
        &mut self,
        question: &Question,
        limit: u16,
    ) -> Result<Vec<String>> {
        let rows = self
            .counted_statement(include_str!("../sql/tenant/explain_failed.sql"), question)
            .bind(i64::from(limit))
            .fetch_all(self.conn())
            .await?;
        Ok(rows.iter().map(|row| row.try_get("serial")).collect::<Result<_, _>>()?)
    }

    /// Lists units with matching runs of which none is counted, in the order of serial and
    /// operation (keyset pagination).
    ///
    /// # Errors
    /// When the database refuses or is unreachable.
    pub async fn list_uncounted_units(
        &mut self,
        question: &Question,
        after: After<'_>,
        limit: u16,
    ) -> Result<Vec<UncountedUnit>> {
        let rows = self
            .counted_statement(include_str!("../sql/tenant/explain_out.sql"), question)
            .bind(after.0.to_owned())
            .bind(after.1.to_owned())
            .bind(i64::from(limit))
            .fetch_all(self.conn())
            .await?;
        rows.iter().map(|row| unit_out(row, question.definition)).collect()
    }

    /// Counts units whose earliest run 1 in these operations matches the query and that have a run
    /// 1 in each of them (n), and those of them without a failure or a repair (k): first-time
    /// through (FTT). The definition must be first-run.
    ///
    /// # Errors
    /// When the database refuses or is unreachable.
    pub async fn observed_ftt(
        &mut self,
        question: &Question,
        operations: &[String],
    ) -> Result<(u64, u64)> {
        let row = self
            .counted_statement(include_str!("../sql/tenant/observed_ftt.sql"), question)
            .bind(operations.to_vec())
            .fetch_one(self.conn())
            .await?;
        Ok((count(&row, "k")?, count(&row, "n")?))
    }

    /// The start of the latest run that is not in the future, counted or not.
    ///
    /// # Errors
    /// When the database is unreachable.
    pub async fn latest_run(&mut self, until: Timestamp) -> Result<Option<DateTime<Utc>>> {
        let query = sqlx::query_scalar(include_str!("../sql/tenant/latest_run.sql"));
        let query = query.bind(Uuid::from(self.tenant())).bind(utc(until));
        Ok(query.fetch_optional(self.conn()).await?)
    }

    /// When the earliest run started that did not start before `from`.
    ///
    /// # Errors
    /// When the database is unreachable.
    pub async fn earliest_run(&mut self, from: Timestamp) -> Result<Option<DateTime<Utc>>> {
        let query = sqlx::query_scalar(include_str!("../sql/tenant/earliest_run.sql"));
        let query = query.bind(Uuid::from(self.tenant())).bind(utc(from));
        Ok(query.fetch_optional(self.conn()).await?)
    }

    /// A statement whose first parameters are the window, the filters and the definition.
    pub(crate) fn counted_statement(&self, sql: &'static str, question: &Question) -> Statement {
        self.filtered_statement(sql, question)
            .bind(codes::definition(question.definition))
            .bind(question.aborted == Aborted::Excluded)
    }

    /// A statement whose first parameters are the window, the filters, the treatment of aborted
    /// runs and the groups.
    fn grouped_statement(&self, sql: &'static str, question: &Question) -> Statement {
        let [by_1, by_2] = groups(question);
        self.filtered_statement(sql, question)
            .bind(question.aborted == Aborted::Excluded)
            .bind(by_1)
            .bind(by_2)
    }

    /// A statement whose first parameters are the window and the filters.
    pub(crate) fn filtered_statement(&self, sql: &'static str, question: &Question) -> Statement {
        let (from_at, from_day) = bound(question.from, false);
        let (to_at, to_day) = bound(question.to, true);
        sqlx::query(sql)
            .bind(Uuid::from(self.tenant()))
            .bind(from_at)
            .bind(to_at)
            .bind(from_day)
            .bind(to_day)
            .bind(statement_filters(&question.filters))
    }
}

/// The materialized cells to read: those of this dimension, or those without one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct StoredCells(Option<Field>);

impl StoredCells {
    /// The cells that can answer a query, if any. Cells are stored by day and operation, and at
    /// most one more dimension.
    fn for_question(question: &Question) -> Option<Self> {
        if [question.from, question.to].iter().any(|end| matches!(end, Some(Bound::At(_)))) {
            return None;
        }
        let mut needed = None;
        let filters = question.filters.iter().map(|(dimension, _)| dimension);
        for dimension in filters.chain(&question.group_by) {
            let Dimension::Field(field) = dimension else { return None };
            match dimension.cells()? {
                0 => {}
                _ if needed.is_some_and(|needed| needed != *field) => return None,
                _ => needed = Some(*field),
            }
        }
        Some(Self(needed))
    }
}

/// Converts filters to the parameter of the statements: values by dimension, and one condition
/// on the attributes.
pub(crate) fn statement_filters(filters: &Filters) -> Value {
    let mut object = Map::new();
    let mut conditions = Vec::new();
    for (dimension, values) in filters.iter() {
        match dimension {
            Dimension::Field(field) => drop(object.insert(field.to_string(), values.into())),
            Dimension::Attribute(name) => conditions.push(condition(name.as_str(), values)),
        }
    }
    if !conditions.is_empty() {
        object.insert("attributes".to_owned(), conditions.join(" && ").into());
    }
    Value::Object(object)
}

/// A condition on an attribute as a jsonpath, whose string literals have JSON syntax.
fn condition(name: &str, values: &[String]) -> String {
    let name = Value::from(name);
    let condition = |value: &String| match value.is_empty() {
        true => format!("!exists($.{name}) || $.{name} == \"\""),
        false => format!("$.{name} == {}", Value::from(value.as_str())),
    };
    format!("({})", values.iter().map(condition).collect::<Vec<_>>().join(" || "))
}

/// Converts a bound to a time and a day. A day also gets a time that is beyond it by more than
/// any zone's offset from UTC, so that the statement can use an index by time.
fn bound(bound: Option<Bound>, is_end: bool) -> (Option<DateTime<Utc>>, Option<NaiveDate>) {
    match bound {
        None => (None, None),
        Some(Bound::At(at)) => (Some(utc(at)), None),
        Some(Bound::Day(day)) => {
            let midnight = day.and_time(NaiveTime::MIN).and_utc();
            let margin = TimeDelta::hours(26);
            let time = match is_end {
                false => midnight.checked_sub_signed(margin),
                true => midnight.checked_add_signed(margin),
            };
            (time, Some(day))
        }
    }
}

fn filter(question: &Question, field: Field) -> Option<Vec<String>> {
    let values = question.filters.get(field);
    (!values.is_empty()).then(|| values.to_vec())
}

/// The dimensions to group by, as parameters of the statements.
fn groups(question: &Question) -> [Option<String>; MAX_GROUP_DIMENSIONS] {
    std::array::from_fn(|index| question.group_by.get(index).map(Dimension::to_string))
}

/// 1970-01-01 as a day number of the Common Era (day 1 is 0001-01-01).
const EPOCH_DAYS: i32 = 719_163;

fn number(key: &Option<String>) -> Option<i64> {
    key.as_deref()?.parse().ok()
}

fn count(row: &PgRow, column: &str) -> Result<u64> {
    Ok(row.try_get::<i64, _>(column)?.max(0).cast_unsigned())
}

fn keyed_cell(row: &PgRow) -> Result<KeyedCell> {
    let marks: i16 = row.try_get("marks")?;
    let outcome: i16 = row.try_get("outcome")?;
    let cell = Cell {
        reason: codes::reason_of(row.try_get("reason")?),
        outcome: codes::outcome_of(outcome).ok_or_else(|| {
            sqlx::Error::Decode(format!("no outcome has the code {outcome}").into())
        })?,
        first: row.try_get("first")?,
        unaborted_first: row.try_get("unaborted_first")?,
        marks: HistoryFlags::from_bits(marks.cast_unsigned()),
        runs: count(row, "runs")?,
        attempts: count(row, "attempts")?,
        unaborted_attempts: count(row, "unaborted_attempts")?,
        defects: count(row, "defects")?,
        opportunities: count(row, "opportunities")?,
    };
    Ok(KeyedCell {
        key: row.try_get("key_1")?,
        second: row.try_get("key_2")?,
        operation: row.try_get("operation")?,
        cell,
    })
}

fn unit_out(row: &PgRow, definition: Definition) -> Result<UncountedUnit> {
    let codes: Option<Vec<i16>> = row.try_get("reasons")?;
    let mut reasons: Vec<Reason> =
        codes.unwrap_or_default().into_iter().filter_map(codes::reason_of).collect();
    if row.try_get("aborted")? {
        reasons.push(Reason::Aborted);
    }
    if definition == Definition::FirstRun && row.try_get("unchosen")? {
        reasons.push(match row.try_get("before")? {
            true => Reason::FirstRunBeforeWindow,
            false => Reason::FirstRunElsewhere,
        });
    }
    Ok(UncountedUnit {
        serial: row.try_get("serial")?,
        operation: row.try_get("operation")?,
        runs: row.try_get("runs")?,
        reasons,
        first_at: row.try_get("first_at")?,
    })
}
