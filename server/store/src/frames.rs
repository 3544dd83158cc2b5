//! Runs as the columns of a frame.

use chrono::{DateTime, NaiveDate, Utc};
use domain::Timestamp;
use domain::frame::{Builder, Run, Standing};
use domain::yields::Marks;
use futures::TryStreamExt as _;
use sqlx::postgres::PgRow;
use sqlx::{Row as _, error::BoxDynError};

use crate::yields::Question;
use crate::{Result, TenantTx, codes};

/// The runs that a question is about, counted or not.
#[derive(Debug)]
pub enum Framed {
    /// All of them.
    All(Box<Builder>),
    /// There are more than were asked for. There are not from this day on; none: even on the
    /// last day alone.
    TooMany(Option<NaiveDate>),
}

impl TenantTx {
    /// The runs in the window that match the filters, `most` of them at most, written into
    /// columns as they come from the database.
    ///
    /// # Errors
    /// When the database refuses or is out of reach.
    pub async fn runs_framed(&mut self, question: &Question, most: usize) -> Result<Framed> {
        let limit = i64::try_from(most).unwrap_or(i64::MAX);
        let query = self.narrowed(include_str!("../sql/tenant/runs_framed.sql"), question);
        let mut builder = Builder::default();
        let mut rows = query.bind(limit.saturating_add(1)).fetch(self.conn());
        while let Some(row) = rows.try_next().await? {
            if builder.rows() == most {
                drop(rows);
                return Ok(Framed::TooMany(self.runs_fit(question, limit).await?));
            }
            builder.push(&run(&row)?).map_err(decode)?;
        }
        drop(rows);
        Ok(Framed::All(Box::new(builder)))
    }

    async fn runs_fit(&mut self, question: &Question, limit: i64) -> Result<Option<NaiveDate>> {
        let query = self.narrowed(include_str!("../sql/tenant/runs_fit.sql"), question);
        Ok(query.bind(limit).fetch_one(self.conn()).await?.try_get(0)?)
    }
}

/// A row, in the order of the statement's columns.
fn run(row: &PgRow) -> Result<Run<'_>, sqlx::Error> {
    let started_at: DateTime<Utc> = row.try_get(0)?;
    let ended_at: Option<DateTime<Utc>> = row.try_get(1)?;
    let outcome: i16 = row.try_get(4)?;
    let marks: i16 = row.try_get(5)?;
    let mut words = [None; 9];
    for (word, column) in words.iter_mut().zip(8..) {
        *word = row.try_get(column)?;
    }
    Ok(Run {
        started_at: Timestamp::try_from(started_at).map_err(decode)?,
        day: row.try_get(2)?,
        standing: Standing {
            reason: codes::reason_of(row.try_get(3)?),
            outcome: codes::outcome_of(outcome)
                .ok_or_else(|| decode(format!("no outcome has the code {outcome}")))?,
            first: row.try_get(6)?,
            unaborted_first: row.try_get(7)?,
            marks: Marks::from_bits(marks.cast_unsigned()),
        },
        words,
        // An end before the start says nothing of how long it took.
        seconds: ended_at.and_then(|end| u32::try_from((end - started_at).num_seconds()).ok()),
        weight: 1,
    })
}

fn decode(why: impl Into<BoxDynError>) -> sqlx::Error {
    sqlx::Error::Decode(why.into())
}
