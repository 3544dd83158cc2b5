//! The write side, one file a noun: the API, forms and the command line call these. Each is
//! one transaction with its audit line.

pub mod invites;
pub mod reason;
pub mod runs;
pub mod tenants;
pub mod tokens;
pub mod units;
pub mod users;
pub mod views;

use domain::TenantId;
use store::AdminTx;
use store::decisions::Moment;

use crate::clock;
use crate::limits::FUTURE;
use crate::problem::{EN, Problem};

/// Why a command was not done.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// It cannot be done as it was given; a sentence that says why.
    #[error("{0}")]
    Refused(String),
    /// What it is about is not there; a sentence that says what.
    #[error("{0}")]
    Missing(String),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] store::Error),
}

/// A command that was refused is the request's fault; what is not there is 404.
impl From<CommandError> for Problem {
    fn from(error: CommandError) -> Self {
        match error {
            CommandError::Refused(why) => Self::invalid("request", why),
            CommandError::Missing(_) => Self::not_found(),
            CommandError::Store(error) => error.into(),
        }
    }
}

/// The result of a command.
pub type CommandResult<T> = Result<T, CommandError>;

fn refused<T>(why: impl Into<String>) -> CommandResult<T> {
    Err(CommandError::Refused(why.into()))
}

fn missing<T>(what: impl Into<String>) -> CommandResult<T> {
    Err(CommandError::Missing(what.into()))
}

/// The tenant of a slug, which has to exist. For a partner's manager there is none but their own.
pub(crate) async fn find_tenant(tx: &mut AdminTx, slug: &str) -> CommandResult<TenantId> {
    let found = tx.tenant_by_slug(slug).await?.map(|tenant| TenantId::from(tenant.id));
    match found.filter(|found| tx.scope().is_none_or(|own| own == *found)) {
        Some(tenant) => Ok(tenant),
        None => missing(EN.command_no_tenant(slug)),
    }
}

/// The tenant of a slug, or none where none is named; then a partner's manager acts on their
/// own.
async fn find_tenant_if_named(
    tx: &mut AdminTx,
    slug: Option<&str>,
) -> CommandResult<Option<TenantId>> {
    match slug {
        Some(slug) => Ok(Some(find_tenant(tx, slug).await?)),
        None => Ok(tx.scope()),
    }
}

/// Refuses what only internal people may do.
fn check_internal(tx: &AdminTx) -> CommandResult<()> {
    match tx.scope() {
        None => Ok(()),
        Some(_) => refused(EN.command_internal()),
    }
}

/// Now, and the time from which on runs are from the future.
pub(crate) fn moment() -> Moment {
    let now = clock::now();
    Moment { now, until: now.saturating_add(FUTURE) }
}
