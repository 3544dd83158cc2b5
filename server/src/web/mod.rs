//! What requests and answers have in common, whoever calls: extractors, content negotiation,
//! context, and the checks before a handler. Knows of no caller, no tenant and no page.

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
