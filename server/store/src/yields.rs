//! What yields are added up from: cells, units whose first run is elsewhere, failures.
//!
//! A question that the kept cells can answer is answered from them, any other from the
//! runs. Both give the same cells.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use domain::Timestamp;
use domain::dimension::{Dimension, Field, Filters, Kind};
use domain::yields::{Aborted, Bound, Cell, Definition, Marks, Period, Reason};
use serde_json::{Map, Value};
use sqlx::postgres::{PgArguments, PgRow};
use sqlx::query::Query;
use sqlx::{FromRow, Postgres, Row as _};
use uuid::Uuid;

use crate::{Result, TenantTx, codes, utc};

/// What is asked.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    /// Where the window begins.
    pub from: Option<Bound>,
    /// Before which it ends.
    pub to: Option<Bound>,
    /// The values that are let through, by dimension.
    pub filters: Filters,
    /// What the answer is divided by: nothing, one dimension or two.
    pub group_by: Vec<Dimension>,
    /// Which runs are counted.
    pub definition: Definition,
    /// What becomes of aborted runs.
    pub aborted: Aborted,
}

/// The most dimensions that an answer is divided by.
pub const MOST_GROUPED: usize = 2;

/// Cells of one group in one operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyedCell {
    /// The group's key; none where the runs have no such value, or nothing is grouped.
    pub key: Option<String>,
    /// The same by the second dimension.
    pub second: Option<String>,
    /// The operation of its runs.
    pub operation: String,
    /// What is in it.
    pub cell: Cell,
}

/// Units of first-run that ran in a group but are not counted there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Elsewhere {
    /// The group's key.
    pub key: Option<String>,
    /// The same by the second dimension.
    pub second: Option<String>,
    /// Those whose run 1 was before the window.
    pub before: u64,
    /// Those whose run 1 does not match the filters, or belongs to another group.
    pub elsewhere: u64,
}

/// What failures are counted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// The run's code.
    Code,
    /// Steps that failed.
    Step,
    /// Components that something failing names.
    Component,
}

/// Counted runs that did not pass.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Failures {
    /// What they are counted by; none in the total.
    pub key: Option<String>,
    /// How many runs.
    pub runs: i64,
    /// Of how many units.
    pub units: i64,
}

/// A unit in an operation, with counted runs.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct UnitIn {
    /// The unit.
    pub serial: String,
    /// The operation.
    pub operation: String,
    /// Counted runs.
    pub runs: i64,
    /// Those of them that passed.
    pub passed: i64,
    /// When the first of them started.
    pub started_at: DateTime<Utc>,
}

/// A unit in an operation, with runs that match but none that counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitOut {
    /// The unit.
    pub serial: String,
    /// The operation.
    pub operation: String,
    /// Runs that match.
    pub runs: i64,
    /// Why none of them counts. Empty where the first attempt of each of their days is
    /// outside the window or the filters.
    pub reasons: Vec<Reason>,
    /// When the unit's run 1 in the operation started, wherever it ran.
    pub first_at: Option<DateTime<Utc>>,
}

/// After which a list of units in their operations goes on.
pub type After<'a> = (&'a str, &'a str);

pub(crate) type Statement = Query<'static, Postgres, PgArguments>;

impl TenantTx {
    /// The runs that are asked for, counted or not, as cells by group, in no order.
    ///
    /// # Errors
    /// When the database refuses or is out of reach.
    pub async fn cells(&mut self, question: &Question) -> Result<Vec<KeyedCell>> {
        match Kept::that_answers(question) {
            Some(kept) => self.kept_cells(question, kept).await,
            None => self.cells_of_runs(question).await,
        }
    }

    /// The same from the runs themselves.
    ///
    /// # Errors
    /// When the database refuses or is out of reach.
    pub async fn cells_of_runs(&mut self, question: &Question) -> Result<Vec<KeyedCell>> {
        let query = self.grouped(include_str!("../sql/tenant/cells_of_runs.sql"), question);
        let rows = query.fetch_all(self.conn()).await?;
        let mut cells = rows.iter().map(keyed_cell).collect::<Result<Vec<_>>>()?;
        self.name_keys(question, cells.iter_mut().map(|it| [&mut it.key, &mut it.second])).await?;
        Ok(cells)
    }

    async fn kept_cells(&mut self, question: &Question, kept: Kept) -> Result<Vec<KeyedCell>> {
        let day = |bound: Option<Bound>| match bound {
            Some(Bound::Day(day)) => Some(day),
            Some(Bound::At(_)) | None => None,
        };
        let [by_1, by_2] = groups(question);
        let rows = sqlx::query(include_str!("../sql/tenant/cells_kept.sql"))
            .bind(Uuid::from(self.tenant()))
            .bind(kept.0.map(Field::as_str))
            .bind(kept.0.and_then(|field| field.entry().cells).unwrap_or_default())
            .bind(day(question.from))
            .bind(day(question.to))
            .bind(filter(question, Field::Operation))
            .bind(kept.0.and_then(|field| filter(question, field)))
            .bind(by_1)
            .bind(by_2)
            .fetch_all(self.conn())
            .await?;
        let mut cells = rows.iter().map(keyed_cell).collect::<Result<Vec<_>>>()?;
        self.name_keys(question, cells.iter_mut().map(|it| [&mut it.key, &mut it.second])).await?;
        Ok(cells)
    }

    /// Units that first-run leaves out of groups where they ran.
    ///
    /// # Errors
    /// When the database refuses or is out of reach.
    pub async fn first_elsewhere(&mut self, question: &Question) -> Result<Vec<Elsewhere>> {
        // All runs of a unit in an operation are alike in these.
        let alike = [Dimension::from(Field::Operation), Dimension::from(Field::Tenant)];
        let is_filtered = question.filters.iter().any(|(dimension, _)| !alike.contains(dimension));
        let is_divided = question.group_by.iter().any(|dimension| !alike.contains(dimension));
        if !is_filtered && !is_divided && question.from.is_none() {
            return Ok(Vec::new());
        }
        let by_time = question.group_by.iter().all(|dimension| dimension.period().is_some());
        let query = self.grouped(include_str!("../sql/tenant/first_elsewhere.sql"), question);
        let query = query.bind(is_filtered || is_divided).bind(!is_filtered && by_time);
        let rows = query.fetch_all(self.conn()).await?;
        let elsewhere = |row: &PgRow| {
            Ok(Elsewhere {
                key: row.try_get("key_1")?,
                second: row.try_get("key_2")?,
                before: count(row, "before")?,
                elsewhere: count(row, "elsewhere")?,
            })
        };
        let mut all = rows.iter().map(elsewhere).collect::<Result<Vec<_>>>()?;
        self.name_keys(question, all.iter_mut().map(|it| [&mut it.key, &mut it.second])).await?;
        Ok(all)
    }

    /// Names the keys that the database writes as numbers, and that of the tenant.
    async fn name_keys<'a>(
        &mut self,
        question: &Question,
        keys: impl Iterator<Item = [&'a mut Option<String>; MOST_GROUPED]>,
    ) -> Result<()> {
        let is_named = |dimension: &Dimension| {
            let kind = dimension.entry().map(|entry| entry.kind);
            matches!(kind, Some(Kind::Period(_) | Kind::Tenant))
        };
        if !question.group_by.iter().any(is_named) {
            return Ok(());
        }
        let mut keys: Vec<_> = keys.collect();
        for (place, dimension) in question.group_by.iter().enumerate().take(MOST_GROUPED) {
            let kind = dimension.entry().map(|entry| entry.kind);
            let hours = match kind {
                Some(Kind::Period(Period::Hour)) => {
                    self.hours(keys.iter().filter_map(|key| number(key[place]))).await?
                }
                _ => HashMap::new(),
            };
            let slug = match kind {
                Some(Kind::Tenant) => Some(self.this_tenant().await?.slug),
                _ => None,
            };
            for key in &mut keys {
                let key = &mut *key[place];
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

    /// The names of hours of the site, by the second since 1970 at which they begin.
    async fn hours(&mut self, hours: impl Iterator<Item = i64>) -> Result<HashMap<i64, String>> {
        let hours: BTreeSet<i64> = hours.collect();
        let rows = sqlx::query(include_str!("../sql/tenant/hours.sql"))
            .bind(Uuid::from(self.tenant()))
            .bind(Vec::from_iter(hours))
            .fetch_all(self.conn())
            .await?;
        rows.iter().map(|row| Ok((row.try_get("hour")?, row.try_get("name")?))).collect()
    }

    /// Counted runs that did not pass: all of them, and by key.
    ///
    /// # Errors
    /// When the database refuses or is out of reach.
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
        let rows = self.asked(sql, question).fetch_all(self.conn()).await?;
        let mut all = Failures { key: None, runs: 0, units: 0 };
        let mut keyed = Vec::new();
        for row in &rows {
            let failures = Failures::from_row(row)?;
            match failures.key {
                None => all = failures,
                Some(_) => keyed.push(failures),
            }
        }
        Ok((all, keyed))
    }

    /// Units with counted runs, in the order of serial and operation.
    ///
    /// # Errors
    /// When the database refuses or is out of reach.
    pub async fn units_in(
        &mut self,
        question: &Question,
        after: After<'_>,
        limit: u16,
    ) -> Result<Vec<UnitIn>> {
        let rows = self
            .asked(include_str!("../sql/tenant/explain_in.sql"), question)
            .bind(after.0.to_owned())
            .bind(after.1.to_owned())
            .bind(i64::from(limit))
            .fetch_all(self.conn())
            .await?;
        Ok(rows.iter().map(UnitIn::from_row).collect::<Result<_, _>>()?)
    }

    /// Serials of units with a counted run that did not pass, the latest such run first.
    ///
    /// # Errors
    /// When the database refuses or is out of reach.
    pub async fn units_not_passed(
        &mut self,
        question: &Question,
        limit: u16,
    ) -> Result<Vec<String>> {
        let rows = self
            .asked(include_str!("../sql/tenant/explain_failed.sql"), question)
            .bind(i64::from(limit))
            .fetch_all(self.conn())
            .await?;
        Ok(rows.iter().map(|row| row.try_get("serial")).collect::<Result<_, _>>()?)
    }

    /// Units with runs that match of which none is counted, in the order of serial and
    /// operation.
    ///
    /// # Errors
    /// When the database refuses or is out of reach.
    pub async fn units_out(
        &mut self,
        question: &Question,
        after: After<'_>,
        limit: u16,
    ) -> Result<Vec<UnitOut>> {
        let rows = self
            .asked(include_str!("../sql/tenant/explain_out.sql"), question)
            .bind(after.0.to_owned())
            .bind(after.1.to_owned())
            .bind(i64::from(limit))
            .fetch_all(self.conn())
            .await?;
        rows.iter().map(|row| unit_out(row, question.definition)).collect()
    }

    /// Units whose earliest run 1 in these operations is asked for and that have a run 1 in
    /// each of them (n), and those that went through without a failure or a repair (k).
    /// The question's definition is first-run.
    ///
    /// # Errors
    /// When the database refuses or is out of reach.
    pub async fn observed_ftt(
        &mut self,
        question: &Question,
        operations: &[String],
    ) -> Result<(u64, u64)> {
        let row = self
            .asked(include_str!("../sql/tenant/observed_ftt.sql"), question)
            .bind(operations.to_vec())
            .fetch_one(self.conn())
            .await?;
        Ok((count(&row, "k")?, count(&row, "n")?))
    }

    /// When the latest run started that is not from the future, counted or not.
    ///
    /// # Errors
    /// When the database is out of reach.
    pub async fn latest_run(&mut self, until: Timestamp) -> Result<Option<DateTime<Utc>>> {
        let query = sqlx::query_scalar(include_str!("../sql/tenant/latest_run.sql"));
        let query = query.bind(Uuid::from(self.tenant())).bind(utc(until));
        Ok(query.fetch_optional(self.conn()).await?)
    }

    /// A statement whose first parameters are the question's, but for its groups.
    pub(crate) fn asked(&self, sql: &'static str, question: &Question) -> Statement {
        self.narrowed(sql, question)
            .bind(codes::definition(question.definition))
            .bind(question.aborted == Aborted::Excluded)
    }

    /// A statement whose first parameters are the question's window, filters and groups.
    fn grouped(&self, sql: &'static str, question: &Question) -> Statement {
        let [by_1, by_2] = groups(question);
        self.narrowed(sql, question)
            .bind(question.aborted == Aborted::Excluded)
            .bind(by_1)
            .bind(by_2)
    }

    /// A statement whose first parameters are the question's window and filters.
    pub(crate) fn narrowed(&self, sql: &'static str, question: &Question) -> Statement {
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

/// Which of the kept cells answer a question: those of this dimension, or of none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Kept(Option<Field>);

impl Kept {
    /// Cells are kept by day and operation, and one dimension more.
    fn that_answers(question: &Question) -> Option<Self> {
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

/// The filters as the statements take them: values by dimension, and one condition on the
/// attributes.
pub(crate) fn statement_filters(filters: &Filters) -> Value {
    let mut all = Map::new();
    let mut conditions = Vec::new();
    for (dimension, values) in filters.iter() {
        match dimension {
            Dimension::Field(field) => drop(all.insert(field.to_string(), values.into())),
            Dimension::Attribute(name) => conditions.push(condition(name.as_str(), values)),
        }
    }
    if !conditions.is_empty() {
        all.insert("attributes".to_owned(), conditions.join(" && ").into());
    }
    Value::Object(all)
}

/// A condition on an attribute as a jsonpath, whose strings are written as those of JSON.
fn condition(name: &str, values: &[String]) -> String {
    let name = Value::from(name);
    let of = |value: &String| match value.is_empty() {
        true => format!("!exists($.{name}) || $.{name} == \"\""),
        false => format!("$.{name} == {}", Value::from(value.as_str())),
    };
    format!("({})", values.iter().map(of).collect::<Vec<_>>().join(" || "))
}

/// A bound as a moment and as a day. A day also has a moment that is on its safe side by
/// more than any zone is away from UTC, so that an index by time serves.
fn bound(bound: Option<Bound>, end: bool) -> (Option<DateTime<Utc>>, Option<NaiveDate>) {
    match bound {
        None => (None, None),
        Some(Bound::At(at)) => (Some(utc(at)), None),
        Some(Bound::Day(day)) => {
            let midnight = day.and_time(NaiveTime::MIN).and_utc();
            let beyond = TimeDelta::hours(26);
            let safe = match end {
                false => midnight.checked_sub_signed(beyond),
                true => midnight.checked_add_signed(beyond),
            };
            (safe, Some(day))
        }
    }
}

fn filter(question: &Question, field: Field) -> Option<Vec<String>> {
    let values = question.filters.get(field);
    (!values.is_empty()).then(|| values.to_vec())
}

/// What is grouped by, as the statements have it.
fn groups(question: &Question) -> [Option<String>; MOST_GROUPED] {
    std::array::from_fn(|place| question.group_by.get(place).map(Dimension::to_string))
}

/// 1970-01-01 in days from the first of the first year.
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
        marks: Marks::from_bits(marks.cast_unsigned()),
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

fn unit_out(row: &PgRow, definition: Definition) -> Result<UnitOut> {
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
    Ok(UnitOut {
        serial: row.try_get("serial")?,
        operation: row.try_get("operation")?,
        runs: row.try_get("runs")?,
        reasons,
        first_at: row.try_get("first_at")?,
    })
}
