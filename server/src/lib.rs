//! The trusted server: authentication, tenancy, ingest, queries, pages.
//!
//! Every request passes through `router.rs`, which lists every route with its
//! access. Data is accessed only through the transactions of the `store`, with the
//! principal of a verified credential. To add an endpoint: a file in its
//! area, a line in `router.rs`, a row in the coverage test.

pub mod api;
pub mod assets;
pub mod auth;
pub mod catalogue;
pub mod cli;
pub mod clock;
pub mod commands;
pub mod config;
pub mod credentials;
pub mod data;
pub mod database;
pub mod demo_loader;
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
pub mod openapi;
pub mod pages;
pub mod parameters;
pub mod postgres;
pub mod problem;
pub mod queries;
pub mod recount;
pub mod resources;
pub mod route;
pub mod router;
pub mod state;
pub mod tls;
pub mod web;
pub mod work;
pub mod zones;
