//! `/api/v1/yield`, `/api/v1/pareto` and `/api/v1/rty`: yields and failures.

mod csv;
mod explain;
mod groups;
mod pareto;
mod repairs;
mod rty;

pub(super) use crate::queries::asked::{Asked, wrong};
pub use explain::explain;
pub(crate) use groups::Yields;
pub use groups::yields;
pub use pareto::pareto;
pub use repairs::repairs;
pub use rty::rty;
