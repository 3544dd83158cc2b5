//! Measurements and quality: which parameter, where, since when, and whether the instrument
//! can be trusted. One file a question; the statistics are those of `engine::spc` and
//! `engine::quality`.

mod capability;
mod changepoints;
mod commonality;
mod compare;
mod control_chart;
mod events;
mod gage;
mod histogram;
mod measurements;
mod phases;
mod retest;
mod sample;
mod subgroups;

pub use capability::capability;
pub use changepoints::changepoints;
pub use commonality::commonality;
pub use compare::compare;
pub use control_chart::control_chart;
pub use events::{list as events, record as record_event};
pub use gage::{from_data as gage, from_readings as gage_study};
pub use histogram::histogram;
pub use measurements::measurements;
pub use retest::retest;

use domain::Timestamp;
use domain::dimension::Filters;
use engine::stats;
use serde::Serialize;
use store::TenantTx;
use store::measurements::Measurement;

use super::yields::{Asked, wrong};
use crate::problem::ApiResult;
use crate::queries::{Named, Window};

/// What every answer begins with.
#[derive(Debug, Serialize)]
struct Head {
    definition: Named,
    as_of: Timestamp,
    window: Window,
    filters: Filters,
}

impl Head {
    fn new(asked: &Asked, as_of: Timestamp) -> Self {
        Self {
            definition: Named::new(asked.question.definition),
            as_of,
            window: asked.window(),
            filters: asked.filters(),
        }
    }
}

/// An interval at [`crate::figures::LEVEL`].
#[derive(Debug, Clone, Copy, Serialize)]
struct Range {
    low: f64,
    high: f64,
}

impl From<stats::Range> for Range {
    fn from(range: stats::Range) -> Self {
        Self { low: range.low, high: range.high }
    }
}

/// The measurement that `parameter` names.
///
/// # Errors
/// 400 where it is missing or names nothing that the tenant measured.
async fn measurement(tx: &mut TenantTx, asked: &Asked) -> ApiResult<Measurement> {
    let Some(name) = asked.own("parameter") else {
        return Err(wrong("parameter", "is missing: name one as `operation / step / name [unit]`"));
    };
    find_measurement(tx, "parameter", name).await
}

async fn find_measurement(
    tx: &mut TenantTx,
    parameter: &str,
    name: &str,
) -> ApiResult<Measurement> {
    let unknown = || {
        wrong(
            parameter,
            "names no measurement: /api/v1/measurements lists them as `operation / step / name [unit]`",
        )
    };
    tx.measurement(name).await?.ok_or_else(unknown)
}

/// A finite number in a parameter of this endpoint.
fn number(asked: &Asked, name: &str) -> ApiResult<Option<f64>> {
    let parse = |text: &str| {
        let number = text.parse::<f64>().ok().filter(|number| number.is_finite());
        number.ok_or_else(|| wrong(name, "must be a finite number such as 0.25"))
    };
    asked.own(name).map(parse).transpose()
}

/// One of a few words in a parameter of this endpoint; the first where it is absent.
fn word<T: Copy>(asked: &Asked, name: &str, words: &[(&str, T)]) -> ApiResult<Option<T>> {
    let Some(text) = asked.own(name) else { return Ok(None) };
    let found = words.iter().find(|(word, _)| *word == text).map(|(_, value)| *value);
    found.map(Some).ok_or_else(|| {
        let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
        wrong(name, format!("must be one of: {}", known.join(", ")))
    })
}
