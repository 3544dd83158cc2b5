//! Commands for tenants: add, rename, suspend.

use domain::{TenantId, Timestamp};
use store::tenants::Tenant;
use store::{AdminTx, Principal, Store};

use super::{CommandError, CommandResult, check_internal, find_tenant, refused};
use crate::problem::EN;
use crate::zones;

/// A tenant to add.
#[derive(Debug, Clone, Copy)]
pub struct NewTenant<'a> {
    /// Its short name in addresses.
    pub slug: &'a str,
    /// Its name on pages.
    pub name: &'a str,
    /// Its IANA time zone.
    pub timezone: &'a str,
    /// The part type under which its test programs list the unit itself.
    pub chassis_part_type: Option<&'a str>,
}

/// Changes to a tenant; none leaves a field unchanged.
#[derive(Debug, Clone, Copy, Default)]
pub struct TenantChange<'a> {
    /// Its short name; the former one redirects to the new one for a year.
    pub slug: Option<&'a str>,
    /// Its name on pages.
    pub name: Option<&'a str>,
    /// Its IANA time zone.
    pub timezone: Option<&'a str>,
    /// Whether its people and tokens are blocked, immediately.
    pub suspended: Option<bool>,
}

/// Adds a tenant.
///
/// # Errors
/// When the slug is taken, was another tenant's or is invalid, or the zone or name is invalid.
pub async fn add(
    store: &Store,
    by: &Principal,
    tenant: NewTenant<'_>,
    now: Timestamp,
) -> CommandResult<TenantId> {
    let mut tx = AdminTx::begin(store, by, &format!("tenant add {}", tenant.slug), now).await?;
    check_internal(&tx)?;
    let id = insert(&mut tx, tenant, now).await?;
    tx.commit().await?;
    Ok(id)
}

/// Adds a tenant within a transaction.
///
/// # Errors
/// As [`add`].
pub(crate) async fn insert(
    tx: &mut AdminTx,
    NewTenant { slug, name, timezone, chassis_part_type }: NewTenant<'_>,
    now: Timestamp,
) -> CommandResult<TenantId> {
    check_name(name)?;
    check_zone(tx, timezone).await?;
    check_former_slug(tx, slug, None).await?;
    let added = tx.add_tenant(slug, name, timezone, chassis_part_type, now).await;
    added.map_err(|error| constraint_error(slug, error))
}

/// Lists all tenants, sorted by slug.
///
/// # Errors
/// When the database is unreachable.
pub async fn list(store: &Store, by: &Principal, now: Timestamp) -> CommandResult<Vec<Tenant>> {
    let mut tx = AdminTx::begin(store, by, "tenant list", now).await?;
    check_internal(&tx)?;
    let tenants = tx.tenants().await?;
    tx.commit().await?;
    Ok(tenants)
}

/// Part types of hardware infos with a meaning for a tenant; none leaves them unchanged.
#[derive(Debug, Clone, Default)]
pub struct PartTypes<'a> {
    /// The part type of the unit itself; an empty text for none.
    pub chassis: Option<&'a str>,
    /// Part types whose part numbers and revisions are attributes of a run.
    pub attributes: Option<Vec<String>>,
}

/// Maximum number of part types of attributes, and bytes of each: it is part of an attribute's
/// name.
const MAX_PART_TYPES: usize = 32;
const MAX_PART_TYPE_BYTES: usize = 48;

/// Sets the part types with a meaning for a tenant.
///
/// # Errors
/// When there is no such tenant, or there are too many or too long part types.
pub async fn set_part_types(
    store: &Store,
    by: &Principal,
    slug: &str,
    change: PartTypes<'_>,
    now: Timestamp,
) -> CommandResult<()> {
    let mut tx = AdminTx::begin(store, by, &format!("tenant set {slug}"), now).await?;
    check_internal(&tx)?;
    find_tenant(&mut tx, slug).await?;
    if let Some(chassis) = change.chassis {
        tx.set_chassis(slug, Some(chassis).filter(|named| !named.is_empty())).await?;
    }
    if let Some(types) = change.attributes {
        if types.len() > MAX_PART_TYPES || types.iter().any(|it| it.len() > MAX_PART_TYPE_BYTES) {
            return refused(EN.command_part_types());
        }
        tx.set_attribute_part_types(slug, &types).await?;
    }
    Ok(tx.commit().await?)
}

/// Changes a tenant.
///
/// # Errors
/// When there is no such tenant, or a value is invalid.
pub async fn change(
    store: &Store,
    by: &Principal,
    slug: &str,
    change: TenantChange<'_>,
    now: Timestamp,
) -> CommandResult<()> {
    let what = match change.suspended {
        Some(true) => "suspend",
        Some(false) => "resume",
        None => "rename",
    };
    let mut tx = AdminTx::begin(store, by, &format!("tenant {what} {slug}"), now).await?;
    check_internal(&tx)?;
    let tenant = find_tenant(&mut tx, slug).await?;
    if let Some(name) = change.name {
        check_name(name)?;
    }
    if let Some(timezone) = change.timezone {
        check_zone(&mut tx, timezone).await?;
    }
    tx.set_tenant_name(tenant, change.name, change.timezone).await?;
    if let Some(suspended) = change.suspended {
        tx.set_suspended(tenant, suspended.then_some(now)).await?;
    }
    if let Some(new) = change.slug.filter(|new| *new != slug) {
        check_former_slug(&mut tx, new, Some(tenant)).await?;
        tx.set_slug(tenant, new, now).await.map_err(|error| constraint_error(new, error))?;
    }
    Ok(tx.commit().await?)
}

/// Gets the tenant of a slug.
///
/// # Errors
/// When there is no such tenant.
pub async fn get(
    store: &Store,
    by: &Principal,
    slug: &str,
    now: Timestamp,
) -> CommandResult<Tenant> {
    let mut tx = AdminTx::begin(store, by, &format!("tenant get {slug}"), now).await?;
    find_tenant(&mut tx, slug).await?;
    let tenant = tx.tenant_by_slug(slug).await?;
    tx.commit().await?;
    tenant.ok_or_else(|| CommandError::Refused(EN.command_no_such_tenant(slug)))
}

/// Maximum length of a tenant's name, in characters.
const MAX_NAME_CHARS: usize = 200;

fn check_name(name: &str) -> CommandResult<()> {
    let fits = !name.trim().is_empty()
        && name.chars().count() <= MAX_NAME_CHARS
        && !name.contains(char::is_control);
    if fits { Ok(()) } else { refused(EN.command_name_length()) }
}

async fn check_zone(tx: &mut AdminTx, timezone: &str) -> CommandResult<()> {
    if timezone.parse::<chrono_tz::Tz>().is_err() {
        return refused(EN.command_no_zone(timezone));
    }
    if !tx.zone_exists(timezone).await? {
        return refused(zones::unknown_zone_message(timezone));
    }
    Ok(())
}

/// Rejects a former slug of another tenant: old links would lead to the wrong tenant.
async fn check_former_slug(
    tx: &mut AdminTx,
    slug: &str,
    tenant: Option<TenantId>,
) -> CommandResult<()> {
    if tx.is_former_slug(slug, tenant).await? {
        return refused(EN.command_former_slug(slug));
    }
    Ok(())
}

fn constraint_error(slug: &str, error: store::Error) -> CommandError {
    match error.constraint() {
        Some("tenant_slug_key") => CommandError::Refused(EN.command_tenant_exists(slug)),
        Some("tenant_slug_check") => CommandError::Refused(EN.command_slug(slug)),
        _ => error.into(),
    }
}
