//! What people see: pages rendered on the server, islands brought alive in the browser.
//!
//! The same source is compiled for both; nothing here knows of SQL, axum or tokio. A
//! page asks [`backend::Backend`] for what it shows, and that is its only way out. Every page
//! is a view: a folder in `views/` and a line in its registry.

pub mod backend;
mod choices;
pub mod explore;
pub mod islands;
mod model;
pub mod routes;
pub mod shell;
pub mod ui;
pub mod views;
