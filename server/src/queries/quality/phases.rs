//! Phases of a control chart, and the keys of figures.

use std::ops::Range;

use chrono::{DateTime, NaiveDate, Utc};
use domain::dimension::{Dimension, Field};
use domain::yields::Period;
use domain::{Timestamp, Zone};

use super::events::Event;
use crate::problem::ApiResult;
use crate::queries::asked::{Asked, wrong};

/// Fewest points of a phase that begins by itself.
const LEAST_POINTS: usize = 10;
/// Most phases of a chart.
const MOST_PHASES: usize = 100;

/// Where phases begin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Phases {
    /// At change events, where that leaves phases of ten points or more.
    Auto,
    /// There is one.
    None,
    /// At these times.
    At(Vec<DateTime<Utc>>),
}

impl Phases {
    /// # Errors
    /// 400 for what is neither auto, none nor times.
    pub(crate) fn read(asked: &Asked) -> ApiResult<Self> {
        match asked.own("phases") {
            None | Some("auto") => Ok(Self::Auto),
            Some("none") => Ok(Self::None),
            Some(list) => {
                let times: Vec<&str> = list.split(',').collect();
                if times.len() >= MOST_PHASES {
                    return Err(wrong("phases", "names more than 99 times"));
                }
                let mut times = times
                    .into_iter()
                    .map(|text| moment("phases", text))
                    .collect::<ApiResult<Vec<_>>>()?;
                times.sort_unstable();
                Ok(Self::At(times))
            }
        }
    }
}

/// A time with a zone.
fn moment(name: &str, text: &str) -> ApiResult<DateTime<Utc>> {
    match Timestamp::parse(text) {
        Ok((at, Zone::Stated)) => Ok(at.into()),
        _ => Err(wrong(name, "must be times with a zone, such as 2026-03-01T08:00:00Z")),
    }
}

/// `freeze=<from>..<to>`: the window whose points give the limits.
///
/// # Errors
/// 400 for what is no window.
pub(crate) fn freeze(asked: &Asked) -> ApiResult<Option<(DateTime<Utc>, DateTime<Utc>)>> {
    let Some(text) = asked.own("freeze") else { return Ok(None) };
    let (from, to) = text
        .split_once("..")
        .ok_or_else(|| wrong("freeze", "must be two times with .. between them"))?;
    Ok(Some((moment("freeze", from)?, moment("freeze", to)?)))
}

/// A phase: its points, and what it begins with.
#[derive(Debug, Clone)]
pub(crate) struct Phase {
    pub(crate) points: Range<usize>,
    pub(crate) event: Option<Event>,
}

/// Divides points that start at `times` (ascending).
pub(crate) fn divide(times: &[DateTime<Utc>], phases: &Phases, events: &[Event]) -> Vec<Phase> {
    let mut starts: Vec<(usize, Option<Event>)> = vec![(0, None)];
    let place = |at: DateTime<Utc>| times.partition_point(|time| *time < at);
    match phases {
        Phases::None => {}
        Phases::At(begins) => {
            for at in begins {
                let start = place(*at);
                if start > starts.last().map_or(0, |last| last.0) && start < times.len() {
                    starts.push((start, None));
                }
            }
        }
        Phases::Auto => {
            for event in events {
                let start = place(event.moment);
                let is_long = start >= starts.last().map_or(0, |last| last.0) + LEAST_POINTS;
                if is_long && start + LEAST_POINTS <= times.len() && starts.len() < MOST_PHASES {
                    starts.push((start, Some(event.clone())));
                }
            }
        }
    }
    let ends: Vec<usize> =
        starts.iter().skip(1).map(|start| start.0).chain([times.len()]).collect();
    starts
        .into_iter()
        .zip(ends)
        .map(|((start, event), end)| Phase { points: start..end, event })
        .collect()
}

/// The dimension that a figure is divided by.
///
/// # Errors
/// 400 for other dimensions than a day, a week, an attribute (shift) or a lot.
pub(crate) fn figure_key(asked: &Asked, default: Dimension) -> ApiResult<Dimension> {
    match asked.question.group_by.as_slice() {
        [] => Ok(default),
        [dimension @ Dimension::Attribute(_)] => Ok(dimension.clone()),
        [Dimension::Field(field @ (Field::Day | Field::Week | Field::ComponentLot))] => {
            Ok((*field).into())
        }
        _ => Err(wrong("group_by", "must be one of: day, week, shift, lot, attr.<name>")),
    }
}

/// The name of a key as the database writes it.
pub(crate) fn named_key(dimension: &Dimension, key: &str) -> String {
    let period: Option<Period> = dimension.period();
    let day = key.parse::<i64>().ok().and_then(|days| {
        let epoch = NaiveDate::from_ymd_opt(1970, 1, 1)?;
        epoch.checked_add_signed(chrono::TimeDelta::try_days(days)?)
    });
    period.zip(day).and_then(|(period, day)| period.key(day)).unwrap_or_else(|| key.to_owned())
}
