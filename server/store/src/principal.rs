//! Who is calling, as the doors believe it.

use std::sync::Arc;

use domain::{Role, Scope, TenantId};
use uuid::Uuid;

use crate::sessions::Membership;

/// Who acts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// A person with a session.
    User {
        /// The user's id.
        id: Uuid,
        /// The user's e-mail address.
        email: String,
        /// What the user may do.
        role: Role,
        /// The id of the session that they are here with.
        session: Uuid,
    },
    /// A station or script with a token.
    Token {
        /// The token's id; its secret is known to its holder alone.
        id: Uuid,
        /// What the token may do.
        scopes: Vec<Scope>,
    },
    /// Whoever runs the program on the server itself.
    Console,
}

/// A caller whose credential was checked, and the tenant that the credential
/// stands for. Made by [`AuthTx`](crate::AuthTx) from a session or a token, or for
/// the console; never from anything that a request says about itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Principal {
    actor: Actor,
    tenant: Option<TenantId>,
    memberships: Arc<[Membership]>,
    request: Option<Arc<str>>,
}

impl Principal {
    pub(crate) fn new(actor: Actor, tenant: Option<TenantId>) -> Self {
        Self { actor, tenant, memberships: Arc::default(), request: None }
    }

    pub(crate) fn with_memberships(self, memberships: Arc<[Membership]>) -> Self {
        Self { memberships, ..self }
    }

    /// The tenants that a partner's person belongs to, by slug; empty for everybody else.
    #[must_use]
    pub fn memberships(&self) -> &[Membership] {
        &self.memberships
    }

    /// The same person for one of their tenants. None for a tenant that they do not belong to,
    /// or that is suspended.
    #[must_use]
    pub fn for_tenant(&self, tenant: TenantId) -> Option<Self> {
        let membership = self.memberships.iter().find(|it| it.tenant == tenant)?;
        let Actor::User { id, email, session, .. } = &self.actor else { return None };
        let role = (!membership.is_suspended).then_some(membership.role)?;
        let actor = Actor::User { id: *id, email: email.clone(), role, session: *session };
        Some(Self { actor, tenant: Some(tenant), ..self.clone() })
    }

    /// The person at the server's own command line, who holds its credentials anyway.
    #[must_use]
    pub fn console(tenant: Option<TenantId>) -> Self {
        Self::new(Actor::Console, tenant)
    }

    /// An internal person, looking at that tenant. Only [`AuthTx::look_at`](crate::AuthTx),
    /// which audits the access, may make one.
    pub(crate) fn looking_at(&self, tenant: TenantId) -> Option<Self> {
        self.is_internal().then(|| Self { tenant: Some(tenant), ..self.clone() })
    }

    /// With the method and the path that the caller requests, for the audit.
    #[must_use]
    pub fn with_request(self, request: &str) -> Self {
        Self { request: Some(request.into()), ..self }
    }

    /// What the audit says beside who acts and why.
    pub(crate) fn audit_detail(&self) -> serde_json::Value {
        match &self.request {
            Some(request) => serde_json::json!({ "request": &**request }),
            None => serde_json::json!({}),
        }
    }

    /// Who acts.
    #[must_use]
    pub fn actor(&self) -> &Actor {
        &self.actor
    }

    /// The tenant whose data the caller sees; none for an internal person outside of a
    /// tenant's pages.
    #[must_use]
    pub fn tenant(&self) -> Option<TenantId> {
        self.tenant
    }

    /// The role, where the caller is a person.
    #[must_use]
    pub fn role(&self) -> Option<Role> {
        match &self.actor {
            Actor::User { role, .. } => Some(*role),
            Actor::Token { .. } | Actor::Console => None,
        }
    }

    /// Whether the caller is one of ours rather than a partner's.
    #[must_use]
    pub fn is_internal(&self) -> bool {
        match &self.actor {
            Actor::User { role, .. } => role.is_internal(),
            Actor::Token { .. } => false,
            Actor::Console => true,
        }
    }

    /// How the caller is named in the audit and on receipts.
    #[must_use]
    pub fn label(&self) -> String {
        match &self.actor {
            Actor::User { email, .. } => email.clone(),
            Actor::Token { id, .. } => format!("token {id}"),
            Actor::Console => "console".to_owned(),
        }
    }
}
