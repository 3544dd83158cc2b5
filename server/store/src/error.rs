//! What can go wrong at the database, in the words its callers act on.

/// A failed operation on the store. Absence is not an error: it is `Ok(None)`.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A constraint refused the row; the constraint's name is part of the schema's API.
    #[error("refused by constraint {constraint}")]
    Constraint {
        /// Name of the constraint or unique index.
        constraint: String,
        /// Whether the row alone violates it, whatever else is kept: a check. Whoever sends it
        /// again is refused again.
        check: bool,
    },
    /// The database cannot keep a value of a row; whoever sends it again is refused again.
    #[error("refused a row ({sqlstate}): {why}")]
    RowRefused {
        /// PostgreSQL's code.
        sqlstate: String,
        /// What is wrong with the row.
        why: &'static str,
    },
    /// A transaction for a tenant was asked for by someone who has none.
    #[error("no tenant chosen")]
    NoTenant,
    /// The disk of the database is full: nothing was kept.
    #[error("the database's disk is full")]
    DiskFull,
    /// The database is short of memory or open files: nothing was kept.
    #[error("the database is at its end: {0}")]
    Exhausted(sqlx::Error),
    /// The database cannot be reached or went away.
    #[error("the database is not reachable: {0}")]
    Unreachable(sqlx::Error),
    /// The address of the database is not one.
    #[error("not a PostgreSQL URL such as postgres://firstpass_login@localhost/firstpass")]
    Url,
    /// The database did not say in time whether the changes were kept. They may have been;
    /// repeating is safe where the operation is idempotent.
    #[error("the commit was not answered in time")]
    CommitUnknown,
    /// Another transaction was in the way: the same again may succeed.
    #[error("in conflict with another transaction: {0}")]
    Conflict(sqlx::Error),
    /// A statement took longer than it may, or waited too long for a lock: nothing was kept.
    #[error("the database took too long: {0}")]
    TooSlow(sqlx::Error),
    /// Serving from this database would not be safe.
    #[error("this database may not be served from: {}", .0.join("; "))]
    Unsafe(Vec<String>),
    /// The schema is not the one that this program was built for.
    #[error("{0}")]
    Schema(String),
    /// Anything else: a fault of ours.
    #[error(transparent)]
    Other(sqlx::Error),
}

/// The result of an operation on the store.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// The constraint that refused the row, if one did.
    #[must_use]
    pub fn constraint(&self) -> Option<&str> {
        match self {
            Self::Constraint { constraint, .. } => Some(constraint),
            _ => None,
        }
    }
}

impl Error {
    /// An error of taking a connection. A proxy that has no database behind it accepts and
    /// closes, which the driver calls a fault of the protocol.
    pub(crate) fn connecting(error: sqlx::Error) -> Self {
        match error {
            sqlx::Error::Protocol(_) | sqlx::Error::Tls(_) => Self::Unreachable(error),
            error => error.into(),
        }
    }
}

/// SQLSTATEs of a database that is not there: shutting down, crashed, starting up, idle for
/// too long, read only (a standby), too many connections; no such database, wrong role or
/// password. Class 08 is added.
const UNREACHABLE: [&str; 10] =
    ["57P01", "57P02", "57P03", "57P04", "57P05", "25006", "53300", "3D000", "28000", "28P01"];

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::Database(refusal) => {
                let sqlstate = refusal.code().unwrap_or_default();
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
                    // No memory; too many open files. A disk that fails (58030) is not
                    // mended by asking again, and stays a fault that somebody looks at.
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

/// What PostgreSQL finds wrong with a row, where it is the row that is wrong and not the
/// statement or the settings.
fn row_refused(sqlstate: &str) -> Option<&'static str> {
    Some(match sqlstate {
        "23502" => "a value is missing",
        "54000" => "a text is too long for an index",
        "22001" => "a text is longer than its column",
        "22003" => "a number is out of range",
        "22008" => "a time is out of range",
        "22021" | "22P05" => "a text has a character that cannot be kept",
        "22P02" | "22P03" => "a value is not of the type of its column",
        _ => return None,
    })
}
