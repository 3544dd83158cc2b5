//! Slices that people gave a name to, for everybody of their tenant.

use chrono::{DateTime, Utc};
use domain::Timestamp;
use sqlx::FromRow;
use uuid::Uuid;

use crate::{Result, TenantTx, utc};

/// A slice with a name.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct SavedView {
    /// Its id.
    pub id: Uuid,
    /// Its name: one of the tenant's.
    pub name: String,
    /// The query of the page that shows it.
    pub state: String,
    /// Who saved it.
    pub saved_by: String,
    /// When.
    pub saved_at: DateTime<Utc>,
}

/// What came of saving one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Saved {
    /// It is there.
    Done,
    /// There is one of that name.
    NameTaken,
    /// There are as many as may be.
    Full,
}

impl TenantTx {
    /// All of the tenant's, by name.
    ///
    /// # Errors
    /// When the database is out of reach.
    pub async fn views(&mut self) -> Result<Vec<SavedView>> {
        let tenant = Uuid::from(self.tenant());
        let query = sqlx::query_as(include_str!("../sql/tenant/views.sql")).bind(tenant);
        Ok(query.fetch_all(self.conn()).await?)
    }

    /// Gives a slice a name, unless it is taken or the tenant has `most` already.
    ///
    /// # Errors
    /// When the database is out of reach.
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

    /// Takes one away: its name, or none where there is no such view.
    ///
    /// # Errors
    /// When the database is out of reach.
    pub async fn remove_view(&mut self, id: Uuid) -> Result<Option<String>> {
        let tenant = Uuid::from(self.tenant());
        let query =
            sqlx::query_scalar(include_str!("../sql/tenant/view_delete.sql")).bind(tenant).bind(id);
        Ok(query.fetch_optional(self.conn()).await?)
    }
}
