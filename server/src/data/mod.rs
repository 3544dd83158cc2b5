//! `/data/v1`: runs as columns, for whoever computes with them: the pages in the browser.

mod runs;

pub use runs::runs;
