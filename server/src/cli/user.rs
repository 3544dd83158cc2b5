//! `firstpass user`: administers people.

use std::io::Read;

use anyhow::{Context, Result, bail};
use clap::{Args, Subcommand};
use domain::Role;
use store::Store;

use super::Usage;
use super::admin::{console, into_cli_error};
use crate::clock;
use crate::commands::users::{self, Added, Who};
use crate::credentials::password;
use crate::problem::EN;

/// Subcommands for users.
#[derive(Debug, Subcommand)]
pub(super) enum UserVerb {
    /// Add a person; without --password-stdin a generated password is the last line
    Add(UserAdd),
    /// List people, one JSON object a line
    List {
        /// Only those of this partner
        #[arg(long, value_name = "SLUG")]
        tenant: Option<String>,
    },
    /// Disable a person: sessions and live pages end immediately
    Disable(Person),
    /// Enable a disabled person
    Enable(Person),
    /// Change the role of a person, from the next request on
    SetRole {
        #[command(flatten)]
        person: Person,
        /// viewer, engineer or partner-admin; operator or admin for our own people
        #[arg(long)]
        role: Role,
    },
    /// Reset the password of a person and end all sessions; without --password-stdin a
    /// generated password is the last line
    ResetPassword {
        #[command(flatten)]
        person: Person,
        /// Read the password from standard input
        #[arg(long)]
        password_stdin: bool,
    },
}

/// An existing person.
#[derive(Debug, Args)]
pub(super) struct Person {
    /// The e-mail address
    #[arg(value_parser = email)]
    email: String,
    /// Only if the person belongs to this partner
    #[arg(long, value_name = "SLUG")]
    tenant: Option<String>,
}

impl Person {
    fn who(&self) -> Who<'_> {
        Who { email: &self.email, tenant: self.tenant.as_deref() }
    }
}

/// A person to add.
#[derive(Debug, Args)]
pub(super) struct UserAdd {
    /// The e-mail address to log in with
    #[arg(value_parser = email)]
    email: String,
    /// The partner the person belongs to
    #[arg(
        long,
        value_name = "SLUG",
        requires = "role",
        conflicts_with = "internal",
        required_unless_present = "internal"
    )]
    tenant: Option<String>,
    /// viewer, engineer or partner-admin
    #[arg(long, requires = "tenant")]
    role: Option<Role>,
    /// operator or admin: one of the server maker's own people
    #[arg(long, value_name = "ROLE")]
    internal: Option<Role>,
    /// Read the password from standard input
    #[arg(long)]
    password_stdin: bool,
}

pub(super) async fn user(store: &Store, verb: UserVerb) -> Result<()> {
    let (by, now) = (console(), clock::now());
    match verb {
        UserVerb::Add(person) => add(store, person).await?,
        UserVerb::List { tenant } => {
            for user in
                users::list(store, &by, tenant.as_deref(), now).await.map_err(into_cli_error)?
            {
                println!("{}", serde_json::to_string(&user)?);
            }
        }
        UserVerb::Disable(person) => {
            let ended =
                users::disable(store, &by, person.who(), now).await.map_err(into_cli_error)?;
            eprintln!("{}", EN.cli_user_disabled(&person.email, ended));
        }
        UserVerb::Enable(person) => {
            users::enable(store, &by, person.who(), now).await.map_err(into_cli_error)?;
            eprintln!("{}", EN.cli_user_enabled(&person.email));
        }
        UserVerb::SetRole { person, role } => {
            users::set_role(store, &by, person.who(), role, now).await.map_err(into_cli_error)?;
            eprintln!("{}", EN.cli_user_role(&person.email, role));
        }
        UserVerb::ResetPassword { person, password_stdin } => {
            let (hash, generated) = choose_password(password_stdin, &person.email)?;
            let ended = users::reset_password(store, &by, person.who(), &hash, now)
                .await
                .map_err(into_cli_error)?;
            eprintln!("{}", EN.cli_user_password(&person.email, ended));
            if let Some(password) = generated {
                println!("{password}");
            }
        }
    }
    Ok(())
}

async fn add(store: &Store, user: UserAdd) -> Result<()> {
    let role = match (user.role, user.internal) {
        (Some(role), None) if !role.is_internal() => role,
        (None, Some(role)) if role.is_internal() => role,
        _ => bail!(Usage(EN.cli_user_roles().into())),
    };
    let (hash, generated) = choose_password(user.password_stdin, &user.email)?;
    let who = Who { email: &user.email, tenant: user.tenant.as_deref() };
    let added = users::add(store, &console(), who, role, &hash, clock::now())
        .await
        .map_err(into_cli_error)?;
    match (added, generated) {
        (Added::Membership, _) => {
            let tenant = user.tenant.unwrap_or_default();
            eprintln!("{}", EN.cli_user_membership(&user.email, role, tenant));
        }
        (Added::Person, generated) => {
            eprintln!("{}", EN.cli_user_added(role, &user.email));
            if let Some(password) = generated {
                println!("{password}");
            }
        }
    }
    Ok(())
}

/// Returns the hash of the password, and the password itself if it was generated.
fn choose_password(from_stdin: bool, owner: &str) -> Result<(String, Option<String>)> {
    let hash =
        |password: &str| password::hash(password, owner).map_err(|error| Usage(error.to_string()));
    if from_stdin {
        return Ok((hash(&read_password()?)?, None));
    }
    let password = password::generate();
    Ok((hash(&password)?, Some(password)))
}

fn read_password() -> Result<String> {
    let mut text = String::new();
    std::io::stdin()
        .take(password::MAX_BYTES as u64 + 2)
        .read_to_string(&mut text)
        .context(EN.cli_password_input())?;
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}

fn email(text: &str) -> Result<String, String> {
    let is_valid = text.len() <= 254
        && text.split_once('@').is_some_and(|(name, host)| !name.is_empty() && !host.is_empty())
        && !text.chars().any(|c| c.is_whitespace() || c.is_control());
    if is_valid { Ok(text.to_owned()) } else { Err(EN.cli_email().into()) }
}
