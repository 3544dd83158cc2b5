//! The write side, one file a noun: the API, forms and the command line call these. Each is
//! one transaction with its audit line.

pub(crate) mod events;
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

/// Why a command failed.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// The command is invalid; a sentence with the reason.
    #[error("{0}")]
    Refused(String),
    /// The object does not exist; a sentence that names it.
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

/// Finds the tenant of a slug, which must exist. A partner's manager only finds their own.
pub(crate) async fn find_tenant(tx: &mut AdminTx, slug: &str) -> CommandResult<TenantId> {
    let found = tx.tenant_by_slug(slug).await?.map(|tenant| TenantId::from(tenant.id));
    match found.filter(|found| tx.scope().is_none_or(|own| own == *found)) {
        Some(tenant) => Ok(tenant),
        None => missing(EN.command_no_tenant(slug)),
    }
}

/// Finds the tenant of a slug, or none without a slug; then a partner's manager acts on their
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

/// Fails for callers who are not internal.
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
