//! Loads the saved views.

use app::backend::SavedView;
use app::explore::State;
use store::TenantTx;

use super::ServerBackend;
use super::clocks::Clocks;
use crate::problem::ApiResult;

impl ServerBackend {
    pub(super) async fn list_views(&self) -> ApiResult<Vec<SavedView>> {
        let mut tx = TenantTx::begin(self.state.store(), &self.principal).await?;
        let clocks = Clocks::of(&tx.this_tenant().await?);
        let views = tx.views().await?.into_iter().map(|view| SavedView {
            id: view.id.to_string(),
            name: view.name,
            state: State::parse(&view.state),
            by: view.saved_by,
            at: clocks.at(view.saved_at),
        });
        Ok(views.collect())
    }
}
