//! What administrators do, one file a noun: the command line calls these, and pages can.
//! Each is one transaction with its audit line.

pub mod tenants;
pub mod tokens;
pub mod users;

use domain::TenantId;
use store::AdminTx;

/// Why a command was not done.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// It cannot be done as it was given; a sentence that says why.
    #[error("{0}")]
    Refused(String),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] store::Error),
}

/// The result of a command.
pub type CommandResult<T> = Result<T, CommandError>;

fn refused<T>(why: impl Into<String>) -> CommandResult<T> {
    Err(CommandError::Refused(why.into()))
}

/// The tenant of a slug, which has to exist.
pub(crate) async fn find_tenant(tx: &mut AdminTx, slug: &str) -> CommandResult<TenantId> {
    match tx.tenant_by_slug(slug).await? {
        Some(tenant) => Ok(tenant.id.into()),
        None => refused(format!(
            "there is no tenant {slug}; `firstpass tenant list` shows which there are"
        )),
    }
}

/// The tenant of a slug, or none where none is named.
async fn find_tenant_if_named(
    tx: &mut AdminTx,
    slug: Option<&str>,
) -> CommandResult<Option<TenantId>> {
    match slug {
        Some(slug) => Ok(Some(find_tenant(tx, slug).await?)),
        None => Ok(None),
    }
}
