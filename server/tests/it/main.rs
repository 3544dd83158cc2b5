//! The server against a real PostgreSQL.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod auth;
mod coverage;
mod ingest;
mod pages;
mod support;
mod tenancy;
