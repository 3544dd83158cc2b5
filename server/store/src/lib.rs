//! The only package that contains SQL.
//!
//! All access to rows goes through one of four kinds of transaction: [`AuthTx`] authenticates
//! the caller, [`TenantTx`] accesses one tenant's data, [`AdminTx`] is for administration by
//! internal users and is audited when it begins, [`JobsTx`] accesses the job queue. Each runs
//! under its own database role, so PostgreSQL's row-level security decides which rows are
//! visible; none of the roles can disable it. [`connection`] describes how connections stay
//! usable when a client disconnects.
//!
//! Statements are files, `sql/<role>/<name>.sql`, never strings built at run time. A test
//! prepares each of them on a real server in its role. To add one, add the file and a function
//! in the module of its table family.

mod attempts;
pub mod audit;
pub mod causes;
pub mod codes;
pub mod connection;
mod copy;
pub mod data_version;
pub mod decisions;
mod error;
pub mod frames;
pub mod ingest;
mod invites;
pub mod jobs;
pub mod known;
pub mod logins;
pub mod measurements;
mod principal;
mod probe;
pub mod quality;
pub mod receipts;
pub mod recount;
pub mod repairs;
pub mod sessions;
pub mod system;
pub mod tenants;
pub mod tokens;
mod transactions;
pub mod units;
pub mod users;
pub mod views;
pub mod yields;

pub use error::{Error, Result};
pub use principal::{Actor, Principal};
pub use sessions::SessionSecret;
pub use system::Store;
pub use transactions::{AdminTx, AuthTx, DetachedTenant, JobsTx, TenantTx};

/// Converts a timestamp to the driver's type.
fn utc(at: domain::Timestamp) -> chrono::DateTime<chrono::Utc> {
    at.into()
}
