//! Tenants from the server's own command line, and what its other administrative verbs
//! share.

use anyhow::{Result, bail};
use clap::Subcommand;
use store::{AdminTx, Principal, Store};

use super::Usage;
use crate::commands::{self, CommandError};
use crate::{clock, zones};

/// What can be done with tenants.
#[derive(Debug, Subcommand)]
pub(super) enum TenantVerb {
    /// Add a partner organisation
    Add {
        /// Its short name: lower-case letters, digits, inner hyphens
        slug: String,
        /// Its name on pages
        #[arg(long, value_parser = name)]
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

pub(super) async fn tenant(store: &Store, verb: TenantVerb) -> Result<()> {
    let now = clock::now();
    match verb {
        TenantVerb::Add { slug, name, timezone, chassis_part_type } => {
            let chassis = chassis_part_type.as_deref();
            let mut tx =
                AdminTx::begin(store, &console(), &format!("tenant add {slug}"), now).await?;
            if !tx.zone_exists(&timezone).await? {
                bail!(Usage(format!("--timezone: {}", zones::missing(&timezone))));
            }
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
            commands::find_tenant(&mut tx, &slug).await.map_err(said)?;
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

pub(super) fn console() -> Principal {
    Principal::console(None)
}

/// The error of a command as this program ends with it: what was refused is a usage error.
pub(super) fn said(error: CommandError) -> anyhow::Error {
    match error {
        CommandError::Refused(why) => Usage(why).into(),
        CommandError::Store(error) => error.into(),
    }
}

fn zone(text: &str) -> Result<String, String> {
    match text.parse::<chrono_tz::Tz>() {
        Ok(zone) => Ok(zone.name().to_owned()),
        Err(_) => Err("not an IANA time zone such as Asia/Taipei".into()),
    }
}

fn name(text: &str) -> Result<String, String> {
    let name = text.trim();
    if name.is_empty() || name.chars().count() > 200 || name.contains(char::is_control) {
        return Err("a name has 1 to 200 characters".into());
    }
    Ok(name.to_owned())
}
