//! Access control: the roles of users and the scopes of tokens.

use crate::words::words;

words! {
    /// The role of a user. Each of the first three roles includes the rights of the one before it,
    /// within its own tenant; the last two are for the server manufacturer's staff.
    pub enum Role {
        /// Reads its tenant.
        Viewer = "viewer",
        /// Also uploads, replays, reads raw bytes, voids runs, marks golden units.
        Engineer = "engineer",
        /// Also manages its tenant's users and tokens.
        PartnerAdmin = "partner-admin",
        /// Reads any one partner, or all; every access is audited.
        Operator = "operator",
        /// Has every right; every access is audited.
        Admin = "admin",
    }
}

impl Role {
    /// Whether the role is for the server manufacturer's staff.
    pub const fn is_internal(self) -> bool {
        matches!(self, Self::Operator | Self::Admin)
    }

    /// Whether the role has the right to manage the users and tokens of a tenant.
    pub const fn may_manage(self) -> bool {
        matches!(self, Self::PartnerAdmin | Self::Admin)
    }

    /// Whether the role has the right to upload, replay, read raw bytes, and change runs and units.
    pub const fn may_change(&self) -> bool {
        matches!(self, Self::Engineer | Self::PartnerAdmin | Self::Admin)
    }
}

words! {
    /// The part of the API that a token authorizes.
    pub enum Scope {
        /// `/ingest/v1` and the receipts of its uploads.
        Ingest = "ingest",
        /// Reading `/api/v1` and `/data/v1`, without raw bytes.
        Read = "read",
    }
}
