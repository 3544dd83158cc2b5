//! The audit of a tenant, for those who manage it.

use chrono::{DateTime, Utc};
use serde::Serialize;
use sqlx::FromRow;
use uuid::Uuid;

use crate::{Result, TenantTx};

/// One line of the audit.
#[derive(Debug, Clone, PartialEq, FromRow, Serialize)]
pub struct AuditLine {
    /// Its id.
    pub id: Uuid,
    /// When it happened.
    pub at: DateTime<Utc>,
    /// Who did it: an e-mail address, `token ID` or `console`.
    pub actor: String,
    /// What was done; `look` is access of an internal person.
    pub action: String,
    /// More of it, such as the request.
    pub detail: serde_json::Value,
}

impl TenantTx {
    /// A page of the tenant's audit, the newest first, before a line.
    ///
    /// # Errors
    /// When the database is out of reach.
    pub async fn audit_lines(
        &mut self,
        before: Option<(DateTime<Utc>, Uuid)>,
        limit: u16,
    ) -> Result<Vec<AuditLine>> {
        let (at, id) = before.unzip();
        let query = sqlx::query_as(include_str!("../sql/tenant/audit_list.sql"))
            .bind(Uuid::from(self.tenant()))
            .bind(at)
            .bind(id)
            .bind(i32::from(limit));
        Ok(query.fetch_all(self.conn()).await?)
    }
}
