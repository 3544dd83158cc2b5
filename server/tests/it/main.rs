//! The server against a real PostgreSQL.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, unreachable_pub)]
#![allow(clippy::disallowed_methods)] // tests go past the doors to look behind them

mod auth;
mod bounds;
mod commands;
mod coverage;
mod decisions;
mod demo;
mod disk;
mod edge;
mod forms;
mod frames;
mod hang_ups;
mod ingest;
mod ingest_doc;
mod ingest_model;
mod ingest_order;
mod kills;
mod known;
mod limits;
mod live;
mod log_in;
mod marks;
mod measured;
mod months;
mod neighbours;
mod pages;
mod producers;
mod program;
mod proxies;
mod rate;
mod readiness;
mod receipts;
mod recount;
mod reference;
mod revocation;
mod send;
mod slices;
mod support;
mod tenancy;
mod unit_page;
mod units;
mod upload;
mod yield_api;
mod yield_doc;
mod yields;
