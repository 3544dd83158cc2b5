//! Identifiers, each its own type, so that a tenant id cannot be passed as a user id.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::{Builder, Uuid};

use crate::identity::Identity;

macro_rules! id {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// The UUID, for the database.
            pub const fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl From<Uuid> for $name {
            fn from(uuid: Uuid) -> Self {
                Self(uuid)
            }
        }

        impl From<$name> for Uuid {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, f)
            }
        }
    };
}

id!(
    /// A partner organisation.
    TenantId
);
id!(
    /// The receipt of one upload.
    ReceiptId
);
id!(
    /// A run or a repair of one tenant. Derived from its [`Identity`], so every delivery of the
    /// same run has the same id.
    RunId
);

impl From<Identity> for RunId {
    /// The first sixteen bytes of the identity as a UUID of version 8 (RFC 9562: "custom"), which
    /// overwrites six of the 128 bits.
    fn from(identity: Identity) -> Self {
        let mut bytes = [0; 16];
        bytes.copy_from_slice(identity.bytes().split_at(16).0);
        Self(Builder::from_custom_bytes(bytes).into_uuid())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_id_is_the_head_of_its_identity_as_a_version_8_uuid() {
        let id = RunId::from(Identity::from([0xff; 32]));
        assert_eq!(id.to_string(), "ffffffff-ffff-8fff-bfff-ffffffffffff");
        assert_eq!(id.to_string().parse(), Ok(id));
        assert_eq!(serde_json::to_string(&id).unwrap(), format!("\"{id}\""));
    }
}
