//! A person's own sessions.

use super::At;

/// A person's account, as its page shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The tag of the language that the person chose; none: that of the browser.
    pub language: Option<String>,
    /// In descending order of last use.
    pub sessions: Vec<Session>,
    /// How many there are; the list may be cut.
    pub sessions_total: u64,
}

/// A session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Its id. This is not the secret of the session cookie.
    pub id: String,
    /// Time of the sign-in.
    pub began: At,
    /// Time of the last request.
    pub seen: At,
    /// The User-Agent header of the browser.
    pub agent: Option<String>,
    /// Whether it is the session of this request.
    pub here: bool,
}
