//! Runs as the columns of a frame.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use domain::Timestamp;
use domain::frame::{Builder, Column, Run, Standing};
use domain::yields::Marks;
use futures::TryStreamExt as _;
use sqlx::postgres::PgRow;
use sqlx::{Row as _, error::BoxDynError};

use crate::measurements::Measurement;
use crate::yields::{Question, Statement};
use crate::{Result, TenantTx, codes};

/// What is asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Wanted {
    /// Which runs, counted or not.
    pub question: Question,
    /// In how many rows at most.
    pub most: usize,
    /// With what was measured of this.
    pub measurement: Option<Measurement>,
    /// And without these columns.
    pub without: Vec<Column>,
}

/// The runs that are asked for.
#[derive(Debug)]
pub enum Framed {
    /// A row each; and in their order the values of the measurement, if one is asked for, NaN
    /// where there is none.
    Runs(Box<Builder>, Option<Vec<f64>>),
    /// More than there may be rows: those that are alike together.
    Cells(Box<Builder>, Fits),
    /// There would be more rows than there may be even so.
    TooMany(Fits),
}

/// The first day from which on there are as few runs as there may be rows; none: even the
/// last day alone has more.
pub type Fits = Option<NaiveDate>;

impl TenantTx {
    /// The runs in the window that match the filters, written into columns as they come from
    /// the database.
    ///
    /// # Errors
    /// When the database refuses or is out of reach.
    pub async fn runs_framed(&mut self, wanted: &Wanted) -> Result<Framed> {
        let Wanted { question, most, measurement, without } = wanted;
        let most = i64::try_from(*most).unwrap_or(i64::MAX - 1);
        let beyond = self.narrowed(include_str!("../sql/tenant/runs_beyond.sql"), question);
        if beyond.bind(most).fetch_optional(self.conn()).await?.is_none() {
            let parameters = measurement.as_ref().map(|it| it.parameters.clone());
            let runs = self.narrowed(include_str!("../sql/tenant/runs_framed.sql"), question);
            let mut values = measurement.is_some().then(Vec::new);
            if values.is_some() {
                self.expect_values().await?;
                let in_bulk = sqlx::query(include_str!("../sql/tenant/plan_in_bulk.sql"));
                in_bulk.execute(self.conn()).await?;
            }
            let runs = runs.bind(parameters);
            let runs =
                self.gathered(runs, Builder::without(without.clone()), run, &mut values).await?;
            return Ok(Framed::Runs(runs, values));
        }
        let fits = self.narrowed(include_str!("../sql/tenant/runs_fit.sql"), question);
        let fits: Fits = fits.bind(most).fetch_one(self.conn()).await?.try_get(0)?;
        let cells = self.narrowed(include_str!("../sql/tenant/cells_framed.sql"), question);
        let builder = Builder::without([without, Column::OF_ONE.as_slice()].concat());
        let cells = self.gathered(cells.bind(most), builder, cell, &mut None).await?;
        Ok(match cells.rows() {
            0 => Framed::TooMany(fits),
            _ => Framed::Cells(cells, fits),
        })
    }

    async fn gathered(
        &mut self,
        statement: Statement,
        mut builder: Builder,
        read: fn(&PgRow) -> Result<Run<'_>, sqlx::Error>,
        values: &mut Option<Vec<f64>>,
    ) -> Result<Box<Builder>> {
        let mut rows = statement.fetch(self.conn());
        while let Some(row) = rows.try_next().await? {
            builder.push(&read(&row)?).map_err(decode)?;
            if let Some(values) = values {
                values.push(row.try_get::<Option<f64>, _>(VALUE)?.unwrap_or(f64::NAN));
            }
        }
        Ok(Box::new(builder))
    }
}

/// Where `runs_framed.sql` has the value of the measurement.
const VALUE: usize = 17;

fn run(row: &PgRow) -> Result<Run<'_>, sqlx::Error> {
    let mut run = shared(row)?;
    [run.words[2], run.words[3], run.words[6]] =
        [row.try_get(12)?, row.try_get(13)?, row.try_get(14)?];
    let started_at: DateTime<Utc> = row.try_get(15)?;
    let ended_at: Option<DateTime<Utc>> = row.try_get(16)?;
    run.started_at = Timestamp::try_from(started_at).map_err(decode)?;
    // An end before the start says nothing of how long it took.
    let ended_at = ended_at.filter(|end| *end >= started_at);
    run.seconds = ended_at.and_then(|end| u32::try_from((end - started_at).num_seconds()).ok());
    Ok(run)
}

fn cell(row: &PgRow) -> Result<Run<'_>, sqlx::Error> {
    let runs: i64 = row.try_get(12)?;
    Ok(Run { weight: u32::try_from(runs).map_err(decode)?, ..shared(row)? })
}

/// What both statements begin with, in the order of their columns. A start is needed to put
/// rows in order: that of the day is as good as any.
fn shared(row: &PgRow) -> Result<Run<'_>, sqlx::Error> {
    let day: NaiveDate = row.try_get(0)?;
    let outcome: i16 = row.try_get(2)?;
    let marks: i16 = row.try_get(3)?;
    let text = |column: usize| row.try_get::<Option<&str>, _>(column);
    let [operation, product, station] = [text(6)?, text(7)?, text(8)?];
    let [fixture, software, code] = [text(9)?, text(10)?, text(11)?];
    Ok(Run {
        started_at: Timestamp::try_from(day.and_time(NaiveTime::MIN).and_utc())
            .unwrap_or(Timestamp::MAX),
        day,
        standing: Standing {
            reason: codes::reason_of(row.try_get(1)?),
            outcome: codes::outcome_of(outcome)
                .ok_or_else(|| decode(format!("no outcome has the code {outcome}")))?,
            first: row.try_get(4)?,
            unaborted_first: row.try_get(5)?,
            marks: Marks::from_bits(marks.cast_unsigned()),
        },
        words: [operation, product, None, None, station, fixture, None, software, code],
        seconds: None,
        weight: 1,
    })
}

fn decode(why: impl Into<BoxDynError>) -> sqlx::Error {
    sqlx::Error::Decode(why.into())
}
