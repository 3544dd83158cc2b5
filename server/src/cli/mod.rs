//! The command line. Results go to standard output, logs and progress to standard error.

mod admin;
mod serve;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

use crate::config::{DatabaseOptions, ServeOptions, fill_in};
use crate::database;
use crate::logging;

/// Partner analytics portal for GPU-server manufacturing.
#[derive(Debug, Parser)]
#[command(name = "firstpass", version, propagate_version = true)]
pub struct Cli {
    /// TOML file with what is not said by flag or environment
    #[arg(long, env = "FIRSTPASS_CONFIG", value_name = "FILE", global = true)]
    config: Option<PathBuf>,
    #[command(flatten)]
    database: DatabaseOptions,
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Serve the portal
    Serve(ServeOptions),
    /// Bring the database up to date
    Migrate,
    /// Partner organisations
    #[command(subcommand)]
    Tenant(admin::TenantVerb),
    /// People
    #[command(subcommand)]
    User(admin::UserVerb),
    /// Tokens of stations and scripts
    #[command(subcommand)]
    Token(admin::TokenVerb),
}

/// A usage error that only shows itself after parsing.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Usage(pub String);

/// Runs what was asked for.
///
/// # Errors
/// A sentence for whoever typed the command; [`code_of`] has the exit code.
pub fn run(cli: Cli) -> Result<ExitCode> {
    let (serve, verb) = match cli.verb {
        Verb::Serve(options) => (options, None),
        other => (ServeOptions::default(), Some(other)),
    };
    let (database, serve) = fill_in(cli.config.as_deref(), cli.database, serve)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let Some(verb) = verb else {
            logging::start(serve.log.as_deref(), serve.log_format)?;
            return serve::serve(&database, &serve).await;
        };
        logging::start(Some("warn"), serve.log_format)?;
        let database = database::open(&database, store::system::Limits::default()).await?;
        let done = match verb {
            Verb::Tenant(verb) => admin::tenant(&database.store, verb).await,
            Verb::User(verb) => admin::user(&database.store, verb).await,
            Verb::Token(verb) => admin::token(&database.store, verb).await,
            Verb::Migrate | Verb::Serve(_) => Ok(()),
        };
        database.store.close().await;
        done.map(|()| ExitCode::SUCCESS)
    })
}

/// 0 done, 1 some rejected, 2 usage, 3 unreachable.
#[must_use]
pub fn code_of(error: &anyhow::Error) -> ExitCode {
    let unreachable = error
        .chain()
        .filter_map(|cause| cause.downcast_ref::<store::Error>())
        .any(|cause| matches!(cause, store::Error::Unreachable(_)));
    match unreachable {
        true => ExitCode::from(3),
        false => ExitCode::from(2),
    }
}
