//! The audit of a tenant, for its managers.

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
    /// The action; `look` is access by an internal user.
    pub action: String,
    /// Details, such as the request.
    pub detail: serde_json::Value,
}

impl TenantTx {
    /// Lists the tenant's audit, newest first (keyset pagination: older than `before`).
    ///
    /// # Errors
    /// When the database is unreachable.
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
