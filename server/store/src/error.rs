//! Errors of the store, classified by how callers can handle them.

/// A failed operation on the store. Absence is not an error: it is `Ok(None)`.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The row violates a constraint, whose name is part of the schema's API.
    #[error("refused by constraint {constraint}")]
    Constraint {
        /// Name of the constraint or unique index.
        constraint: String,
        /// Whether the row alone violates it, independent of other rows: a check constraint.
        /// A retry fails again.
        check: bool,
    },
    /// The database cannot store a value of the row. A retry fails again.
    #[error("refused a row ({sqlstate}): {why}")]
    RowRefused {
        /// PostgreSQL's code.
        sqlstate: String,
        /// The problem of the row.
        why: &'static str,
    },
    /// PostgreSQL does not know a time zone that it is to compute with.
    #[error("the database does not know the time zone {0}")]
    UnknownZone(String),
    /// A tenant transaction was requested for a principal without a tenant.
    #[error("no tenant chosen")]
    NoTenant,
    /// The disk of the database is full: nothing was stored.
    #[error("the database's disk is full")]
    DiskFull,
    /// The database is out of memory or open files: nothing was stored.
    #[error("the database is at its end: {0}")]
    Exhausted(sqlx::Error),
    /// The database is unreachable, or the connection was lost.
    #[error("the database is not reachable: {0}")]
    Unreachable(sqlx::Error),
    /// The URL of the database is invalid.
    #[error("not a PostgreSQL URL such as postgres://firstpass_login@localhost/firstpass")]
    Url,
    /// The database did not confirm the commit in time. It may have succeeded; a retry is safe
    /// if the operation is idempotent.
    #[error("the commit was not answered in time")]
    CommitUnknown,
    /// Serialization failure or deadlock with another transaction: a retry may succeed.
    #[error("in conflict with another transaction: {0}")]
    Conflict(sqlx::Error),
    /// A statement or lock timeout expired: nothing was stored.
    #[error("the database took too long: {0}")]
    TooSlow(sqlx::Error),
    /// This database is not safe to serve from.
    #[error("this database may not be served from: {}", .0.join("; "))]
    Unsafe(Vec<String>),
    /// The schema is not the version that this program was built for.
    #[error("{0}")]
    Schema(String),
    /// Anything else: a bug of this program.
    #[error(transparent)]
    Other(sqlx::Error),
}

/// The result of an operation on the store.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// The constraint that the row violates, if any.
    #[must_use]
    pub fn constraint(&self) -> Option<&str> {
        match self {
            Self::Constraint { constraint, .. } => Some(constraint),
            _ => None,
        }
    }
}

impl Error {
    /// Converts an error of acquiring a connection. A proxy without a database behind it accepts
    /// and closes, which the driver reports as a protocol error.
    pub(crate) fn from_connect(error: sqlx::Error) -> Self {
        match error {
            sqlx::Error::Protocol(_) | sqlx::Error::Tls(_) => Self::Unreachable(error),
            error => error.into(),
        }
    }
}

/// SQLSTATEs of an unavailable database: shutting down, crashed, starting up, idle for too
/// long, read only (a standby), too many connections; no such database, wrong role or password.
/// Class 08 is checked separately.
const UNREACHABLE: [&str; 10] =
    ["57P01", "57P02", "57P03", "57P04", "57P05", "25006", "53300", "3D000", "28000", "28P01"];

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::Database(refusal) => {
                let sqlstate = refusal.code().unwrap_or_default();
                if let Some(zone) = unknown_zone(&sqlstate, refusal.message()) {
                    return Self::UnknownZone(zone.to_owned());
                }
                if let Some(why) = row_refused(&sqlstate) {
                    return Self::RowRefused { sqlstate: sqlstate.into_owned(), why };
                }
                if let Some(constraint) = refusal.constraint() {
                    return Self::Constraint {
                        constraint: constraint.to_owned(),
                        check: sqlstate == "23514",
                    };
                }
                match refusal.code().as_deref() {
                    Some("53100") => Self::DiskFull,
                    // Out of memory; too many open files. A disk failure (58030) is not fixed
                    // by a retry, and stays an error that an operator must examine.
                    Some("53200" | "53000") => Self::Exhausted(error),
                    Some("40001" | "40P01") => Self::Conflict(error),
                    Some("57014" | "55P03") => Self::TooSlow(error),
                    Some(code) if code.starts_with("08") || UNREACHABLE.contains(&code) => {
                        Self::Unreachable(error)
                    }
                    _ => Self::Other(error),
                }
            }
            sqlx::Error::Io(_)
            | sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::WorkerCrashed => Self::Unreachable(error),
            _ => Self::Other(error),
        }
    }
}

/// The problem that PostgreSQL reports for a row, if the row is invalid rather than the statement or
/// the settings.
fn row_refused(sqlstate: &str) -> Option<&'static str> {
    Some(match sqlstate {
        "23502" => "a value is missing",
        "54000" => "a text is too long for an index",
        "22001" => "a text is longer than its column",
        "22003" => "a number is out of range",
        "22008" => "a time is out of range",
        "22021" | "22P05" => "a text has a character that cannot be kept",
        "22P02" | "22P03" => "a value is not of the type of its column",
        code if code.starts_with("22") => "a value cannot be computed with",
        code if code.starts_with("54") => "a value is too large",
        _ => return None,
    })
}

/// The time zone of `time zone "…" not recognized`.
fn unknown_zone<'a>(sqlstate: &str, message: &'a str) -> Option<&'a str> {
    let (_, rest) = message.split_once('"').filter(|_| sqlstate == "22023")?;
    let (zone, _) = rest.split_once('"')?;
    message.to_lowercase().contains("time zone").then_some(zone)
}
