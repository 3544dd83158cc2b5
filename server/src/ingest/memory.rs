//! The memory of bodies that are being received, bounded for a tenant and for all together.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::problem::{ApiResult, Problem};

/// Memory is counted in pieces of this size.
const PIECE_BYTES: usize = 64 << 10;

/// A share of memory, from which bodies take pieces.
pub(crate) fn budget(bytes: usize) -> Arc<Semaphore> {
    Arc::new(Semaphore::new(bytes / PIECE_BYTES))
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

    /// Makes room for a body of so many bytes.
    ///
    /// # Errors
    /// 429 where the tenant or all together hold as much as they may.
    pub(crate) fn grow_to(&mut self, bytes: usize) -> ApiResult<()> {
        let missing = bytes.div_ceil(PIECE_BYTES).saturating_sub(self.pieces);
        if missing == 0 {
            return Ok(());
        }
        let count = u32::try_from(missing).unwrap_or(u32::MAX);
        let take = |budget: &Arc<Semaphore>| Arc::clone(budget).try_acquire_many_owned(count).ok();
        let (Some(tenant), Some(all)) = (take(&self.tenant), take(&self.all)) else {
            return Err(Problem::too_many(
                "Too many large uploads are being received. Nothing was kept; send it again.",
                5,
            ));
        };
        self.held.push([tenant, all]);
        self.pieces += missing;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_share_the_memory_of_their_tenant_and_give_it_back() {
        let (tenant, all) = (budget(4 * PIECE_BYTES), budget(100 * PIECE_BYTES));
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
