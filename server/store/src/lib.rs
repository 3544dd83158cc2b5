//! The only package that speaks SQL.
//!
//! A row is reached through one of three doors and no other way: [`AuthTx`] to
//! find out who is calling, [`TenantTx`] for one tenant's data, [`AdminTx`] for
//! the work of our own people, audited as it begins. Each is a transaction under
//! a database role of its own, so that PostgreSQL's row-level security decides
//! what exists; none of the roles can switch it off.
//!
//! Statements are files, `sql/<door>/<name>.sql`, never strings made at run time.
//! A test prepares each of them on a real server in its door's role. To add one:
//! the file, and a function in the module of its table family.

mod attempts;
pub mod codes;
mod copy;
pub mod decisions;
mod doors;
mod error;
pub mod frames;
pub mod ingest;
pub mod known;
pub mod logins;
pub mod measurements;
mod principal;
pub mod receipts;
pub mod recount;
pub mod sessions;
pub mod system;
pub mod tenants;
pub mod tokens;
pub mod units;
pub mod users;
pub mod views;
pub mod watermark;
pub mod yields;

pub use doors::{AdminTx, AuthTx, Resting, TenantTx};
pub use error::{Error, Result};
pub use principal::{Actor, Principal};
pub use sessions::SessionSecret;
pub use system::Store;

/// A time as the driver takes it.
fn utc(at: domain::Timestamp) -> chrono::DateTime<chrono::Utc> {
    at.into()
}
