//! `firstpass tenant`: administers tenants. Also helpers of the other administrative commands.

use anyhow::Result;
use clap::Subcommand;
use store::{Principal, Store};

use super::Usage;
use crate::clock;
use crate::commands::CommandError;
use crate::commands::tenants::{self, NewTenant, PartTypes, TenantChange};
use crate::problem::EN;

/// Subcommands for tenants.
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
    /// Change the settings of a partner's data
    Set {
        /// Its short name
        slug: String,
        /// The part type under which its test programs list the unit itself; empty for none
        #[arg(long, value_name = "TYPE", required_unless_present = "attribute_part_types")]
        chassis_part_type: Option<String>,
        /// Part types whose part numbers and revisions are attributes of a run, with commas
        /// between them; empty for none
        #[arg(long, value_name = "TYPES")]
        attribute_part_types: Option<String>,
    },
    /// Change the name, the short name or the time zone
    Rename {
        /// Its short name
        slug: String,
        /// New short name; the former one redirects to it for a year
        #[arg(long, value_name = "SLUG")]
        to: Option<String>,
        /// New name on pages
        #[arg(long, value_parser = name)]
        name: Option<String>,
        /// New IANA time zone of its site
        #[arg(long, value_name = "ZONE", value_parser = zone)]
        timezone: Option<String>,
    },
    /// Block a partner's people and tokens immediately; data are kept
    Suspend {
        /// Its short name
        slug: String,
    },
    /// Unblock a suspended partner
    Resume {
        /// Its short name
        slug: String,
    },
    /// List them: slug, time zone, name
    List,
}

pub(super) async fn tenant(store: &Store, verb: TenantVerb) -> Result<()> {
    let (by, now) = (console(), clock::now());
    match verb {
        TenantVerb::Add { slug, name, timezone, chassis_part_type } => {
            let tenant = NewTenant {
                slug: &slug,
                name: &name,
                timezone: &timezone,
                chassis_part_type: chassis_part_type.as_deref(),
            };
            tenants::add(store, &by, tenant, now).await.map_err(into_cli_error)?;
            eprintln!("{}", EN.cli_tenant_added(slug));
        }
        TenantVerb::Set { slug, chassis_part_type, attribute_part_types } => {
            let part_types = attribute_part_types.map(|types| {
                let types = types.split(',').map(|named| named.trim().to_owned());
                types.filter(|named| !named.is_empty()).collect()
            });
            let chassis = chassis_part_type.as_deref();
            let change = PartTypes { chassis, attributes: part_types };
            tenants::set_part_types(store, &by, &slug, change, now)
                .await
                .map_err(into_cli_error)?;
        }
        TenantVerb::Rename { slug, to, name, timezone } => {
            let change = TenantChange {
                slug: to.as_deref(),
                name: name.as_deref(),
                timezone: timezone.as_deref(),
                suspended: None,
            };
            tenants::change(store, &by, &slug, change, now).await.map_err(into_cli_error)?;
        }
        TenantVerb::Suspend { slug } => {
            let change = TenantChange { suspended: Some(true), ..TenantChange::default() };
            tenants::change(store, &by, &slug, change, now).await.map_err(into_cli_error)?;
            eprintln!("{}", EN.cli_tenant_suspended(slug));
        }
        TenantVerb::Resume { slug } => {
            let change = TenantChange { suspended: Some(false), ..TenantChange::default() };
            tenants::change(store, &by, &slug, change, now).await.map_err(into_cli_error)?;
            eprintln!("{}", EN.cli_tenant_resumed(slug));
        }
        TenantVerb::List => {
            for tenant in tenants::list(store, &by, now).await.map_err(into_cli_error)? {
                let state = tenant.suspended_at.map(|_| "\tsuspended").unwrap_or_default();
                println!("{}\t{}\t{}{state}", tenant.slug, tenant.timezone, tenant.name);
            }
        }
    }
    Ok(())
}

pub(super) fn console() -> Principal {
    Principal::console(None)
}

/// Converts the error of a command: a refused command is a usage error.
pub(super) fn into_cli_error(error: CommandError) -> anyhow::Error {
    match error {
        CommandError::Refused(why) | CommandError::Missing(why) => Usage(why).into(),
        CommandError::Store(error) => error.into(),
    }
}

fn zone(text: &str) -> Result<String, String> {
    match text.parse::<chrono_tz::Tz>() {
        Ok(zone) => Ok(zone.name().to_owned()),
        Err(_) => Err(EN.cli_zone().into()),
    }
}

fn name(text: &str) -> Result<String, String> {
    let name = text.trim();
    if name.is_empty() || name.chars().count() > 200 || name.contains(char::is_control) {
        return Err(EN.command_name_length().into());
    }
    Ok(name.to_owned())
}
