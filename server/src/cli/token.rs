//! `firstpass token`: administers tokens.

use std::time::Duration;

use anyhow::Result;
use clap::Subcommand;
use domain::Scope;
use store::Store;
use uuid::Uuid;

use super::admin::{console, into_cli_error};
use crate::clock;
use crate::commands::tokens;
use crate::problem::EN;

/// Subcommands for tokens.
#[derive(Debug, Subcommand)]
pub(super) enum TokenVerb {
    /// Create a token, which is the last line; it is shown only once
    Add {
        /// The partner of the token
        #[arg(long, value_name = "SLUG")]
        tenant: String,
        /// ingest, read or both
        #[arg(long, value_delimiter = ',', required = true)]
        scope: Vec<Scope>,
        /// How long it is valid, such as 30d or 12h; without this it does not expire
        #[arg(long, value_parser = period)]
        expires: Option<Duration>,
    },
    /// List a partner's tokens, one JSON object a line
    List {
        /// The partner of the tokens
        #[arg(long, value_name = "SLUG")]
        tenant: String,
    },
    /// Revoke a token immediately
    Revoke {
        /// Its id, as `token list` shows it
        id: Uuid,
    },
}

pub(super) async fn token(store: &Store, verb: TokenVerb) -> Result<()> {
    let (by, now) = (console(), clock::now());
    match verb {
        TokenVerb::Add { tenant, scope, expires } => {
            let expires_at = expires.map(|period| now.saturating_add(period));
            let token = tokens::add(store, &by, &tenant, &scope, expires_at, now).await;
            println!("{}", token.map_err(into_cli_error)?);
        }
        TokenVerb::List { tenant } => {
            for token in tokens::list(store, &by, &tenant, now).await.map_err(into_cli_error)? {
                println!("{}", serde_json::to_string(&token)?);
            }
        }
        TokenVerb::Revoke { id } => {
            tokens::revoke(store, &by, id, None, now).await.map_err(into_cli_error)?;
            eprintln!("{}", EN.cli_token_revoked(id));
        }
    }
    Ok(())
}

fn period(text: &str) -> Result<Duration, String> {
    let hours = match text.as_bytes().last() {
        Some(b'd') => 24,
        Some(b'h') => 1,
        _ => 0,
    };
    let number = text.get(..text.len().saturating_sub(1)).and_then(|n| n.parse::<u32>().ok());
    match number {
        Some(number) if hours > 0 && number > 0 => {
            Ok(Duration::from_secs(u64::from(number) * hours * 3600))
        }
        _ => Err(EN.cli_period().into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_are_days_or_hours() {
        assert_eq!(period("30d").unwrap(), Duration::from_secs(30 * 86_400));
        assert_eq!(period("12h").unwrap(), Duration::from_secs(12 * 3600));
        for wrong in ["", "d", "0d", "-1d", "1", "1w", "1é"] {
            assert!(period(wrong).is_err(), "{wrong}");
        }
    }
}
