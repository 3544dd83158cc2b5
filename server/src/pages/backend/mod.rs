//! The backend of server-rendered pages: loads their data in the transactions of one caller.

mod account;
mod causes;
mod changes;
mod clocks;
mod explore;
mod failures;
mod meaning;
mod overview;
mod partners;
mod quality;
mod repairs;
mod slices;
mod units;
mod uploads;
mod views;

use app::backend::{
    Account, Answer, Backend, Explored, Failure, FailureReport, FailuresQuery, Measurements,
    Overview, OverviewQuery, ParameterPage, ParameterQuery, ParameterReport, ParametersQuery,
    Partner, PartnerFigures, ReceiptList, ReceiptView, SavedView, Search, UnitHistory, UnitList,
    Viewer,
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

    async fn load_viewer(&self) -> ApiResult<Viewer> {
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
        Box::pin(into_failure(self.load_viewer()))
    }

    fn partners(&self) -> Answer<'_, Vec<PartnerFigures>> {
        Box::pin(into_failure(self.load_partners()))
    }

    fn overview(&self, query: OverviewQuery) -> Answer<'_, Overview> {
        Box::pin(into_failure(self.load_overview(query)))
    }

    fn failures(&self, query: FailuresQuery) -> Answer<'_, FailureReport> {
        Box::pin(into_failure(self.load_failures(query)))
    }

    fn explored(&self, state: State) -> Answer<'_, Explored> {
        Box::pin(into_failure(self.load_runs(state)))
    }

    fn parameters(&self, query: ParametersQuery) -> Answer<'_, ParameterPage> {
        Box::pin(into_failure(self.load_parameters(query)))
    }

    fn parameter(&self, query: ParameterQuery) -> Answer<'_, ParameterReport> {
        Box::pin(into_failure(self.load_parameter(query)))
    }

    fn measurements(&self, search: String) -> Answer<'_, Measurements> {
        Box::pin(into_failure(self.list_measurements(search)))
    }

    fn views(&self) -> Answer<'_, Vec<SavedView>> {
        Box::pin(into_failure(self.list_views()))
    }

    fn account(&self) -> Answer<'_, Account> {
        Box::pin(into_failure(self.load_account()))
    }

    fn units(&self, search: Search) -> Answer<'_, UnitList> {
        Box::pin(into_failure(self.find_units(search)))
    }

    fn unit(&self, serial: String, from: Option<String>) -> Answer<'_, UnitHistory> {
        Box::pin(into_failure(self.load_unit(serial, from)))
    }

    fn receipts(&self, before: Option<String>) -> Answer<'_, ReceiptList> {
        Box::pin(into_failure(self.list_receipts(before)))
    }

    fn receipt(&self, id: String, after: Option<String>) -> Answer<'_, ReceiptView> {
        Box::pin(into_failure(self.load_receipt(id, after)))
    }
}

fn partner(tenant: Tenant) -> Partner {
    Partner { slug: tenant.slug, name: tenant.name, zone: tenant.timezone }
}

/// Converts a problem to the failure that the page shows.
async fn into_failure<T>(answer: impl Future<Output = ApiResult<T>>) -> Result<T, Failure> {
    answer.await.map_err(|problem| failure_of(&problem))
}

/// The failure that people see for a problem.
pub(super) fn failure_of(problem: &Problem) -> Failure {
    let status = problem.status().as_u16();
    let message = match status {
        429 | 503 => problem.detail(),
        _ => EN.page_failed(),
    };
    Failure { status, message: message.to_owned() }
}
