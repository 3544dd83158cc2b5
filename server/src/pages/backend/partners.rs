//! Loads the comparison of partners, for people who may see more than one.

use app::backend::PartnerFigures;
use futures::stream::{self, StreamExt as _, TryStreamExt as _};
use store::{Principal, TenantTx};

use super::overview::Counting;
use super::{ServerBackend, partner};
use crate::auth::admit_to_all;
use crate::problem::ApiResult;

impl ServerBackend {
    /// Loads each partner in a transaction of its own, sequentially, because the page was
    /// admitted with one connection. Audits the access of an internal person to each.
    pub(super) async fn load_partners(&self) -> ApiResult<Vec<PartnerFigures>> {
        let callers = match self.principal.is_internal() {
            true => admit_to_all(self.state.store(), &self.principal).await?,
            false => {
                let members = self.principal.memberships().iter();
                members.filter_map(|it| self.principal.for_tenant(it.tenant)).collect()
            }
        };
        let figures = stream::iter(callers).then(|caller| self.load_partner(caller));
        let mut figures: Vec<PartnerFigures> = figures.try_collect().await?;
        figures.sort_by(|one, other| one.partner.name.cmp(&other.partner.name));
        Ok(figures)
    }

    async fn load_partner(&self, caller: Principal) -> ApiResult<PartnerFigures> {
        let store = self.state.store();
        let tenant = TenantTx::begin(store, &caller).await?.this_tenant().await?;
        let (mut counting, clocks, as_of) =
            Counting::begin(store, &caller, &Default::default()).await?;
        let operations = counting.by_operation().await?;
        Ok(PartnerFigures {
            as_of: clocks.at(as_of.into()),
            latest: counting.latest(as_of).await?.map(|at| clocks.at(at)),
            partner: partner(tenant),
            operations,
        })
    }
}
