//! Cache of frames of runs, for pages and `/data/v1/runs`: equal queries of the same data version
//! share one frame, which is built once (single flight) and kept while there is space.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use domain::TenantId;
use domain::dimension::AttributeName;
use domain::frame::{Builder, Column, Frame, VERSION};
use domain::yields::Bound;
use engine::explore::bins;
use moka::future::Cache;
use moka::policy::EvictionPolicy;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use store::frames::{Fits, FrameQuery, FrameResult};
use store::measurements::Measurement;
use store::{Store, TenantTx};
use tokio::sync::{OnceCell, OwnedSemaphorePermit, Semaphore, SemaphorePermit};

use crate::limits::count_refusal;
use crate::problem::{ApiResult, Problem};
use crate::resources::admission::Keyed;
use crate::web::compression::Coding;

/// Frames that are built concurrently, of different tenants. Each holds a connection, and about
/// 60 bytes a row at most.
const BUILD_CONCURRENCY: usize = 2;
/// Frames that are being built or wait for a permit; further requests are rejected with 503.
const BUILD_QUEUE_LIMIT: usize = 32;
/// Frames that were not requested for this time are evicted.
const CACHE_IDLE: Duration = Duration::from_secs(600);

/// Cache key and entity tag of a frame: a hash of the version of the program and the layout, the
/// tenant, the query, and the tenant's data version, which also advances when a run's start is
/// no longer in the future. Nothing else can change a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Tag([u8; 16]);

impl Tag {
    /// Computes the tag of a query in `tx`: tenant and data version are read in the transaction,
    /// never from the request.
    ///
    /// # Errors
    /// When the database is unreachable.
    pub(crate) async fn of(tx: &mut TenantTx, wanted: &FrameQuery) -> ApiResult<Self> {
        let data_version = tx.data_version().await?;
        Ok(Self::at(tx.tenant(), wanted, data_version))
    }

    fn at(tenant: TenantId, wanted: &FrameQuery, data_version: i64) -> Self {
        let FrameQuery { question, most, measurement, attribute, without } = wanted;
        let measurement = measurement.as_ref().map(Measurement::name);
        let attribute = attribute.as_ref().map(AttributeName::as_str);
        let end = |bound: Option<Bound>| match bound {
            None => Value::Null,
            Some(Bound::Day(day)) => json!(day.to_string()),
            Some(Bound::At(at)) => json!(at.micros()),
        };
        let window = [end(question.from), end(question.to)];
        let version = (env!("CARGO_PKG_VERSION"), VERSION);
        let query = json!([window, question.filters, most, measurement, attribute, without]);
        let input = json!([version, tenant, query, data_version]).to_string();
        let mut tag = [0; 16];
        tag.copy_from_slice(&Sha256::digest(input)[..16]);
        Self(tag)
    }

    /// The value of `ETag`. Weak, because all content codings share it.
    pub(crate) fn header(self) -> String {
        format!("W/\"{}\"", hex::encode(self.0))
    }
}

/// The result of a query.
#[derive(Debug, Clone)]
pub(crate) enum Runs {
    /// One row per run.
    Each(Frame),
    /// One row per cell of equal runs, because there are more runs than rows.
    Cells(Frame, Fits),
    /// There are too many cells, too.
    TooMany(Fits),
}

impl Runs {
    /// The frame, if there is one.
    pub(crate) fn frame(&self) -> Option<&Frame> {
        match self {
            Self::Each(frame) | Self::Cells(frame, _) => Some(frame),
            Self::TooMany(_) => None,
        }
    }
}

/// The cached result of a query, and its lazily compressed forms.
#[derive(Debug)]
pub(crate) struct CachedRuns {
    pub(crate) runs: Runs,
    zstd: OnceCell<Bytes>,
    brotli: OnceCell<Bytes>,
}

impl CachedRuns {
    /// The encoded frame, if there is one.
    ///
    /// # Errors
    /// When there is no memory for it.
    pub(crate) async fn compressed(&self, coding: Coding) -> ApiResult<Option<Bytes>> {
        let Some(frame) = self.runs.frame() else { return Ok(None) };
        let plain = Bytes::from_owner(frame.clone());
        let cell = match coding {
            Coding::Zstd => &self.zstd,
            Coding::Brotli => &self.brotli,
            Coding::Identity => return Ok(Some(plain)),
        };
        let compress = || spawn_cpu("packing a frame", move || coding.compress(plain));
        Ok(Some(cell.get_or_try_init(compress).await?.clone()))
    }

    /// Bytes in memory, at most: both compressed forms together are half of the plain one.
    fn weight(&self) -> u32 {
        let plain = self.runs.frame().map_or(0, |frame| frame.as_ref().len());
        u32::try_from(plain + plain / 2 + size_of::<Self>()).unwrap_or(u32::MAX)
    }
}

/// The cache of frames, and the queue of builds.
#[derive(Debug)]
pub(crate) struct Frames {
    cache: Cache<Tag, Arc<CachedRuns>>,
    queue: Semaphore,
    builds: Semaphore,
    of_tenants: Keyed<TenantId, Semaphore>,
}

/// Permit to build a frame; dropping it releases the semaphores.
struct BuildPermit<'a> {
    _build: SemaphorePermit<'a>,
    _of_tenant: OwnedSemaphorePermit,
    _queued: SemaphorePermit<'a>,
}

impl Frames {
    /// Creates a cache of at most so many bytes, with LRU eviction.
    pub(crate) fn new(bytes: u64) -> Self {
        let cache = Cache::builder()
            .max_capacity(bytes)
            .weigher(|_, built: &Arc<CachedRuns>| built.weight())
            // LRU: frames of old data versions are never requested again, however often they were.
            .eviction_policy(EvictionPolicy::lru())
            .time_to_idle(CACHE_IDLE)
            .build();
        Self {
            cache,
            queue: Semaphore::new(BUILD_QUEUE_LIMIT),
            builds: Semaphore::new(BUILD_CONCURRENCY),
            of_tenants: Keyed::default(),
        }
    }

    /// Gets or builds the frame of a tag, which is that of this transaction and query. A waiting
    /// request holds no connection; if data arrive meanwhile, the frame may be newer than its tag.
    ///
    /// # Errors
    /// 503 if too many others wait for frames, or the database is unreachable.
    pub(crate) async fn get(
        &self,
        tag: Tag,
        store: &Store,
        tx: TenantTx,
        wanted: &FrameQuery,
    ) -> ApiResult<Arc<CachedRuns>> {
        let tenant = tx.tenant();
        let detached = tx.release().await?;
        let build = async {
            let _permit = self.acquire_build(tenant).await?;
            let mut tx = detached.reacquire(store).await?;
            let framed = tx.load_frame(wanted).await?;
            drop(tx);
            let runs = match framed {
                FrameResult::Runs(builder, values) => Runs::Each(frame(builder, values).await?),
                FrameResult::Cells(builder, fits) => Runs::Cells(frame(builder, None).await?, fits),
                FrameResult::TooMany(fits) => Runs::TooMany(fits),
            };
            Ok(Arc::new(CachedRuns { runs, zstd: OnceCell::new(), brotli: OnceCell::new() }))
        };
        let entry = self.cache.entry(tag).or_try_insert_with(build).await;
        let entry = entry.map_err(|problem: Arc<Problem>| Problem::clone(&problem))?;
        let result = if entry.is_fresh() { "built" } else { "kept" };
        metrics::counter!("frames_total", "result" => result).increment(1);
        Ok(entry.into_value())
    }

    async fn acquire_build(&self, tenant: TenantId) -> ApiResult<BuildPermit<'_>> {
        let queued = self.queue.try_acquire().map_err(|_| {
            count_refusal("frames");
            Problem::busy()
        })?;
        let of_tenant = self.of_tenants.get(tenant, || Semaphore::new(1));
        let of_tenant = of_tenant.acquire_owned().await.map_err(|_| Problem::busy())?;
        let build = self.builds.acquire().await.map_err(|_| Problem::busy())?;
        Ok(BuildPermit { _build: build, _of_tenant: of_tenant, _queued: queued })
    }
}

async fn frame(mut builder: Box<Builder>, values: Option<Vec<f64>>) -> ApiResult<Frame> {
    let build = move || {
        if let Some(values) = values {
            builder.measure(&values, bins(values.clone()));
        }
        Frame::read(&builder.finish(Column::Station))
    };
    spawn_cpu("reading a frame of our own", build).await
}

/// Runs CPU-bound work on a blocking thread.
pub(crate) async fn spawn_cpu<T: Send + 'static, E: std::fmt::Display + Send + 'static>(
    what: &'static str,
    work: impl FnOnce() -> Result<T, E> + Send + 'static,
) -> ApiResult<T> {
    let done = tokio::task::spawn_blocking(work).await.map_err(|error| error.to_string());
    done.and_then(|done| done.map_err(|error| error.to_string())).map_err(|error| {
        tracing::error!(error, what);
        Problem::internal()
    })
}

#[cfg(test)]
mod tests {
    use futures::FutureExt as _;

    use super::*;

    #[tokio::test]
    async fn builds_are_limited_then_queued_then_rejected() {
        let frames = Frames::new(0);
        let mut building = Vec::new();
        let tenant = |n: usize| TenantId::from(uuid::Uuid::from_u128(n as u128));
        for n in 0..BUILD_CONCURRENCY {
            building.push(frames.acquire_build(tenant(n)).await.ok());
        }
        let mut waiting = Vec::new();
        for n in BUILD_CONCURRENCY..BUILD_QUEUE_LIMIT {
            let mut permit = Box::pin(frames.acquire_build(tenant(n)));
            assert!(permit.as_mut().now_or_never().is_none());
            waiting.push(permit);
        }
        let refused = frames.acquire_build(tenant(0)).await.map(|_| ()).unwrap_err();
        assert_eq!(refused.status().as_u16(), 503);
        building.pop();
        assert!(waiting.swap_remove(0).await.is_ok());
    }

    #[tokio::test]
    async fn a_tenant_builds_one_frame_at_a_time() {
        let frames = Frames::new(0);
        let [one, other] = [1, 2].map(|n| TenantId::from(uuid::Uuid::from_u128(n)));
        let first = frames.acquire_build(one).await.unwrap();
        let mut second = Box::pin(frames.acquire_build(one));
        assert!(second.as_mut().now_or_never().is_none());
        assert!(frames.acquire_build(other).now_or_never().is_some_and(|permit| permit.is_ok()));
        drop(first);
        assert!(second.await.is_ok());
    }
}
