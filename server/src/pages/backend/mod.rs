//! What pages ask, answered for one caller through the caller's doors.

mod account;
mod changes;
mod clocks;
mod explore;
mod failures;
mod meaning;
mod overview;
mod partners;
mod repairs;
mod units;
mod uploads;
mod views;

use app::backend::{
    Account, Answer, Backend, Explored, Failure, FailureReport, FailuresQuery, Measurements,
    Overview, OverviewQuery, Partner, PartnerFigures, ReceiptList, ReceiptView, SavedView, Search,
    UnitHistory, UnitList, Viewer,
};
use app::explore::State;
use domain::Role;
use store::tenants::Tenant;
use store::{Actor, Principal, TenantTx};

use crate::problem::{ApiResult, EN, Problem};
use crate::state::AppState;

/// The backend of one request.
#[derive(Debug)]
pub(super) struct ServerBackend {
    state: AppState,
    principal: Principal,
}

impl ServerBackend {
    pub(super) fn new(state: AppState, principal: Principal) -> Self {
        Self { state, principal }
    }

    async fn look_at_viewer(&self) -> ApiResult<Viewer> {
        let (email, role) = match self.principal.actor() {
            Actor::User { email, role, .. } => (email.clone(), *role),
            Actor::Token { .. } | Actor::Console => (self.principal.label(), Role::Viewer),
        };
        let (partner, mark) = match self.principal.tenant() {
            Some(_) => {
                let mut tx = TenantTx::begin(self.state.store(), &self.principal).await?;
                (Some(partner(tx.this_tenant().await?)), tx.data_version().await?)
            }
            None => (None, 0),
        };
        let has_several_partners =
            self.principal.is_internal() || self.principal.memberships().len() > 1;
        Ok(Viewer { email, role, partner, has_several_partners, mark })
    }
}

impl Backend for ServerBackend {
    fn viewer(&self) -> Answer<'_, Viewer> {
        Box::pin(told(self.look_at_viewer()))
    }

    fn partners(&self) -> Answer<'_, Vec<PartnerFigures>> {
        Box::pin(told(self.look_at_partners()))
    }

    fn overview(&self, query: OverviewQuery) -> Answer<'_, Overview> {
        Box::pin(told(self.look_at_overview(query)))
    }

    fn failures(&self, query: FailuresQuery) -> Answer<'_, FailureReport> {
        Box::pin(told(self.load_failures(query)))
    }

    fn explored(&self, state: State) -> Answer<'_, Explored> {
        Box::pin(told(self.look_at_runs(state)))
    }

    fn measurements(&self, search: String) -> Answer<'_, Measurements> {
        Box::pin(told(self.list_measurements(search)))
    }

    fn views(&self) -> Answer<'_, Vec<SavedView>> {
        Box::pin(told(self.list_views()))
    }

    fn account(&self) -> Answer<'_, Account> {
        Box::pin(told(self.look_at_account()))
    }

    fn units(&self, search: Search) -> Answer<'_, UnitList> {
        Box::pin(told(self.find_units(search)))
    }

    fn unit(&self, serial: String, from: Option<String>) -> Answer<'_, UnitHistory> {
        Box::pin(told(self.look_at_unit(serial, from)))
    }

    fn receipts(&self, before: Option<String>) -> Answer<'_, ReceiptList> {
        Box::pin(told(self.list_receipts(before)))
    }

    fn receipt(&self, id: String, after: Option<String>) -> Answer<'_, ReceiptView> {
        Box::pin(told(self.look_at_receipt(id, after)))
    }
}

fn partner(tenant: Tenant) -> Partner {
    Partner { slug: tenant.slug, name: tenant.name, zone: tenant.timezone }
}

/// What a page is told of an answer that failed.
async fn told<T>(answer: impl Future<Output = ApiResult<T>>) -> Result<T, Failure> {
    answer.await.map_err(|problem| failure_of(&problem))
}

/// What people are told of a problem.
pub(super) fn failure_of(problem: &Problem) -> Failure {
    let status = problem.status().as_u16();
    let message = match status {
        429 | 503 => problem.detail(),
        _ => EN.page_failed(),
    };
    Failure { status, message: message.to_owned() }
}
