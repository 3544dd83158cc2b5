//! Who may do what: the roles of people and the scopes of tokens.

use crate::words::words;

words! {
    /// What a person may do. Each of the first three may what the one before
    /// may, in its own tenant; the last two are the server maker's own people.
    pub enum Role {
        /// Reads its tenant.
        Viewer = "viewer",
        /// Also uploads, replays, reads raw bytes, voids runs, marks golden units.
        Engineer = "engineer",
        /// Also manages its tenant's users and tokens.
        PartnerAdmin = "partner-admin",
        /// Reads any one partner, or all; every look is audited.
        Operator = "operator",
        /// May everything; every look is audited.
        Admin = "admin",
    }
}

impl Role {
    /// Whether the role is for the server maker's own people.
    pub const fn is_internal(self) -> bool {
        matches!(self, Self::Operator | Self::Admin)
    }

    /// Whether the role may manage the people and tokens of a tenant.
    pub const fn may_manage(self) -> bool {
        matches!(self, Self::PartnerAdmin | Self::Admin)
    }

    /// Whether the role may upload, replay, read raw bytes and decide about runs and units.
    pub const fn may_change(&self) -> bool {
        matches!(self, Self::Engineer | Self::PartnerAdmin | Self::Admin)
    }
}

words! {
    /// What a token opens.
    pub enum Scope {
        /// `/ingest/v1` and the receipts of its uploads.
        Ingest = "ingest",
        /// Reading `/api/v1` and `/data/v1`, without raw bytes.
        Read = "read",
    }
}
