//! The memory of bodies that are being received or sent, bounded for a tenant and for all together.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::limits::count_refusal;
use crate::problem::{ApiResult, EN, Problem};

/// Memory is counted in pieces of this size.
const PIECE_BYTES: usize = 64 << 10;

/// A share of memory, from which bodies take pieces.
pub(crate) fn budget(bytes: usize) -> Semaphore {
    Semaphore::new(bytes.div_ceil(PIECE_BYTES))
}

/// What one body holds, until it is dropped.
#[derive(Debug)]
pub struct BodyMemory {
    tenant: Arc<Semaphore>,
    all: Arc<Semaphore>,
    held: Vec<[OwnedSemaphorePermit; 2]>,
    pieces: usize,
}

impl BodyMemory {
    pub(crate) fn new(tenant: Arc<Semaphore>, all: Arc<Semaphore>) -> Self {
        Self { tenant, all, held: Vec::new(), pieces: 0 }
    }

    /// Bytes that are counted.
    #[cfg(test)]
    pub(crate) fn bytes(&self) -> usize {
        self.pieces * PIECE_BYTES
    }

    /// Makes room for a body of so many bytes.
    ///
    /// # Errors
    /// 429 where the tenant or all together hold as much as they may.
    pub(crate) fn grow_to(&mut self, bytes: usize) -> ApiResult<()> {
        if self.try_grow_to(bytes) {
            return Ok(());
        }
        count_refusal("body_memory");
        Err(Problem::too_many(EN.upload_memory(), 5))
    }

    /// Makes room for a body of so many bytes, if there is.
    pub(crate) fn try_grow_to(&mut self, bytes: usize) -> bool {
        let missing = bytes.div_ceil(PIECE_BYTES).saturating_sub(self.pieces);
        if missing == 0 {
            return true;
        }
        let count = u32::try_from(missing).unwrap_or(u32::MAX);
        let take = |budget: &Arc<Semaphore>| Arc::clone(budget).try_acquire_many_owned(count).ok();
        let (Some(tenant), Some(all)) = (take(&self.tenant), take(&self.all)) else {
            return false;
        };
        self.held.push([tenant, all]);
        self.pieces += missing;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_share_the_memory_of_their_tenant_and_give_it_back() {
        let (tenant, all) =
            (Arc::new(budget(4 * PIECE_BYTES)), Arc::new(budget(100 * PIECE_BYTES)));
        let body = || BodyMemory::new(Arc::clone(&tenant), Arc::clone(&all));
        let (mut one, mut other) = (body(), body());
        one.grow_to(1).unwrap();
        one.grow_to(3 * PIECE_BYTES).unwrap();
        other.grow_to(PIECE_BYTES).unwrap();
        assert_eq!(other.grow_to(PIECE_BYTES + 1).unwrap_err().status().as_u16(), 429);
        assert_eq!(all.available_permits(), 96, "a refused body takes nothing");
        drop(one);
        other.grow_to(4 * PIECE_BYTES).unwrap();
    }
}
