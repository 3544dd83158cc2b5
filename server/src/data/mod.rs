//! `/data/v1`: runs and values in columns, for clients that compute with them: the pages in the
//! browser.

mod runs;
mod values;

use axum::body::Bytes;

use crate::resources::memory::BodyMemory;

pub use runs::runs;
pub use values::values;

/// A body that is being sent; its memory is accounted until it is dropped.
struct TrackedBody {
    bytes: Bytes,
    _memory: BodyMemory,
}

impl TrackedBody {
    fn new(bytes: Bytes, memory: BodyMemory) -> Self {
        Self { bytes, _memory: memory }
    }
}

impl AsRef<[u8]> for TrackedBody {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}
