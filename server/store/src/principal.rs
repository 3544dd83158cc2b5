//! The authenticated caller of a transaction.

use std::sync::Arc;

use domain::{Role, Scope, TenantId};
use uuid::Uuid;

use crate::sessions::Membership;

/// The kind of caller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// A user with a session.
    User {
        /// The user's id.
        id: Uuid,
        /// The user's e-mail address.
        email: String,
        /// The user's role.
        role: Role,
        /// The id of the session that authenticated the request.
        session: Uuid,
    },
    /// A station or script with a token.
    Token {
        /// The token's id; only its holder has the secret.
        id: Uuid,
        /// The token's permissions.
        scopes: Vec<Scope>,
    },
    /// The user of the command line on the server itself.
    Console,
}

/// A caller whose credential was checked, and the credential's tenant. Created by
/// [`AuthTx`](crate::AuthTx) from a session or a token, or for the console; never from
/// unverified contents of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Principal {
    actor: Actor,
    tenant: Option<TenantId>,
    memberships: Arc<[Membership]>,
    request: Option<Arc<str>>,
    language: Option<Arc<str>>,
}

impl Principal {
    pub(crate) fn new(actor: Actor, tenant: Option<TenantId>) -> Self {
        Self { actor, tenant, memberships: Arc::default(), request: None, language: None }
    }

    pub(crate) fn with_memberships(self, memberships: Arc<[Membership]>) -> Self {
        Self { memberships, ..self }
    }

    pub(crate) fn with_language(self, language: Option<String>) -> Self {
        Self { language: language.map(Into::into), ..self }
    }

    /// The BCP 47 tag of the language that a user chose for pages; none: that of the browser.
    #[must_use]
    pub fn language(&self) -> Option<&str> {
        self.language.as_deref()
    }

    /// The tenants that a partner's user belongs to, by slug; empty for all other callers.
    #[must_use]
    pub fn memberships(&self) -> &[Membership] {
        &self.memberships
    }

    /// The same user as the principal of one of their tenants. None if they do not belong to
    /// the tenant or it is suspended.
    #[must_use]
    pub fn for_tenant(&self, tenant: TenantId) -> Option<Self> {
        let membership = self.memberships.iter().find(|it| it.tenant == tenant)?;
        let Actor::User { id, email, session, .. } = &self.actor else { return None };
        let role = (!membership.is_suspended).then_some(membership.role)?;
        let actor = Actor::User { id: *id, email: email.clone(), role, session: *session };
        Some(Self { actor, tenant: Some(tenant), ..self.clone() })
    }

    /// The principal of the server's own command line, whose user has its credentials anyway.
    #[must_use]
    pub fn console(tenant: Option<TenantId>) -> Self {
        Self::new(Actor::Console, tenant)
    }

    /// An internal user with access to that tenant. Only [`AuthTx::audit_internal_access`](crate::AuthTx),
    /// which audits the access, may create one.
    pub(crate) fn for_internal_access(&self, tenant: TenantId) -> Option<Self> {
        self.is_internal().then(|| Self { tenant: Some(tenant), ..self.clone() })
    }

    /// Sets the method and the path of the request, for the audit.
    #[must_use]
    pub fn with_request(self, request: &str) -> Self {
        Self { request: Some(request.into()), ..self }
    }

    /// The audit detail beyond actor and action.
    pub(crate) fn audit_detail(&self) -> serde_json::Value {
        match &self.request {
            Some(request) => serde_json::json!({ "request": &**request }),
            None => serde_json::json!({}),
        }
    }

    /// The kind of caller.
    #[must_use]
    pub fn actor(&self) -> &Actor {
        &self.actor
    }

    /// The tenant whose data the caller can access; none for an internal user outside of a
    /// tenant's pages.
    #[must_use]
    pub fn tenant(&self) -> Option<TenantId> {
        self.tenant
    }

    /// The role, if the caller is a user.
    #[must_use]
    pub fn role(&self) -> Option<Role> {
        match &self.actor {
            Actor::User { role, .. } => Some(*role),
            Actor::Token { .. } | Actor::Console => None,
        }
    }

    /// Whether the caller is internal rather than a partner's.
    #[must_use]
    pub fn is_internal(&self) -> bool {
        match &self.actor {
            Actor::User { role, .. } => role.is_internal(),
            Actor::Token { .. } => false,
            Actor::Console => true,
        }
    }

    /// The caller's name in the audit and on receipts.
    #[must_use]
    pub fn label(&self) -> String {
        match &self.actor {
            Actor::User { email, .. } => email.clone(),
            Actor::Token { id, .. } => format!("token {id}"),
            Actor::Console => "console".to_owned(),
        }
    }
}
