//! Tenants, users and tokens from the server's own command line.

use std::io::Read;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use clap::{Args, Subcommand};
use domain::{Role, Scope, TenantId};
use store::{AdminTx, Principal, Store};

use super::Usage;
use crate::auth::{password, secret};
use crate::clock;

/// What can be done with tenants.
#[derive(Debug, Subcommand)]
pub(super) enum TenantVerb {
    /// Add a partner organisation
    Add {
        /// Its short name: lower-case letters, digits, inner hyphens
        slug: String,
        /// Its name on pages
        #[arg(long)]
        name: String,
        /// IANA time zone of its site
        #[arg(long, value_name = "ZONE", default_value = "UTC", value_parser = zone)]
        timezone: String,
        /// The part type under which its test programs list the unit itself
        #[arg(long, value_name = "TYPE")]
        chassis_part_type: Option<String>,
    },
    /// Change what is settled about a partner's data
    Set {
        /// Its short name
        slug: String,
        /// The part type under which its test programs list the unit itself; empty for none
        #[arg(long, value_name = "TYPE")]
        chassis_part_type: String,
    },
    /// List them: slug, time zone, name
    List,
}

/// What can be done with users.
#[derive(Debug, Subcommand)]
pub(super) enum UserVerb {
    /// Add a person; without --password-stdin a generated password is the last line
    Add(UserAdd),
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

/// What can be done with tokens.
#[derive(Debug, Subcommand)]
pub(super) enum TokenVerb {
    /// Make a token, which is the last line; it is shown this once
    Add {
        /// The partner it stands for
        #[arg(long, value_name = "SLUG")]
        tenant: String,
        /// ingest, read or both
        #[arg(long, value_delimiter = ',', required = true)]
        scope: Vec<Scope>,
        /// How long it is good for, such as 30d or 12h; for ever if not said
        #[arg(long, value_parser = period)]
        expires: Option<Duration>,
    },
}

pub(super) async fn tenant(store: &Store, verb: TenantVerb) -> Result<()> {
    let now = clock::now();
    match verb {
        TenantVerb::Add { slug, name, timezone, chassis_part_type } => {
            let chassis = chassis_part_type.as_deref();
            let mut tx =
                AdminTx::begin(store, &console(), &format!("tenant add {slug}"), now).await?;
            tx.add_tenant(&slug, &name, &timezone, chassis, now).await.map_err(
                |error| match error.constraint() {
                    Some("tenant_slug_key") => {
                        Usage(format!("there is a tenant {slug} already")).into()
                    }
                    Some("tenant_slug_check") => Usage(format!(
                        "`{slug}` is no slug: up to 63 lower-case letters, digits and inner hyphens"
                    ))
                    .into(),
                    _ => anyhow::Error::from(error),
                },
            )?;
            tx.commit().await?;
            eprintln!("added tenant {slug}");
        }
        TenantVerb::Set { slug, chassis_part_type } => {
            let mut tx =
                AdminTx::begin(store, &console(), &format!("tenant set {slug}"), now).await?;
            find(&mut tx, &slug).await?;
            let chassis = Some(chassis_part_type.as_str()).filter(|named| !named.is_empty());
            tx.set_chassis(&slug, chassis).await?;
            tx.commit().await?;
        }
        TenantVerb::List => {
            let mut tx = AdminTx::begin(store, &console(), "tenant list", now).await?;
            let tenants = tx.tenants().await?;
            tx.commit().await?;
            for tenant in tenants {
                println!("{}\t{}\t{}", tenant.slug, tenant.timezone, tenant.name);
            }
        }
    }
    Ok(())
}

pub(super) async fn user(store: &Store, UserVerb::Add(user): UserVerb) -> Result<()> {
    let role = match (user.role, user.internal) {
        (Some(role), None) if !role.is_internal() => role,
        (None, Some(role)) if role.is_internal() => role,
        _ => bail!(Usage(
            "a partner's user is --tenant SLUG --role viewer|engineer|partner-admin, one of ours --internal operator|admin".into()
        )),
    };
    let password = match user.password_stdin {
        true => Some(read_password()?),
        false => None,
    };
    let generated = password.is_none().then(password::generate);
    let chosen = password.or_else(|| generated.clone()).unwrap_or_default();
    let hash = password::hash(&chosen).map_err(Usage)?;

    let now = clock::now();
    let reason = format!("user add {}", user.email);
    let mut tx = AdminTx::begin(store, &console(), &reason, now).await?;
    let tenant = match &user.tenant {
        Some(slug) => Some(find(&mut tx, slug).await?),
        None => None,
    };
    tx.add_user(&user.email, tenant, role, &hash, now).await.map_err(|error| {
        match error.constraint() {
            Some("app_user_email_key") => {
                Usage(format!("there is a user {} already", user.email)).into()
            }
            _ => anyhow::Error::from(error),
        }
    })?;
    tx.commit().await?;
    eprintln!("added {role} {}", user.email);
    if let Some(password) = generated {
        println!("{password}");
    }
    Ok(())
}

pub(super) async fn token(store: &Store, verb: TokenVerb) -> Result<()> {
    let TokenVerb::Add { tenant: slug, scope, expires } = verb;
    let now = clock::now();
    let mut tx =
        AdminTx::begin(store, &console(), &format!("token add --tenant {slug}"), now).await?;
    let tenant = find(&mut tx, &slug).await?;
    let token = secret::new("fpt_");
    let expires_at = expires.map(|period| clock::later(now, period));
    tx.add_token(tenant, &secret::hash(&token), &scope, expires_at, now).await?;
    tx.commit().await?;
    println!("{token}");
    Ok(())
}

fn console() -> Principal {
    Principal::console(None)
}

async fn find(tx: &mut AdminTx, slug: &str) -> Result<TenantId> {
    match tx.tenant_by_slug(slug).await? {
        Some(tenant) => Ok(tenant.id.into()),
        None => bail!(Usage(format!(
            "there is no tenant {slug}; `firstpass tenant list` shows which there are"
        ))),
    }
}

fn read_password() -> Result<String> {
    let mut text = String::new();
    std::io::stdin()
        .take(password::LONGEST as u64 + 2)
        .read_to_string(&mut text)
        .context("cannot read the password from standard input")?;
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}

fn zone(text: &str) -> Result<String, String> {
    match text.parse::<chrono_tz::Tz>() {
        Ok(zone) => Ok(zone.name().to_owned()),
        Err(_) => Err("not an IANA time zone such as Asia/Taipei".into()),
    }
}

fn email(text: &str) -> Result<String, String> {
    let good = text.len() <= 254
        && text.split_once('@').is_some_and(|(name, host)| !name.is_empty() && !host.is_empty())
        && !text.chars().any(|c| c.is_whitespace() || c.is_control());
    if good { Ok(text.to_owned()) } else { Err("not an e-mail address".into()) }
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
        _ => Err("not a period such as 30d or 12h".into()),
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
