//! What people see: pages rendered on the server, islands brought alive in the browser.
//!
//! The same source is compiled for both; nothing here knows of SQL, axum or tokio. A
//! page asks [`backend::Backend`] for what it shows, and that is its only way out. To
//! add a page: a file in `pages/`, a line in `routes.rs`, a line in the server's router.

pub mod backend;
pub mod explore;
pub mod islands;
pub mod pages;
pub mod routes;
pub mod shell;
pub mod ui;
