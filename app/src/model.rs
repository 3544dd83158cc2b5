//! Data types that the components of several pages show.

use domain::Timestamp;

/// A point in time with its local time at the site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct At {
    /// The point in time.
    pub moment: Timestamp,
    /// The local time at the site, to the minute.
    pub local: String,
}

/// The meaning of a code, as published by the manufacturer of the part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meaning {
    /// The code in its usual notation: `XID 79`.
    pub code: String,
    /// Its symbolic name in the publication: `GSP_RPC_TIMEOUT`.
    pub name: &'static str,
    /// The meaning.
    pub says: &'static str,
    /// The recommended action, in sentences.
    pub advice: Option<String>,
}
