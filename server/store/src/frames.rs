//! Runs as the columns of a frame.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use domain::Timestamp;
use domain::dimension::AttributeName;
use domain::frame::{Builder, Column, Run, Standing};
use domain::yields::Marks;
use futures::TryStreamExt as _;
use sqlx::postgres::PgRow;
use sqlx::{Column as _, Row as _, error::BoxDynError};

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
    /// With the values of this attribute.
    pub attribute: Option<AttributeName>,
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
        let Wanted { question, most, measurement, attribute, without } = wanted;
        let attribute = attribute.as_ref().map(|name| name.as_str().to_owned());
        let mut without = without.clone();
        without.extend(attribute.is_none().then_some(Column::Attribute));
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
            let runs = runs.bind(parameters).bind(attribute);
            let runs = self.gathered(runs, Builder::without(without), run, &mut values).await?;
            return Ok(Framed::Runs(runs, values));
        }
        let fits = self.narrowed(include_str!("../sql/tenant/runs_fit.sql"), question);
        let fits: Fits = fits.bind(most).fetch_one(self.conn()).await?.try_get(0)?;
        let cells = self.narrowed(include_str!("../sql/tenant/cells_framed.sql"), question);
        without.extend(Column::OF_ONE);
        let cells = cells.bind(most).bind(attribute);
        let cells = self.gathered(cells, Builder::without(without), cell, &mut None).await?;
        Ok(match cells.rows() {
            0 => Framed::TooMany(fits),
            _ => Framed::Cells(cells, fits),
        })
    }

    async fn gathered(
        &mut self,
        statement: Statement,
        mut builder: Builder,
        read: for<'r> fn(&'r PgRow, &Words) -> Result<Run<'r>, sqlx::Error>,
        values: &mut Option<Vec<f64>>,
    ) -> Result<Box<Builder>> {
        let mut rows = statement.fetch(self.conn());
        let mut words = None;
        while let Some(row) = rows.try_next().await? {
            let words = words.get_or_insert_with(|| word_places(&row));
            builder.push(&read(&row, words)?).map_err(decode)?;
            if let Some(values) = values {
                values.push(row.try_get::<Option<f64>, _>(VALUE)?.unwrap_or(f64::NAN));
            }
        }
        Ok(Box::new(builder))
    }
}

/// Where a statement has the columns of words; those that it lacks are of nothing.
type Words = [Option<usize>; Column::WORDS.len()];

fn word_places(row: &PgRow) -> Words {
    Column::WORDS.map(|word| row.columns().iter().position(|it| it.name() == word.as_str()))
}

/// Where `runs_framed.sql` has the value of the measurement.
const VALUE: usize = 8;

fn run<'r>(row: &'r PgRow, words: &Words) -> Result<Run<'r>, sqlx::Error> {
    let mut run = shared(row, words)?;
    let started_at: DateTime<Utc> = row.try_get(6)?;
    let ended_at: Option<DateTime<Utc>> = row.try_get(7)?;
    run.started_at = Timestamp::try_from(started_at).map_err(decode)?;
    // An end before the start says nothing of how long it took.
    let ended_at = ended_at.filter(|end| *end >= started_at);
    run.seconds = ended_at.and_then(|end| u32::try_from((end - started_at).num_seconds()).ok());
    Ok(run)
}

fn cell<'r>(row: &'r PgRow, words: &Words) -> Result<Run<'r>, sqlx::Error> {
    let runs: i64 = row.try_get(6)?;
    Ok(Run { weight: u32::try_from(runs).map_err(decode)?, ..shared(row, words)? })
}

/// What both statements begin with, in the order of their columns. A start is needed to put
/// rows in order: that of the day is as good as any.
fn shared<'r>(row: &'r PgRow, places: &Words) -> Result<Run<'r>, sqlx::Error> {
    let day: NaiveDate = row.try_get(0)?;
    let outcome: i16 = row.try_get(2)?;
    let marks: i16 = row.try_get(3)?;
    let mut words = [None; Column::WORDS.len()];
    for (word, place) in words.iter_mut().zip(places) {
        if let Some(place) = *place {
            *word = row.try_get(place)?;
        }
    }
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
        words,
        seconds: None,
        weight: 1,
    })
}

fn decode(why: impl Into<BoxDynError>) -> sqlx::Error {
    sqlx::Error::Decode(why.into())
}
