//! Explains a figure: what it counts, and what it excludes.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use domain::dimension::Filters;
use domain::yields::{Aborted, Definition, Reason};
use engine::metrics::yields::{Basis, Tally};
use serde::Serialize;
use store::TenantTx;
use store::yields::Question;
use utoipa::ToSchema;

use super::{Ci, Named, Window};
use crate::figures;
use crate::problem::ApiResult;

/// A figure under each definition, and a page of the units in it or excluded from it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ExplainAnswer {
    /// The definition of the items.
    pub definition: Named,
    /// The time of the figures.
    #[schema(value_type = String, format = DateTime)]
    pub as_of: domain::Timestamp,
    /// The window.
    pub window: Window,
    /// The filters.
    #[schema(value_type = BTreeMap<String, Vec<String>>)]
    pub filters: Filters,
    /// The figure under each definition.
    pub figures: Vec<ExplainFigure>,
    /// `in` or `out`: what the items are.
    pub units: &'static str,
    /// A page of units.
    pub items: Vec<ExplainItem>,
    /// The cursor of the next page.
    pub next: Option<String>,
}

/// The figure under one definition.
#[derive(Debug, Serialize, ToSchema)]
pub struct ExplainFigure {
    /// The definition.
    pub definition: Named,
    /// The number of counted units or runs.
    pub n: u64,
    /// The number that passed.
    pub passed: u64,
    /// The yield; null if n = 0.
    #[serde(rename = "yield")]
    pub fraction: Option<f64>,
    /// Its confidence interval.
    pub ci: Option<Ci>,
    /// Runs and units that are not counted, by reason.
    #[schema(value_type = BTreeMap<String, u64>)]
    pub excluded: BTreeMap<Reason, u64>,
}

/// A unit of an explained figure.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub enum ExplainItem {
    /// A unit that is counted.
    In(ExplainedIn),
    /// A unit with runs that are not counted.
    Out(ExplainedOut),
}

/// A unit that is counted.
#[derive(Debug, Serialize, ToSchema)]
pub struct ExplainedIn {
    /// Its serial number.
    pub serial: String,
    /// The operation.
    pub operation: String,
    /// Its counted runs.
    pub runs: i64,
    /// Those that passed.
    pub passed: i64,
    /// When the first of them started.
    #[serde(serialize_with = "super::schema::time")]
    #[schema(value_type = String, format = DateTime)]
    pub started_at: DateTime<Utc>,
}

/// A unit with runs that are not counted.
#[derive(Debug, Serialize, ToSchema)]
pub struct ExplainedOut {
    /// Its serial number.
    pub serial: String,
    /// The operation.
    pub operation: String,
    /// Its runs.
    pub runs: i64,
    /// Why they are not counted.
    #[schema(schema_with = super::schema::reasons)]
    pub reasons: Vec<Reason>,
    /// When its first run started, if that is the reason.
    #[serde(serialize_with = "super::schema::optional_time")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub first_run_started_at: Option<DateTime<Utc>>,
}

/// The figure of the whole slice under each definition.
///
/// # Errors
/// When the database is unreachable.
pub async fn under_each_definition(
    tx: &mut TenantTx,
    question: &Question,
    aborted: Option<Aborted>,
) -> ApiResult<Vec<(Definition, Tally)>> {
    let mut by_definition = Vec::new();
    for definition in Definition::ALL {
        let basis = Basis { definition: *definition, aborted };
        let question = Question {
            definition: *definition,
            aborted: basis.aborted(),
            group_by: Vec::new(),
            ..question.clone()
        };
        let groups = figures::groups(tx, &question, basis).await?;
        by_definition.extend(groups.into_iter().map(|group| (*definition, group.tally)));
    }
    Ok(by_definition)
}
