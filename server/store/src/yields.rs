//! What yields are added up from: cells, units whose first run is elsewhere, failures.
//!
//! A question that the kept cells can answer is answered from them, any other from the
//! runs. Both give the same cells.

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use domain::Timestamp;
use domain::yields::{Aborted, Attribute, Bound, Cell, Definition, GroupBy, Marks, Period, Reason};
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
    /// The values that are let through, by attribute; none of an attribute lets all through.
    pub filters: [Vec<String>; Attribute::ALL.len()],
    /// What the answer is divided by.
    pub group_by: Option<GroupBy>,
    /// Which runs are counted.
    pub definition: Definition,
    /// What becomes of aborted runs.
    pub aborted: Aborted,
}

/// Cells of one group in one operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyedCell {
    /// The group's key; none where the runs have no such attribute, or nothing is grouped.
    pub key: Option<String>,
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
        let sql = match question.group_by {
            Some(GroupBy::Period(Period::Hour)) => include_str!("../sql/tenant/cells_by_hour.sql"),
            _ => include_str!("../sql/tenant/cells_of_runs.sql"),
        };
        let query = self.asked(sql, question);
        let rows = query.fetch_all(self.conn()).await?;
        rows.iter().map(|row| keyed_cell(row, question)).collect()
    }

    async fn kept_cells(&mut self, question: &Question, kept: Kept) -> Result<Vec<KeyedCell>> {
        let day = |bound: Option<Bound>| match bound {
            Some(Bound::Day(day)) => Some(day),
            Some(Bound::At(_)) | None => None,
        };
        let rows = sqlx::query(include_str!("../sql/tenant/cells_kept.sql"))
            .bind(Uuid::from(self.tenant()))
            .bind(kept.code())
            .bind(day(question.from))
            .bind(day(question.to))
            .bind(filter(question, Attribute::Operation))
            .bind(kept.0.and_then(|attribute| filter(question, attribute)))
            .bind(grouped(question))
            .fetch_all(self.conn())
            .await?;
        rows.iter().map(|row| keyed_cell(row, question)).collect()
    }

    /// Units that first-run leaves out of groups where they ran.
    ///
    /// # Errors
    /// When the database refuses or is out of reach.
    pub async fn first_elsewhere(&mut self, question: &Question) -> Result<Vec<Elsewhere>> {
        let by_operation = [None, Some(GroupBy::Attribute(Attribute::Operation))];
        let told_apart = question.filters[1..].iter().any(|values| !values.is_empty())
            || !by_operation.contains(&question.group_by);
        if !told_apart && question.from.is_none() {
            return Ok(Vec::new());
        }
        let query = self.asked(include_str!("../sql/tenant/first_elsewhere.sql"), question);
        let rows = query.bind(told_apart).fetch_all(self.conn()).await?;
        rows.iter()
            .map(|row| {
                Ok(Elsewhere {
                    key: key(row, question)?,
                    before: count(row, "before")?,
                    elsewhere: count(row, "elsewhere")?,
                })
            })
            .collect()
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

    /// A statement whose first parameters are the question's.
    fn asked(&self, sql: &'static str, question: &Question) -> Statement {
        self.narrowed(sql, question)
            .bind(grouped(question))
            .bind(codes::definition(question.definition))
            .bind(question.aborted == Aborted::Excluded)
    }

    /// A statement whose first parameters are the question's window and filters.
    pub(crate) fn narrowed(&self, sql: &'static str, question: &Question) -> Statement {
        let (from_at, from_day) = bound(question.from, false);
        let (to_at, to_day) = bound(question.to, true);
        let mut query = sqlx::query(sql)
            .bind(Uuid::from(self.tenant()))
            .bind(from_at)
            .bind(to_at)
            .bind(from_day)
            .bind(to_day);
        for attribute in Attribute::ALL {
            query = query.bind(filter(question, *attribute));
        }
        query
    }
}

/// Which of the kept cells answer a question: those of this attribute, or of none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Kept(Option<Attribute>);

impl Kept {
    /// Cells are kept by day and operation, and one of these.
    const ATTRIBUTES: [Attribute; 2] = [Attribute::Product, Attribute::Station];

    fn that_answers(question: &Question) -> Option<Self> {
        if [question.from, question.to].iter().any(|end| matches!(end, Some(Bound::At(_)))) {
            return None;
        }
        if question.group_by == Some(GroupBy::Period(Period::Hour)) {
            return None;
        }
        let mut needed = None;
        for attribute in &Attribute::ALL[1..] {
            let grouped = question.group_by == Some(GroupBy::Attribute(*attribute));
            if grouped || !question.filters[*attribute as usize].is_empty() {
                if needed.is_some() || !Self::ATTRIBUTES.contains(attribute) {
                    return None;
                }
                needed = Some(*attribute);
            }
        }
        Some(Self(needed))
    }

    fn code(self) -> i16 {
        self.0.map_or(0, |attribute| attribute as i16)
    }
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

fn filter(question: &Question, attribute: Attribute) -> Option<Vec<String>> {
    let values = &question.filters[attribute as usize];
    (!values.is_empty()).then(|| values.clone())
}

/// The number of what is grouped by, as the statements have it.
fn grouped(question: &Question) -> Option<i16> {
    Some(match question.group_by? {
        GroupBy::Attribute(attribute) => attribute as i16,
        GroupBy::Period(Period::Day) => 8,
        GroupBy::Period(Period::Week) => 9,
        GroupBy::Period(Period::Month) => 10,
        GroupBy::Period(Period::Hour) => 11,
    })
}

fn key(row: &PgRow, question: &Question) -> Result<Option<String>> {
    match question.group_by {
        Some(GroupBy::Period(period)) if period != Period::Hour => {
            let day: Option<NaiveDate> = row.try_get("key_day")?;
            Ok(day.and_then(|day| period.key(day)))
        }
        Some(_) | None => Ok(row.try_get("key")?),
    }
}

fn count(row: &PgRow, column: &str) -> Result<u64> {
    Ok(row.try_get::<i64, _>(column)?.max(0).cast_unsigned())
}

fn keyed_cell(row: &PgRow, question: &Question) -> Result<KeyedCell> {
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
    Ok(KeyedCell { key: key(row, question)?, operation: row.try_get("operation")?, cell })
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
