//! Saved views: named slices that all users of a tenant share.

use chrono::{DateTime, Utc};
use domain::Timestamp;
use sqlx::FromRow;
use uuid::Uuid;

use crate::{Result, TenantTx, utc};

/// A named slice.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct SavedView {
    /// Its id.
    pub id: Uuid,
    /// Its name, unique in the tenant.
    pub name: String,
    /// The query string of the page that shows it.
    pub state: String,
    /// Who saved it.
    pub saved_by: String,
    /// When it was saved.
    pub saved_at: DateTime<Utc>,
}

/// The result of saving a view.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Saved {
    /// It was saved.
    Done,
    /// A view with that name exists.
    NameTaken,
    /// The tenant has the maximum number of views.
    Full,
}

impl TenantTx {
    /// Lists the tenant's views, by name.
    ///
    /// # Errors
    /// When the database is unreachable.
    pub async fn views(&mut self) -> Result<Vec<SavedView>> {
        let tenant = Uuid::from(self.tenant());
        let query = sqlx::query_as(include_str!("../sql/tenant/views.sql")).bind(tenant);
        Ok(query.fetch_all(self.conn()).await?)
    }

    /// Saves a slice under a name, unless the name is in use or the tenant already has `most`
    /// views.
    ///
    /// # Errors
    /// When the database is unreachable.
    pub async fn save_view(
        &mut self,
        name: &str,
        state: &str,
        most: u16,
        now: Timestamp,
    ) -> Result<Saved> {
        let (tenant, actor) = (Uuid::from(self.tenant()), self.actor().to_owned());
        let query = sqlx::query_as(include_str!("../sql/tenant/view_insert.sql"))
            .bind(tenant)
            .bind(Uuid::now_v7())
            .bind(name)
            .bind(state)
            .bind(actor)
            .bind(utc(now))
            .bind(i64::from(most));
        let (room, inserted): (bool, bool) = query.fetch_one(self.conn()).await?;
        Ok(match (room, inserted) {
            (_, true) => Saved::Done,
            (true, false) => Saved::NameTaken,
            (false, false) => Saved::Full,
        })
    }

    /// Deletes a view; returns its name, or none if there is no such view.
    ///
    /// # Errors
    /// When the database is unreachable.
    pub async fn remove_view(&mut self, id: Uuid) -> Result<Option<String>> {
        let tenant = Uuid::from(self.tenant());
        let query =
            sqlx::query_scalar(include_str!("../sql/tenant/view_delete.sql")).bind(tenant).bind(id);
        Ok(query.fetch_optional(self.conn()).await?)
    }
}
