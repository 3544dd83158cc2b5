//! All partners beside each other, for our own people.

use app::backend::PartnerFigures;
use futures::stream::{self, StreamExt as _, TryStreamExt as _};
use store::tenants::Tenant;
use store::{AdminTx, AuthTx};

use super::overview::Counting;
use super::{ServerBackend, partner};
use crate::clock;
use crate::problem::{ApiResult, Problem};

impl ServerBackend {
    /// Each partner is read in a transaction of its own, and the access to each is audited; one
    /// after the other, for the page was admitted with one connection.
    pub(super) async fn look_at_partners(&self) -> ApiResult<Vec<PartnerFigures>> {
        if !self.principal.is_internal() {
            return Err(Problem::forbidden("Only our own people see all partners."));
        }
        let store = self.state.store();
        let mut tx = AdminTx::begin(store, &self.principal, "list partners", clock::now()).await?;
        let mut tenants = tx.tenants().await?;
        tx.commit().await?;
        tenants.sort_by(|one, other| one.name.cmp(&other.name));
        stream::iter(tenants).then(|tenant| self.look_at_one(tenant)).try_collect().await
    }

    async fn look_at_one(&self, tenant: Tenant) -> ApiResult<PartnerFigures> {
        let mut tx = AuthTx::begin(self.state.store()).await?;
        let admitted = tx.look_at(&self.principal, tenant.id.into(), None).await?;
        tx.commit().await?;
        let (caller, _) = admitted.ok_or_else(Problem::not_found)?;
        let (mut counting, clocks, as_of) =
            Counting::begin(self.state.store(), &caller, &Default::default()).await?;
        let operations = counting.by_operation().await?;
        Ok(PartnerFigures {
            as_of: clocks.at(as_of.into()),
            latest: counting.latest(as_of).await?.map(|at| clocks.at(at)),
            partner: partner(tenant),
            operations,
        })
    }
}
