//! Loads a person's own sessions, for the account page.

use app::backend::{Account, Session};
use store::{Actor, AuthTx, TenantTx};

use super::ServerBackend;
use super::clocks::Clocks;
use crate::clock;
use crate::problem::{ApiResult, Problem};

impl ServerBackend {
    pub(super) async fn load_account(&self) -> ApiResult<Account> {
        let Actor::User { id, session: current, .. } = self.principal.actor() else {
            return Err(Problem::not_found());
        };
        let clocks = match self.principal.tenant() {
            Some(_) => {
                let mut tx = TenantTx::begin(self.state.store(), &self.principal).await?;
                Clocks::of(&tx.this_tenant().await?)
            }
            None => Clocks::default(),
        };
        let idle = self.state.limits().session_idle;
        let mut tx = AuthTx::begin(self.state.store()).await?;
        let (sessions, sessions_total) = tx.sessions_of(*id, idle, clock::now()).await?;
        Ok(Account {
            language: self.principal.language().map(str::to_owned),
            sessions_total,
            sessions: sessions
                .into_iter()
                .map(|session| Session {
                    id: session.id.to_string(),
                    began: clocks.at(session.created_at),
                    seen: clocks.at(session.last_seen_at),
                    agent: session.agent,
                    here: session.id == *current,
                })
                .collect(),
        })
    }
}
