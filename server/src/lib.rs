//! The trusted server: authentication, tenancy, ingest, queries, pages.
//!
//! Every request passes through `router.rs`, which lists every route with its
//! access. Data is accessed only through the transactions of the `store`, with the
//! principal of a verified credential. To add an endpoint: a file in its
//! area, a line in `router.rs`, a row in the coverage test.

pub mod accept;
pub mod admission;
pub mod api;
pub mod assets;
pub mod auth;
pub mod catalogue;
pub mod cli;
pub mod clock;
pub mod commands;
pub mod config;
pub mod data;
pub mod database;
pub mod demo_loader;
pub mod disk;
pub mod extract;
pub mod figures;
pub mod forms;
mod frames;
pub mod health;
pub mod ingest;
pub mod jobs;
pub mod limits;
pub mod listen;
pub mod live;
pub mod logging;
pub mod observe;
pub mod openapi;
mod packed;
pub mod pages;
pub mod parameters;
pub mod peer;
pub mod postgres;
pub mod problem;
pub mod queries;
pub mod rate;
pub mod recount;
pub mod request;
pub mod router;
pub mod state;
pub mod tls;
pub mod work;
pub mod zones;
