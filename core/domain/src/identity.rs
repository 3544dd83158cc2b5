//! When two deliveries are the same run, when they say the same, and which of
//! two that differ is kept. The rule makes any order of arrival end in the
//! same rows.
//!
//! An identity never holds the token, the station or the receipt: the same run
//! sent again by somebody else, or from another bench, is the same run.

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
    /// Which run, or which repair, of a tenant.
    Identity
);
sha256!(
    /// What was said about it: the hash of the canonical record.
    ContentHash
);

impl Identity {
    /// Of a run whose producer numbers its runs, in whatever format it comes.
    pub fn of_producer_run(id: &str) -> Self {
        Fields::of("run by id").text(id).identity()
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
            Some(id) => Identity::of_producer_run(id),
            None => start::with_ending(self.of_start(format), self),
        }
    }

    /// The other runs of the same start that this one is compared with; none for a run with a
    /// producer's id.
    pub fn same_start(&self, format: &str) -> Option<SameStart> {
        let identity = self.of_start(format);
        self.producer_id
            .is_none()
            .then(|| SameStart::new(start::with_ending(identity, self), identity))
    }

    fn of_start(&self, format: &str) -> Identity {
        Fields::of("run")
            .text(format)
            .text(&self.unit.serial)
            .text(&self.operation)
            .maybe(self.test_name.as_deref())
            .number(self.stamped_at.unwrap_or(self.started_at).micros())
            .identity()
    }

    /// What is said about the run. Equal records have equal hashes, and what
    /// was normalised on the way into the record (order of lines, zone of a
    /// time stamp, order of keys) does not matter.
    pub fn content_hash(&self) -> ContentHash {
        self.hash_with_attributes(self.content_hash_without_attributes())
    }

    /// The hash of content version 1, which knew no attributes. A run that was kept under it is
    /// the same run when it arrives again, also where its attributes are read now.
    pub fn content_hash_without_attributes(&self) -> ContentHash {
        content_hash("run", self)
    }

    /// A run without attributes has the hash that it had in content version 1.
    fn hash_with_attributes(&self, plain: ContentHash) -> ContentHash {
        if self.attributes.is_empty() {
            return plain;
        }
        let mut fields = Fields::of("content 2").bytes(plain.bytes());
        for (name, value) in &self.attributes {
            fields = fields.text(name).text(value);
        }
        ContentHash(fields.0.finalize().into())
    }

    /// Whether this delivery takes the place of `kept`, another delivery of
    /// the same run: the complete one beats the incomplete, then the one with
    /// more artifacts, then the smaller content hash. False for equal ones.
    pub fn supersedes(&self, kept: &Self) -> bool {
        Standing::of(self) > Standing::of(kept)
    }
}

impl RepairRecord {
    /// Which repair this is: by the producer's id, else by (format, unit,
    /// time, action, defect, part taken out), for two parts can be replaced in
    /// the same second. The part put in, the run and the comment are content.
    pub fn identity(&self, format: &str) -> Identity {
        if let Some(id) = &self.producer_id {
            return Fields::of("repair by id").text(id).identity();
        }
        let out = self.component_out.as_ref();
        Fields::of("repair")
            .text(format)
            .text(&self.unit)
            .number(self.at.micros())
            .text(&self.action)
            .maybe(self.defect.as_deref())
            .maybe(out.and_then(|part| part.serial.as_deref()))
            .maybe(out.and_then(|part| part.part.as_deref()))
            .maybe(out.and_then(|part| part.slot.as_deref()))
            .identity()
    }

    /// What is said about the repair.
    pub fn content_hash(&self) -> ContentHash {
        content_hash("repair", self)
    }

    /// Whether this delivery takes the place of `kept`, another delivery of
    /// the same repair: the smaller content hash does.
    pub fn supersedes(&self, kept: &Self) -> bool {
        self.content_hash() < kept.content_hash()
    }
}

impl IngestRecord {
    /// Which run or repair this is.
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

    /// What is said about it.
    pub fn content_hash(&self) -> ContentHash {
        match self {
            Self::Run(run) => run.content_hash(),
            Self::Repair(repair) => repair.content_hash(),
        }
    }

    /// What decides between it and another delivery of the same, and its hash in content
    /// version 1. Of two repairs the one with the smaller content hash stands: none is more
    /// complete than the other.
    pub fn standing(&self) -> (Standing, ContentHash) {
        match self {
            Self::Run(run) => Standing::with_version_1(run),
            Self::Repair(repair) => {
                let content = repair.content_hash();
                (Standing::new(true, 0, content), content)
            }
        }
    }
}

/// What decides between two deliveries of one run, where only this much of the
/// kept one is at hand: the greater stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Standing {
    complete: bool,
    artifacts: u64,
    content: Reverse<ContentHash>,
}

impl Standing {
    /// Of the parts that the store keeps.
    pub const fn new(complete: bool, artifacts: u64, content: ContentHash) -> Self {
        Self { complete, artifacts, content: Reverse(content) }
    }

    /// Of a record.
    pub fn of(run: &RunRecord) -> Self {
        Self::with_version_1(run).0
    }

    /// The same, and the hash that the record had in content version 1.
    pub fn with_version_1(run: &RunRecord) -> (Self, ContentHash) {
        let plain = run.content_hash_without_attributes();
        (Self::new(run.complete, run.artifacts, run.hash_with_attributes(plain)), plain)
    }

    /// Whether both ends of the run arrived.
    pub const fn is_complete(&self) -> bool {
        self.complete
    }

    /// What the record says.
    pub const fn content(&self) -> ContentHash {
        self.content.0
    }
}

/// The hash of the record's JSON. Its structs have no maps, so the order of
/// the fields is the order of their declaration; an absent field is left out.
fn content_hash(kind: &str, record: &impl serde::Serialize) -> ContentHash {
    let mut hash = Hashing(Sha256::new());
    hash.0.update(b"firstpass content 1 ");
    hash.0.update(kind.as_bytes());
    // JSON is written a few bytes at a time, and a hash likes its blocks whole.
    let mut json = BufWriter::with_capacity(4096, &mut hash);
    // Neither the hash nor these types can fail to be written.
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

/// Fields that are hashed so that no two lists of fields are the same bytes:
/// each is preceded by its length, and an absent one is not an empty one.
struct Fields(Sha256);

impl Fields {
    fn of(kind: &str) -> Self {
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

    fn maybe(mut self, text: Option<&str>) -> Self {
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
