//! The user interface: pages are rendered on the server, islands are hydrated in the browser.
//!
//! The same source is compiled for both targets and does not depend on SQL, axum or tokio. A
//! page queries [`backend::Backend`], its only port to the server. Every page is a view: a
//! folder in `views/` and an entry in the registry.

pub mod backend;
mod choices;
pub mod explore;
pub mod islands;
mod model;
pub mod routes;
pub mod shell;
pub mod slice;
pub mod ui;
pub mod views;
