//! What pages ask, answered for one caller through the caller's doors.

use app::backend::{Answer, Backend, Failure, FirstPassYield, OperationYield, Partner, Viewer};
use domain::{Role, Timestamp};
use store::tenants::Tenant;
use store::yields::OperationFpy;
use store::{Actor, AdminTx, Principal, TenantTx};

use crate::clock;
use crate::problem::Problem;
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

    async fn look_at_viewer(&self) -> store::Result<Viewer> {
        let (email, role) = match self.principal.actor() {
            Actor::User { email, role, .. } => (email.clone(), *role),
            Actor::Token { .. } | Actor::Console => (self.principal.label(), Role::Viewer),
        };
        let partner = match self.principal.tenant() {
            Some(_) => {
                let mut tx = TenantTx::begin(self.state.store(), &self.principal).await?;
                Some(partner(tx.this_tenant().await?))
            }
            None => None,
        };
        let mut partners = Vec::new();
        if role.is_internal() && partner.is_none() {
            let store = self.state.store();
            let mut tx =
                AdminTx::begin(store, &self.principal, "list partners", clock::now()).await?;
            partners = tx.tenants().await?.into_iter().map(self::partner).collect();
            tx.commit().await?;
        }
        Ok(Viewer { email, role, partner, partners })
    }

    async fn count_first_passes(&self) -> store::Result<FirstPassYield> {
        let as_of = clock::now();
        let until = clock::later(as_of, crate::ingest::FUTURE);
        let mut tx = TenantTx::begin(self.state.store(), &self.principal).await?;
        tx.number_due(until).await?;
        let rows = tx.fpy_by_operation(until).await?;
        tx.commit().await?;
        let latest = rows.iter().filter_map(|row| row.latest).max();
        Ok(FirstPassYield {
            as_of,
            latest: latest.and_then(|at| Timestamp::try_from(at).ok()),
            operations: rows.into_iter().map(operation).collect(),
        })
    }
}

impl Backend for ServerBackend {
    fn viewer(&self) -> Answer<'_, Viewer> {
        Box::pin(async { self.look_at_viewer().await.map_err(failure) })
    }

    fn first_pass_yield(&self) -> Answer<'_, FirstPassYield> {
        Box::pin(async { self.count_first_passes().await.map_err(failure) })
    }
}

fn partner(tenant: Tenant) -> Partner {
    Partner { slug: tenant.slug, name: tenant.name }
}

fn operation(row: OperationFpy) -> OperationYield {
    let excluded = [
        ("golden", row.golden),
        ("reference", row.reference),
        ("skipped", row.skipped),
        ("future", row.future),
        ("voided", row.voided),
    ];
    OperationYield {
        operation: row.operation,
        n: row.n.unsigned_abs(),
        passed: row.passed.unsigned_abs(),
        excluded: excluded
            .into_iter()
            .filter(|(_, runs)| *runs > 0)
            .map(|(reason, runs)| (reason, runs.unsigned_abs()))
            .collect(),
    }
}

fn failure(error: store::Error) -> Failure {
    failure_of(&Problem::from(error))
}

/// What people are told of a problem.
pub(super) fn failure_of(problem: &Problem) -> Failure {
    let status = problem.status().as_u16();
    let message = match status {
        503 => {
            "The database does not answer. Nothing was lost; it is usually back within a minute."
        }
        _ => "Something went wrong on our side, and it is written down.",
    };
    Failure { status, message: message.to_owned() }
}
