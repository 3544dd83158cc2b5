//! The read side: one file a question, for the API, the pages and the exports alike.
//!
//! A question takes a transaction and its parameters and gives a typed answer. What answers
//! have in common is here.

pub mod explain;
pub mod pareto;
pub mod repairs;
pub mod rty;
pub mod schema;

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
    /// None where n = 0.
    #[must_use]
    pub fn from_proportion(proportion: Proportion, method: Method) -> Option<Self> {
        let Interval { low, high, level, method } =
            interval(proportion.k, proportion.n, method, LEVEL)?;
        Some(Self { low, high, level, method: method.id() })
    }
}

/// The window of a question as the request gave it.
#[derive(Debug, Clone, Default, Serialize, ToSchema)]
pub struct Window {
    /// Its begin: a date of the site, or a time.
    pub from: Option<String>,
    /// Its end, which is excluded.
    pub to: Option<String>,
}
