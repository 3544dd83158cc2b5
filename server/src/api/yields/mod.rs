//! `/api/v1/yield` and its relatives: how much passes, and what fails.

pub(crate) mod asked;
mod csv;
mod explain;
mod groups;
mod pareto;
mod rty;

pub(super) use asked::{Asked, wrong};
pub use explain::explain;
pub use groups::yields;
pub use pareto::pareto;
pub use rty::rty;

use domain::yields::Definition;
use engine::proportion::{Interval, Method, Proportion, interval};
use serde::Serialize;

use crate::figures::LEVEL;

/// A definition as every answer names it.
#[derive(Debug, Clone, Copy, Serialize)]
pub(super) struct Named {
    id: Definition,
    version: u32,
}

impl Named {
    pub(super) fn new(id: Definition) -> Self {
        Self { id, version: Definition::VERSION }
    }
}

/// An interval as every answer has it.
#[derive(Debug, Clone, Copy, Serialize)]
struct Ci {
    low: f64,
    high: f64,
    level: f64,
    method: &'static str,
}

impl Ci {
    /// None where n = 0.
    fn of(proportion: Proportion, method: Method) -> Option<Self> {
        let Interval { low, high, level, method } =
            interval(proportion.k, proportion.n, method, LEVEL)?;
        Some(Self { low, high, level, method: method.id() })
    }
}
