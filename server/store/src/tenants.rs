//! Tenants: the partner organisations.

use chrono::{DateTime, Utc};
use domain::{TenantId, Timestamp};
use sqlx::FromRow;
use uuid::Uuid;

use crate::{AdminTx, AuthTx, Principal, Result, TenantTx, utc};

/// A partner organisation; currently one site in one time zone.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Tenant {
    /// Its id.
    pub id: Uuid,
    /// Its short name in commands and links.
    pub slug: String,
    /// Its display name.
    pub name: String,
    /// Its IANA time zone, which decides where a day begins.
    pub timezone: String,
    /// The part type under which its test programs list the unit itself.
    pub chassis_part_type: Option<String>,
    /// Part types of hardware whose part numbers and revisions are attributes of a run.
    pub attribute_part_types: Vec<String>,
    /// How lots are derived from serial numbers, as JSON.
    pub lot_rules: serde_json::Value,
    /// When it was added.
    pub created_at: DateTime<Utc>,
    /// Whether its derived data are of earlier definitions, and need a recount.
    pub stale: bool,
    /// When it was suspended, which blocks its users and tokens.
    pub suspended_at: Option<DateTime<Utc>>,
    /// When it was deleted; its rows are removed after a grace period.
    pub deleted_at: Option<DateTime<Utc>>,
}

impl TenantTx {
    /// The tenant of this transaction.
    ///
    /// # Errors
    /// When the database is unreachable.
    pub async fn this_tenant(&mut self) -> Result<Tenant> {
        let query = sqlx::query_as(include_str!("../sql/tenant/tenant.sql"));
        Ok(query.fetch_one(self.conn()).await?)
    }

    /// Sets the rules by which lots are derived from serial numbers.
    ///
    /// # Errors
    /// When the database refuses or is unreachable.
    pub async fn set_lot_rules(&mut self, rules: &serde_json::Value) -> Result<()> {
        sqlx::query(include_str!("../sql/tenant/tenant_set_lot_rules.sql"))
            .bind(Uuid::from(self.tenant()))
            .bind(rules)
            .execute(self.conn())
            .await?;
        Ok(())
    }
}

impl AuthTx {
    /// Finds the tenant with that slug.
    ///
    /// # Errors
    /// When the database is unreachable.
    pub async fn tenant_by_slug(&mut self, slug: &str) -> Result<Option<TenantId>> {
        let query = sqlx::query_scalar(include_str!("../sql/auth/tenant_by_slug.sql"));
        let id: Option<Uuid> = query.bind(slug).fetch_optional(self.conn()).await?;
        Ok(id.map(TenantId::from))
    }

    /// Finds the tenant of a former slug, and its current slug. None from a year after the
    /// change.
    ///
    /// # Errors
    /// When the database is unreachable.
    pub async fn current_slug(&mut self, former: &str) -> Result<Option<(TenantId, String)>> {
        let query = sqlx::query_as(include_str!("../sql/auth/current_slug.sql"));
        let row: Option<(Uuid, String)> = query.bind(former).fetch_optional(self.conn()).await?;
        Ok(row.map(|(id, slug)| (TenantId::from(id), slug)))
    }

    /// The slug of a tenant.
    ///
    /// # Errors
    /// When the database is unreachable.
    pub async fn tenant_slug(&mut self, tenant: TenantId) -> Result<Option<String>> {
        let query = sqlx::query_scalar(include_str!("../sql/auth/tenant_slug.sql"));
        Ok(query.bind(Uuid::from(tenant)).fetch_optional(self.conn()).await?)
    }

    /// Grants an internal user access to a tenant's data; returns the principal and the id of the
    /// view. Audits the access once per view: adds no line if `view` is this user's view of this
    /// tenant from within the last day. Commit to store the line. None for all other principals.
    ///
    /// # Errors
    /// When the database is unreachable.
    pub async fn audit_internal_access(
        &mut self,
        principal: &Principal,
        tenant: TenantId,
        view: Option<Uuid>,
    ) -> Result<Option<(Principal, Uuid)>> {
        let Some(admitted) = principal.for_internal_access(tenant) else { return Ok(None) };
        let view = sqlx::query_scalar(include_str!("../sql/auth/look_insert.sql"))
            .bind(Uuid::now_v7())
            .bind(Uuid::from(tenant))
            .bind(principal.label())
            .bind(principal.audit_detail())
            .bind(view)
            .fetch_one(self.conn())
            .await?;
        Ok(Some((admitted, view)))
    }
}

impl AdminTx {
    /// Adds a tenant.
    ///
    /// # Errors
    /// Constraint `tenant_slug_key` when the slug is in use, `tenant_slug_check` when it
    /// is not lower-case letters, digits and inner hyphens.
    pub async fn add_tenant(
        &mut self,
        slug: &str,
        name: &str,
        timezone: &str,
        chassis_part_type: Option<&str>,
        now: Timestamp,
    ) -> Result<TenantId> {
        let id = Uuid::now_v7();
        sqlx::query(include_str!("../sql/admin/tenant_insert.sql"))
            .bind(id)
            .bind(slug)
            .bind(name)
            .bind(timezone)
            .bind(chassis_part_type)
            .bind(utc(now))
            .execute(self.conn())
            .await?;
        Ok(TenantId::from(id))
    }

    /// Whether the database supports a time zone: its list may be shorter than this program's.
    ///
    /// # Errors
    /// When the database is unreachable.
    pub async fn zone_exists(&mut self, zone: &str) -> Result<bool> {
        let query = sqlx::query_scalar(include_str!("../sql/admin/zone_exists.sql"));
        Ok(query.bind(zone).fetch_one(self.conn()).await?)
    }

    /// Lists slug and time zone of tenants whose zone the database does not support.
    ///
    /// # Errors
    /// When the database is unreachable.
    pub async fn zones_missing(&mut self) -> Result<Vec<(String, String)>> {
        let query = sqlx::query_as(include_str!("../sql/admin/zones_missing.sql"));
        Ok(query.fetch_all(self.conn()).await?)
    }

    /// Sets the part type under which the tenant's test programs list the unit itself; false if
    /// there is no such tenant.
    ///
    /// # Errors
    /// When the database is unreachable.
    pub async fn set_chassis(&mut self, slug: &str, part_type: Option<&str>) -> Result<bool> {
        let query = sqlx::query(include_str!("../sql/admin/tenant_set_chassis.sql"));
        let done = query.bind(slug).bind(part_type).execute(self.conn()).await?;
        Ok(done.rows_affected() > 0)
    }

    /// Sets the name and the time zone, each if given.
    ///
    /// # Errors
    /// When the database is unreachable.
    pub async fn set_tenant_name(
        &mut self,
        tenant: TenantId,
        name: Option<&str>,
        timezone: Option<&str>,
    ) -> Result<()> {
        let query = sqlx::query(include_str!("../sql/admin/tenant_set_name.sql"));
        let query = query.bind(Uuid::from(tenant)).bind(name).bind(timezone);
        query.execute(self.conn()).await?;
        Ok(())
    }

    /// Whether that slug is a former slug of a tenant other than `tenant`.
    ///
    /// # Errors
    /// When the database is unreachable.
    pub async fn is_former_slug(&mut self, slug: &str, tenant: Option<TenantId>) -> Result<bool> {
        let query = sqlx::query_scalar(include_str!("../sql/admin/slug_is_former.sql"));
        let query = query.bind(slug).bind(tenant.map(Uuid::from));
        Ok(query.fetch_one(self.conn()).await?)
    }

    /// Sets the slug; the former one redirects to the tenant for a year.
    ///
    /// # Errors
    /// Constraint `tenant_slug_key` when the slug is in use, `tenant_slug_check` when it is
    /// invalid.
    pub async fn set_slug(&mut self, tenant: TenantId, slug: &str, now: Timestamp) -> Result<()> {
        let query = sqlx::query(include_str!("../sql/admin/tenant_set_slug.sql"));
        let query = query.bind(Uuid::from(tenant)).bind(slug).bind(utc(now));
        query.execute(self.conn()).await?;
        Ok(())
    }

    /// Suspends a tenant, or with `None` resumes it. The commit ends its event streams.
    ///
    /// # Errors
    /// When the database is unreachable.
    pub async fn set_suspended(
        &mut self,
        tenant: TenantId,
        since: Option<Timestamp>,
    ) -> Result<()> {
        let query = sqlx::query(include_str!("../sql/admin/tenant_set_suspended.sql"));
        query.bind(Uuid::from(tenant)).bind(since.map(utc)).execute(self.conn()).await?;
        Ok(())
    }

    /// Sets the part types of hardware whose part numbers and revisions are attributes of the
    /// tenant's runs; false if there is no such tenant.
    ///
    /// # Errors
    /// When the database is unreachable.
    pub async fn set_attribute_part_types(
        &mut self,
        slug: &str,
        part_types: &[String],
    ) -> Result<bool> {
        let query = sqlx::query(include_str!("../sql/admin/tenant_set_part_types.sql"));
        let done = query.bind(slug).bind(part_types).execute(self.conn()).await?;
        Ok(done.rows_affected() > 0)
    }

    /// Lists all tenants by slug.
    ///
    /// # Errors
    /// When the database is unreachable.
    pub async fn tenants(&mut self) -> Result<Vec<Tenant>> {
        let query = sqlx::query_as(include_str!("../sql/admin/tenant_list.sql"));
        Ok(query.fetch_all(self.conn()).await?)
    }

    /// Finds the tenant with that slug, with all columns.
    ///
    /// # Errors
    /// When the database is unreachable.
    pub async fn tenant_by_slug(&mut self, slug: &str) -> Result<Option<Tenant>> {
        let query = sqlx::query_as(include_str!("../sql/admin/tenant_by_slug.sql"));
        Ok(query.bind(slug).fetch_optional(self.conn()).await?)
    }
}
