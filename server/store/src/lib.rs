//! The only package that speaks SQL.
//!
//! A row is reached through one of four kinds of transaction and no other way:
//! [`AuthTx`] to find out who is calling, [`TenantTx`] for one tenant's data,
//! [`AdminTx`] for the house's own people, audited as it begins, [`JobsTx`] for the job queue. Each runs under a
//! database role of its own, so that PostgreSQL's row-level security decides what is
//! visible; none of the roles can switch it off. How connections stay usable when
//! somebody hangs up is in [`connection`].
//!
//! Statements are files, `sql/<role>/<name>.sql`, never strings made at run time.
//! A test prepares each of them on a real server in its role. To add one:
//! the file, and a function in the module of its table family.

mod attempts;
pub mod audit;
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

/// A time as the driver takes it.
fn utc(at: domain::Timestamp) -> chrono::DateTime<chrono::Utc> {
    at.into()
}
