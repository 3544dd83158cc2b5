//! The identity and the content hash of a record: when two deliveries are the same run, when they
//! are equal, and which of two different ones is stored. The result is independent of the order of
//! arrival.
//!
//! An identity does not include the token, the station or the receipt: a run that is redelivered by
//! another user or from another bench is the same run.

mod start;

use std::cmp::Reverse;
use std::fmt;
use std::io::{self, BufWriter, Write};

use sha2::{Digest, Sha256};

use crate::repair::RepairRecord;
use crate::run::{IngestRecord, RunRecord};

pub use self::start::SameStart;

macro_rules! sha256 {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name([u8; 32]);

        impl $name {
            /// The 32 bytes.
            pub const fn bytes(&self) -> &[u8; 32] {
                &self.0
            }
        }

        impl From<[u8; 32]> for $name {
            fn from(bytes: [u8; 32]) -> Self {
                Self(bytes)
            }
        }

        impl From<$name> for [u8; 32] {
            fn from(hash: $name) -> Self {
                hash.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }
    };
}

sha256!(
    /// The identity of a run or a repair within its tenant.
    Identity
);
sha256!(
    /// The hash of the canonical record.
    ContentHash
);

impl Identity {
    /// The identity of a run by the producer's run id, independent of the format.
    pub fn from_producer_run(id: &str) -> Self {
        Fields::new("run by id").text(id).identity()
    }
}

impl RunRecord {
    /// Which run this is: by the producer's run id, else by (format, serial,
    /// operation, test name, start) and, of a complete run, by how and when it ended and what
    /// was measured and found ([`start`]). `format` is the name in the URL. The start is that of
    /// the data where the data has one, so that a parameter that corrects it does not
    /// make another run, nor one run of many.
    pub fn identity(&self, format: &str) -> Identity {
        match &self.producer_id {
            Some(id) => Identity::from_producer_run(id),
            None => start::with_ending(self.identity_by_start(format), self),
        }
    }

    /// The other runs of the same start that this one is compared with; none for a run with a
    /// producer's id.
    pub fn same_start(&self, format: &str) -> Option<SameStart> {
        let identity = self.identity_by_start(format);
        self.producer_id
            .is_none()
            .then(|| SameStart::new(start::with_ending(identity, self), identity))
    }

    fn identity_by_start(&self, format: &str) -> Identity {
        Fields::new("run")
            .text(format)
            .text(&self.unit.serial)
            .text(&self.operation)
            .optional_text(self.test_name.as_deref())
            .number(self.stamped_at.unwrap_or(self.started_at).micros())
            .identity()
    }

    /// The content hash. Equal records have equal hashes; what is normalized on the way into the
    /// record (order of lines, time zone of a time stamp, order of keys) does not affect it.
    pub fn content_hash(&self) -> ContentHash {
        self.hash_with_attributes(self.content_hash_without_attributes())
    }

    /// The hash of content version 1, which had no attributes. A run that is stored with it is
    /// recognized as a duplicate when it is redelivered, even if its attributes are read now.
    pub fn content_hash_without_attributes(&self) -> ContentHash {
        content_hash("run", self)
    }

    /// A run without attributes has the same hash as in content version 1.
    fn hash_with_attributes(&self, plain: ContentHash) -> ContentHash {
        if self.attributes.is_empty() {
            return plain;
        }
        let mut fields = Fields::new("content 2").bytes(plain.bytes());
        for (name, value) in &self.attributes {
            fields = fields.text(name).text(value);
        }
        ContentHash(fields.0.finalize().into())
    }

    /// Whether this delivery replaces `kept`, another delivery of the same run. Precedence:
    /// complete before incomplete, then more artifacts, then the smaller content hash. False for
    /// equal ones.
    pub fn supersedes(&self, kept: &Self) -> bool {
        DeliveryPriority::from_run(self) > DeliveryPriority::from_run(kept)
    }
}

impl RepairRecord {
    /// The identity of the repair: the hash of the producer's id, otherwise of (format, unit, time,
    /// action, defect, removed part), since two parts can be replaced in the same second. The
    /// inserted part, the run and the comment are content.
    pub fn identity(&self, format: &str) -> Identity {
        if let Some(id) = &self.producer_id {
            return Fields::new("repair by id").text(id).identity();
        }
        let out = self.component_out.as_ref();
        Fields::new("repair")
            .text(format)
            .text(&self.unit)
            .number(self.at.micros())
            .text(&self.action)
            .optional_text(self.defect.as_deref())
            .optional_text(out.and_then(|part| part.serial.as_deref()))
            .optional_text(out.and_then(|part| part.part.as_deref()))
            .optional_text(out.and_then(|part| part.slot.as_deref()))
            .identity()
    }

    /// The content hash of the repair.
    pub fn content_hash(&self) -> ContentHash {
        content_hash("repair", self)
    }

    /// Whether this delivery replaces `kept`, another delivery of the same repair: the smaller
    /// content hash does.
    pub fn supersedes(&self, kept: &Self) -> bool {
        self.content_hash() < kept.content_hash()
    }
}

impl IngestRecord {
    /// The identity of the run or repair.
    pub fn identity(&self, format: &str) -> Identity {
        match self {
            Self::Run(run) => run.identity(format),
            Self::Repair(repair) => repair.identity(format),
        }
    }

    /// [`RunRecord::same_start`]; a repair has none.
    pub fn same_start(&self, format: &str) -> Option<SameStart> {
        match self {
            Self::Run(run) => run.same_start(format),
            Self::Repair(_) => None,
        }
    }

    /// The content hash of the record.
    pub fn content_hash(&self) -> ContentHash {
        match self {
            Self::Run(run) => run.content_hash(),
            Self::Repair(repair) => repair.content_hash(),
        }
    }

    /// The priority among deliveries of the same record, and the hash in content version 1. Of two
    /// repairs the one with the smaller content hash is kept: neither is more complete than the
    /// other.
    pub fn priority(&self) -> (DeliveryPriority, ContentHash) {
        match self {
            Self::Run(run) => DeliveryPriority::with_version_1(run),
            Self::Repair(repair) => {
                let content = repair.content_hash();
                (DeliveryPriority::new(true, 0, content), content)
            }
        }
    }
}

/// The priority among deliveries of one run, from the columns of the stored one: the greater is
/// kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DeliveryPriority {
    complete: bool,
    artifacts: u64,
    content: Reverse<ContentHash>,
}

impl DeliveryPriority {
    /// From the stored columns.
    pub const fn new(complete: bool, artifacts: u64, content: ContentHash) -> Self {
        Self { complete, artifacts, content: Reverse(content) }
    }

    /// From a record.
    pub fn from_run(run: &RunRecord) -> Self {
        Self::with_version_1(run).0
    }

    /// From a record, with its hash in content version 1.
    pub fn with_version_1(run: &RunRecord) -> (Self, ContentHash) {
        let plain = run.content_hash_without_attributes();
        (Self::new(run.complete, run.artifacts, run.hash_with_attributes(plain)), plain)
    }

    /// Whether the start and the end of the run both arrived.
    pub const fn is_complete(&self) -> bool {
        self.complete
    }

    /// The content hash.
    pub const fn content(&self) -> ContentHash {
        self.content.0
    }
}

/// The hash of the record's JSON. Its structs have no maps, so the fields are in the order of
/// declaration; an absent field is omitted.
fn content_hash(kind: &str, record: &impl serde::Serialize) -> ContentHash {
    let mut hash = Hashing(Sha256::new());
    hash.0.update(b"firstpass content 1 ");
    hash.0.update(kind.as_bytes());
    // Buffered: JSON is written a few bytes at a time, and hashing whole blocks is faster.
    let mut json = BufWriter::with_capacity(4096, &mut hash);
    // Writing to the hash and serializing these types cannot fail.
    let _ = serde_json::to_writer(&mut json, record);
    let _ = json.flush();
    drop(json);
    ContentHash(hash.0.finalize().into())
}

struct Hashing(Sha256);

impl Write for Hashing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Hashes fields unambiguously: each is preceded by its length, and an absent field differs from an
/// empty one, so no two lists of fields give the same bytes.
struct Fields(Sha256);

impl Fields {
    fn new(kind: &str) -> Self {
        Self(Sha256::new()).text("firstpass identity 1").text(kind)
    }

    fn text(self, text: &str) -> Self {
        self.bytes(text.as_bytes())
    }

    fn bytes(mut self, bytes: &[u8]) -> Self {
        self.0.update((bytes.len() as u64).to_le_bytes());
        self.0.update(bytes);
        self
    }

    fn optional_text(mut self, text: Option<&str>) -> Self {
        self.0.update([u8::from(text.is_some())]);
        self.text(text.unwrap_or_default())
    }

    fn number(mut self, number: i64) -> Self {
        self.0.update(number.to_le_bytes());
        self
    }

    fn identity(self) -> Identity {
        Identity(self.0.finalize().into())
    }
}

#[cfg(test)]
mod tests;
