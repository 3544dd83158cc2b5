//! `/data/v1`: runs in columns, for clients that compute with them: the pages in the browser.

mod runs;

pub use runs::runs;
