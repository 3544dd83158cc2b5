//! Measurements and quality: which parameter, where, since when, and whether the instrument
//! can be trusted. One file a question; the statistics are those of `engine::spc` and
//! `engine::quality`.

pub(crate) mod capability;
pub(crate) mod changepoints;
pub(crate) mod commonality;
pub(crate) mod compare;
pub(crate) mod control_chart;
pub(crate) mod events;
pub(crate) mod gage;
pub(crate) mod histogram;
pub(crate) mod measurements;
pub(crate) mod parameter;
pub(crate) mod phases;
pub(crate) mod retest;
pub(crate) mod sample;
pub(crate) mod subgroups;

use domain::Timestamp;
use domain::dimension::Filters;
use engine::stats;
use serde::Serialize;
use store::TenantTx;
use store::measurements::Measurement;
use utoipa::ToSchema;

use super::asked::{Asked, wrong};
use crate::problem::ApiResult;
use crate::queries::{Named, Window};

/// What every answer begins with.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = QualityHead)]
pub(crate) struct Head {
    pub(crate) definition: Named,
    #[schema(value_type = String, format = DateTime)]
    pub(crate) as_of: Timestamp,
    pub(crate) window: Window,
    #[schema(value_type = std::collections::BTreeMap<String, Vec<String>>)]
    pub(crate) filters: Filters,
}

impl Head {
    pub(crate) fn new(asked: &Asked, as_of: Timestamp) -> Self {
        Self {
            definition: Named::new(asked.question.definition),
            as_of,
            window: asked.window(),
            filters: asked.filters(),
        }
    }
}

/// An interval at [`crate::figures::LEVEL`].
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[schema(as = QualityInterval)]
pub(crate) struct Range {
    pub(crate) low: f64,
    pub(crate) high: f64,
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
pub(crate) async fn measurement(tx: &mut TenantTx, asked: &Asked) -> ApiResult<Measurement> {
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
