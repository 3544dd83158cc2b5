//! HTTP without callers, tenants and pages: extractors, content negotiation, request context,
//! and the checks before a handler.

pub mod accept;
pub mod compression;
pub mod context;
pub mod cookie;
pub mod extract;
pub mod notice;
pub mod observe;
pub mod paging;
pub mod peer;
pub mod request;
pub mod serial;
pub mod site;
