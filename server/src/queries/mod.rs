//! The queries: one module each, for the API, the pages and the exports.
//!
//! A query takes a transaction and its parameters and returns a typed result. This module has
//! the common parts of the results.

pub(crate) mod asked;
pub mod causes;
pub mod explain;
pub mod pareto;
pub mod quality;
pub mod receipts;
pub mod repairs;
pub mod rty;
pub mod schema;
pub mod units;

use chrono::{DateTime, SecondsFormat, Utc};
use domain::yields::Definition;
use engine::proportion::{Interval, Method, Proportion, interval};
use serde::Serialize;
use utoipa::ToSchema;

use crate::figures::LEVEL;

/// A definition of yield and its version.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct Named {
    /// The definition.
    #[schema(schema_with = schema::definition)]
    pub id: Definition,
    /// Its version.
    pub version: u32,
}

impl Named {
    /// The current version of a definition.
    #[must_use]
    pub const fn new(id: Definition) -> Self {
        Self { id, version: Definition::VERSION }
    }
}

/// A confidence interval of a proportion.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct Ci {
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
    /// The confidence level.
    pub level: f64,
    /// The method's id.
    pub method: &'static str,
}

impl Ci {
    /// Computes the interval; none if n = 0.
    #[must_use]
    pub fn from_proportion(proportion: Proportion, method: Method) -> Option<Self> {
        let Interval { low, high, level, method } =
            interval(proportion.k, proportion.n, method, LEVEL)?;
        Some(Self { low, high, level, method: method.id() })
    }
}

/// The window of a query as in the request.
#[derive(Debug, Clone, Default, Serialize, ToSchema)]
pub struct Window {
    /// Its start: a local date of the site, or a time.
    pub from: Option<String>,
    /// Its end, exclusive.
    pub to: Option<String>,
}

/// A time as every answer writes it.
pub(crate) fn time(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Micros, true)
}
