//! What the table of routes says of a route.

use app::views::VIEWS;
use axum::routing::MethodRouter;

use crate::auth::Access;
use crate::parameters::Group;
use crate::resources::admission::Cost;
use crate::state::AppState;

/// One route. The coverage test calls each as nobody, in the wrong role and with expired,
/// revoked and made-up credentials.
#[derive(Debug, Clone, Copy)]
pub struct Route {
    /// The method, in capitals.
    pub method: &'static str,
    /// The path, with axum's placeholders.
    pub path: &'static str,
    /// Who may call it.
    pub access: Access,
    /// What answering costs, which decides how many are answered at once.
    pub cost: Cost,
    /// The query parameters that it takes, in groups.
    pub parameters: &'static [Group],
    pub(crate) handler: fn() -> MethodRouter<AppState>,
}

pub(crate) const fn route(
    method: &'static str,
    path: &'static str,
    access: Access,
    cost: Cost,
    parameters: &'static [Group],
    handler: fn() -> MethodRouter<AppState>,
) -> Route {
    Route { method, path, access, cost, parameters, handler }
}

impl Route {
    /// Whether it answers with a page.
    #[must_use]
    pub fn is_page(&self) -> bool {
        self.method == "GET" && VIEWS.iter().any(|view| view.path == self.path)
    }

    /// The names of the query parameters that it takes.
    #[must_use]
    pub fn parameter_names(&self) -> Vec<&'static str> {
        self.parameters.iter().flat_map(|group| group.names()).collect()
    }

    /// Whether its body may be large and take its time.
    pub(crate) fn takes_uploads(&self) -> bool {
        self.method == "POST" && ["/ingest/v1/{format}", "/t/{tenant}/uploads"].contains(&self.path)
    }
}
