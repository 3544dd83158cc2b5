//! The command line. Results go to standard output, logs and progress to standard error.

mod admin;
mod demo;
mod serve;
mod token;
mod upload;
mod user;
mod verify;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Args as _, CommandFactory, FromArgMatches, Parser, Subcommand};
pub use client::{Unreachable, Usage};
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::config::{DatabaseOptions, ServeOptions, apply_config_file};
use crate::database;
use crate::logging;
use crate::postgres::Postgres;
use crate::problem::EN;

/// Partner analytics portal for GPU-server manufacturing.
#[derive(Debug, Parser)]
#[command(name = "firstpass", version, propagate_version = true)]
pub struct Cli {
    /// TOML file with settings that no flag or environment variable sets
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
    Serve(Box<ServeOptions>),
    /// Bring the database up to date
    Migrate,
    /// Partner organisations
    #[command(subcommand)]
    Tenant(admin::TenantVerb),
    /// People
    #[command(subcommand)]
    User(user::UserVerb),
    /// Tokens of stations and scripts
    #[command(subcommand)]
    Token(token::TokenVerb),
    /// Fill an empty database with the demo factory, and print who may log in
    Demo(demo::DemoOptions),
    /// Recompute every stored figure and report differences; uploads wait meanwhile
    Verify(verify::VerifyOptions),
    /// Send files of results to a server; safe to repeat
    Upload(Box<client::UploadOptions>),
}

impl Cli {
    /// Parses the arguments; exits for a usage error or a request for help.
    #[must_use]
    pub fn from_args() -> Self {
        let matches = Self::command_line().get_matches();
        Self::from_arg_matches(&matches).unwrap_or_else(|error| error.exit())
    }

    /// Every command but `upload` has the options of the database: its help omits them.
    fn command_line() -> clap::Command {
        let mut command = Self::command();
        command.build(); // propagates global options
        let names: Vec<_> = DatabaseOptions::augment_args(clap::Command::new("database"))
            .get_arguments()
            .map(|option| option.get_id().clone())
            .collect();
        command.mut_subcommand("upload", |upload| {
            upload.mut_args(|option| {
                let hide = names.contains(option.get_id()) || option.is_hide_set();
                option.hide(hide)
            })
        })
    }
}

impl Verb {
    /// Whether the command works on an empty database, and so may create the embedded one. The
    /// others would create an empty one in a mistyped folder.
    fn may_create_database(&self) -> bool {
        match self {
            Self::Serve(_) | Self::Migrate | Self::Demo(_) => true,
            Self::Tenant(verb) => matches!(verb, admin::TenantVerb::Add { .. }),
            Self::User(verb) => matches!(verb, user::UserVerb::Add(_)),
            Self::Token(_) | Self::Verify(_) | Self::Upload(_) => false,
        }
    }
}

/// Runs the command.
///
/// # Errors
/// A message for the user; [`code_of`] returns the exit code.
pub fn run(cli: Cli) -> Result<ExitCode> {
    let (serve, verb) = match cli.verb {
        // A client of a server, without a database.
        Verb::Upload(options) => return upload::run(*options),
        Verb::Serve(options) => (*options, None),
        other => (ServeOptions::default(), Some(other)),
    };
    let (database, serve) = apply_config_file(cli.config.as_deref(), cli.database, serve)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let mut stop = ShutdownSignals::listen()?;
        let Some(verb) = verb else {
            logging::start(serve.log.as_deref(), serve.log_format)?;
            return serve::serve(&database, &serve, stop).await;
        };
        logging::start(Some("warn"), serve.log_format)?;
        tokio::select! {
            done = run_verb(&database, verb) => done,
            () = stop.recv() => Ok(STOPPED),
        }
    })
}

/// The exit code of a command that was interrupted.
const STOPPED: ExitCode = ExitCode::FAILURE;

async fn run_verb(options: &DatabaseOptions, verb: Verb) -> Result<ExitCode> {
    if let (Verb::Migrate, Some(owner)) = (&verb, &options.database_migration_url) {
        // Migrations only need the URL of the owner.
        database::migrate(owner).await?;
        return Ok(ExitCode::SUCCESS);
    }
    let data = options.data();
    if options.database_url.is_none() && !verb.may_create_database() && !Postgres::exists(&data) {
        return Err(Usage(EN.cli_no_database(data.display())).into());
    }
    let database = database::open(options, store::system::Limits::default()).await?;
    let store = &database.store;
    let done = |()| ExitCode::SUCCESS;
    let done = match verb {
        Verb::Tenant(verb) => admin::tenant(store, verb).await.map(done),
        Verb::User(verb) => user::user(store, verb).await.map(done),
        Verb::Token(verb) => token::token(store, verb).await.map(done),
        Verb::Demo(demo) => demo::demo(&database, options, &demo).await.map(done),
        Verb::Verify(options) => verify::verify(store, &options).await,
        Verb::Migrate | Verb::Serve(_) | Verb::Upload(_) => Ok(ExitCode::SUCCESS),
    };
    store.close().await;
    drop(database);
    done
}

/// The termination signals. Their handlers are installed at the start, so that no signal leaves
/// the embedded database running.
struct ShutdownSignals([Signal; 3]);

impl ShutdownSignals {
    fn listen() -> std::io::Result<Self> {
        let on = |kind: fn() -> SignalKind| signal(kind());
        Ok(Self([on(SignalKind::interrupt)?, on(SignalKind::terminate)?, on(SignalKind::hangup)?]))
    }

    async fn recv(&mut self) {
        let [interrupt, terminate, hangup] = &mut self.0;
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
            _ = hangup.recv() => {}
        }
    }
}

/// The exit code of an error: 0 success, 1 some rejected, 2 usage, 3 the database or the server
/// is unreachable, for any reason.
#[must_use]
pub fn code_of(error: &anyhow::Error) -> ExitCode {
    if error.is::<Unreachable>() {
        return ExitCode::from(3);
    }
    let of_store = error.chain().find_map(|cause| cause.downcast_ref::<store::Error>());
    match of_store {
        None | Some(store::Error::Unsafe(_) | store::Error::Schema(_) | store::Error::Url) => {
            ExitCode::from(2)
        }
        Some(_) => ExitCode::from(3),
    }
}
