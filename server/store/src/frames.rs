//! Loads runs into the columns of a frame.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use domain::Timestamp;
use domain::dimension::AttributeName;
use domain::frame::{Builder, Column, CountingClass, Run};
use domain::yields::HistoryFlags;
use futures::TryStreamExt as _;
use sqlx::postgres::PgRow;
use sqlx::{Column as _, Row as _, error::BoxDynError};
use uuid::Uuid;

use crate::measurements::Measurement;
use crate::yields::{Question, Statement};
use crate::{Result, TenantTx, codes};

/// The query of a frame.
#[derive(Debug, Clone, PartialEq)]
pub struct FrameQuery {
    /// Which runs it contains, counted or not.
    pub question: Question,
    /// Maximum number of rows.
    pub most: usize,
    /// The measurement whose values it contains.
    pub measurement: Option<Measurement>,
    /// The attribute whose values it contains.
    pub attribute: Option<AttributeName>,
    /// Columns that it omits.
    pub without: Vec<Column>,
}

/// The result of a frame query.
#[derive(Debug)]
pub enum FrameResult {
    /// One row per run, and the values of the measurement in the same order, if one was
    /// requested; NaN where a run has no value.
    Runs(Box<Builder>, Option<Vec<f64>>),
    /// More runs than the row limit: equal rows are aggregated into cells.
    Cells(Box<Builder>, Fits),
    /// There are more cells than the row limit.
    TooMany(Fits),
}

/// The first day from which on the number of runs is within the row limit; none if the last
/// day alone exceeds it.
pub type Fits = Option<NaiveDate>;

impl TenantTx {
    /// Streams the runs in the window that match the filters into columns.
    ///
    /// # Errors
    /// When the database refuses or is unreachable.
    pub async fn load_frame(&mut self, wanted: &FrameQuery) -> Result<FrameResult> {
        let FrameQuery { question, most, measurement, attribute, without } = wanted;
        let attribute = attribute.as_ref().map(|name| name.as_str().to_owned());
        let mut without = without.clone();
        without.extend(attribute.is_none().then_some(Column::Attribute));
        let most = i64::try_from(*most).unwrap_or(i64::MAX - 1);
        let over_limit =
            self.filtered_statement(include_str!("../sql/tenant/runs_beyond.sql"), question);
        if over_limit.bind(most).fetch_optional(self.conn()).await?.is_none() {
            let parameters = measurement.as_ref().map(|it| it.parameters.clone());
            let runs =
                self.filtered_statement(include_str!("../sql/tenant/runs_framed.sql"), question);
            let mut values = measurement.is_some().then(Vec::new);
            if values.is_some() {
                self.raise_work_mem().await?;
                let in_bulk = sqlx::query(include_str!("../sql/tenant/plan_in_bulk.sql"));
                in_bulk.execute(self.conn()).await?;
            }
            let runs = runs.bind(parameters).bind(attribute);
            let runs = self
                .collect_rows(runs, Builder::without(without), run_from_row, &mut values)
                .await?;
            return Ok(FrameResult::Runs(runs, values));
        }
        let fits = self.filtered_statement(include_str!("../sql/tenant/runs_fit.sql"), question);
        let fits: Fits = fits.bind(most).fetch_one(self.conn()).await?.try_get(0)?;
        let cells =
            self.filtered_statement(include_str!("../sql/tenant/cells_framed.sql"), question);
        without.extend(Column::PER_RUN);
        let cells = cells.bind(most).bind(attribute);
        let cells =
            self.collect_rows(cells, Builder::without(without), cell_from_row, &mut None).await?;
        Ok(match cells.rows() {
            0 => FrameResult::TooMany(fits),
            _ => FrameResult::Cells(cells, fits),
        })
    }

    /// The names of the attributes of the newest `runs` runs, in order, at most `limit`.
    ///
    /// # Errors
    /// When the database is unreachable.
    pub async fn attribute_names(&mut self, runs: u16, limit: u16) -> Result<Vec<String>> {
        let query = sqlx::query_scalar(include_str!("../sql/tenant/attribute_names.sql"))
            .bind(Uuid::from(self.tenant()))
            .bind(i64::from(runs))
            .bind(i64::from(limit));
        Ok(query.fetch_all(self.conn()).await?)
    }

    async fn collect_rows(
        &mut self,
        statement: Statement,
        mut builder: Builder,
        parse: for<'r> fn(&'r PgRow, &TextColumns) -> Result<Run<'r>, sqlx::Error>,
        values: &mut Option<Vec<f64>>,
    ) -> Result<Box<Builder>> {
        let mut rows = statement.fetch(self.conn());
        let mut columns = None;
        while let Some(row) = rows.try_next().await? {
            let columns = columns.get_or_insert_with(|| find_text_columns(&row));
            builder.push(&parse(&row, columns)?).map_err(decode_error)?;
            if let Some(values) = values {
                values.push(row.try_get::<Option<f64>, _>(VALUE_COLUMN)?.unwrap_or(f64::NAN));
            }
        }
        Ok(Box::new(builder))
    }
}

/// Indexes of the text columns in a statement's result; none for columns that it lacks.
type TextColumns = [Option<usize>; Column::WORDS.len()];

fn find_text_columns(row: &PgRow) -> TextColumns {
    Column::WORDS.map(|column| row.columns().iter().position(|it| it.name() == column.as_str()))
}

/// The index of the measurement's value in the result of `runs_framed.sql`.
const VALUE_COLUMN: usize = 8;

fn run_from_row<'r>(row: &'r PgRow, columns: &TextColumns) -> Result<Run<'r>, sqlx::Error> {
    let mut run = common_columns(row, columns)?;
    let started_at: DateTime<Utc> = row.try_get(6)?;
    let ended_at: Option<DateTime<Utc>> = row.try_get(7)?;
    run.started_at = Timestamp::try_from(started_at).map_err(decode_error)?;
    // No duration if the end is before the start.
    let ended_at = ended_at.filter(|end| *end >= started_at);
    run.seconds = ended_at.and_then(|end| u32::try_from((end - started_at).num_seconds()).ok());
    Ok(run)
}

fn cell_from_row<'r>(row: &'r PgRow, columns: &TextColumns) -> Result<Run<'r>, sqlx::Error> {
    let runs: i64 = row.try_get(6)?;
    Ok(Run { weight: u32::try_from(runs).map_err(decode_error)?, ..common_columns(row, columns)? })
}

/// The columns that both statements share, by index. The start is only used to sort rows; it
/// defaults to the start of the day.
fn common_columns<'r>(row: &'r PgRow, columns: &TextColumns) -> Result<Run<'r>, sqlx::Error> {
    let day: NaiveDate = row.try_get(0)?;
    let outcome: i16 = row.try_get(2)?;
    let marks: i16 = row.try_get(3)?;
    let mut words = [None; Column::WORDS.len()];
    for (word, column) in words.iter_mut().zip(columns) {
        if let Some(column) = *column {
            *word = row.try_get(column)?;
        }
    }
    Ok(Run {
        started_at: Timestamp::try_from(day.and_time(NaiveTime::MIN).and_utc())
            .unwrap_or(Timestamp::MAX),
        day,
        standing: CountingClass {
            reason: codes::reason_of(row.try_get(1)?),
            outcome: codes::outcome_of(outcome)
                .ok_or_else(|| decode_error(format!("no outcome has the code {outcome}")))?,
            first: row.try_get(4)?,
            unaborted_first: row.try_get(5)?,
            marks: HistoryFlags::from_bits(marks.cast_unsigned()),
        },
        words,
        seconds: None,
        weight: 1,
    })
}

fn decode_error(why: impl Into<BoxDynError>) -> sqlx::Error {
    sqlx::Error::Decode(why.into())
}
