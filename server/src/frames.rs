//! Frames of runs, as pages and `/data/v1/runs` hand them out: whoever asks the same of the
//! same data gets the same frame, which is built once and kept while there is room.

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
use store::frames::{Fits, Framed, Wanted};
use store::measurements::Measurement;
use store::{Store, TenantTx};
use tokio::sync::{OnceCell, OwnedSemaphorePermit, Semaphore, SemaphorePermit};

use crate::limits::count_refusal;
use crate::problem::{ApiResult, Problem};
use crate::resources::admission::Keyed;
use crate::web::compression::Coding;

/// Frames that are built at once, of different tenants. Each holds a connection, and up to some
/// 60 bytes a row.
const BUILT_AT_ONCE: usize = 2;
/// Those that are built or wait for their turn; whoever asks for another is told to come again.
const IN_LINE: usize = 32;
/// A frame that nobody asked for in this time is forgotten.
const IDLE: Duration = Duration::from_secs(600);

/// What a frame is of: this program and layout, whose data, the query, and the tenant's data
/// version, which moves also where a run's time has come. Nothing else can change a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Tag([u8; 16]);

impl Tag {
    /// That of what `tx` would be answered: tenant and data version are read in the transaction,
    /// and never said by a request.
    ///
    /// # Errors
    /// When the database is out of reach.
    pub(crate) async fn of(tx: &mut TenantTx, wanted: &Wanted) -> ApiResult<Self> {
        let data_version = tx.data_version().await?;
        Ok(Self::at(tx.tenant(), wanted, data_version))
    }

    fn at(tenant: TenantId, wanted: &Wanted, data_version: i64) -> Self {
        let Wanted { question, most, measurement, attribute, without } = wanted;
        let measurement = measurement.as_ref().map(Measurement::name);
        let attribute = attribute.as_ref().map(AttributeName::as_str);
        let end = |bound: Option<Bound>| match bound {
            None => Value::Null,
            Some(Bound::Day(day)) => json!(day.to_string()),
            Some(Bound::At(at)) => json!(at.micros()),
        };
        let window = [end(question.from), end(question.to)];
        let version = (env!("CARGO_PKG_VERSION"), VERSION);
        let asked = json!([window, question.filters, most, measurement, attribute, without]);
        let of = json!([version, tenant, asked, data_version]).to_string();
        let mut tag = [0; 16];
        tag.copy_from_slice(&Sha256::digest(of)[..16]);
        Self(tag)
    }

    /// For `ETag`. Weak, for it is that of every coding.
    pub(crate) fn header(self) -> String {
        format!("W/\"{}\"", hex::encode(self.0))
    }
}

/// Runs as they are handed out.
#[derive(Debug, Clone)]
pub(crate) enum Runs {
    /// A row each.
    Each(Frame),
    /// Those that are alike together, for there are more than there may be rows.
    Cells(Frame, Fits),
    /// There would be too many rows even so.
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

/// What was built of a question, and its packed forms once somebody asked for them.
#[derive(Debug)]
pub(crate) struct Built {
    pub(crate) runs: Runs,
    zstd: OnceCell<Bytes>,
    brotli: OnceCell<Bytes>,
}

impl Built {
    /// The frame as it is sent; none where there is none.
    ///
    /// # Errors
    /// When there is no memory for it.
    pub(crate) async fn packed(&self, coding: Coding) -> ApiResult<Option<Bytes>> {
        let Some(frame) = self.runs.frame() else { return Ok(None) };
        let plain = Bytes::from_owner(frame.clone());
        let kept = match coding {
            Coding::Zstd => &self.zstd,
            Coding::Brotli => &self.brotli,
            Coding::Identity => return Ok(Some(plain)),
        };
        let pack = || aside("packing a frame", move || coding.pack(plain));
        Ok(Some(kept.get_or_try_init(pack).await?.clone()))
    }

    /// Bytes in memory, at most: both packed forms together are half of the plain one.
    fn weight(&self) -> u32 {
        let plain = self.runs.frame().map_or(0, |frame| frame.as_ref().len());
        u32::try_from(plain + plain / 2 + size_of::<Self>()).unwrap_or(u32::MAX)
    }
}

/// The frames that are kept, and the line of those that are to be built.
#[derive(Debug)]
pub(crate) struct Frames {
    kept: Cache<Tag, Arc<Built>>,
    line: Semaphore,
    turns: Semaphore,
    of_tenants: Keyed<TenantId, Semaphore>,
}

/// A turn to build a frame, until it is dropped.
struct Turn<'a> {
    _at_once: SemaphorePermit<'a>,
    _of_tenant: OwnedSemaphorePermit,
    _in_line: SemaphorePermit<'a>,
}

impl Frames {
    /// Keeps so many bytes at most; those that were not asked for the longest go first.
    pub(crate) fn new(bytes: u64) -> Self {
        let kept = Cache::builder()
            .max_capacity(bytes)
            .weigher(|_, built: &Arc<Built>| built.weight())
            // Old marks are never asked for again, however often they were.
            .eviction_policy(EvictionPolicy::lru())
            .time_to_idle(IDLE)
            .build();
        Self {
            kept,
            line: Semaphore::new(IN_LINE),
            turns: Semaphore::new(BUILT_AT_ONCE),
            of_tenants: Keyed::default(),
        }
    }

    /// The frame of a tag, which is that of this transaction and question. Whoever waits for
    /// it holds no connection; where data come meanwhile, it may be newer than its tag.
    ///
    /// # Errors
    /// 503 where too many others wait for frames, or the database is out of reach.
    pub(crate) async fn get(
        &self,
        tag: Tag,
        store: &Store,
        tx: TenantTx,
        wanted: &Wanted,
    ) -> ApiResult<Arc<Built>> {
        let tenant = tx.tenant();
        let detached = tx.release().await?;
        let build = async {
            let _turn = self.turn(tenant).await?;
            let mut tx = detached.reacquire(store).await?;
            let framed = tx.runs_framed(wanted).await?;
            drop(tx);
            let runs = match framed {
                Framed::Runs(builder, values) => Runs::Each(frame(builder, values).await?),
                Framed::Cells(builder, fits) => Runs::Cells(frame(builder, None).await?, fits),
                Framed::TooMany(fits) => Runs::TooMany(fits),
            };
            Ok(Arc::new(Built { runs, zstd: OnceCell::new(), brotli: OnceCell::new() }))
        };
        let entry = self.kept.entry(tag).or_try_insert_with(build).await;
        let entry = entry.map_err(|problem: Arc<Problem>| Problem::clone(&problem))?;
        let result = if entry.is_fresh() { "built" } else { "kept" };
        metrics::counter!("frames_total", "result" => result).increment(1);
        Ok(entry.into_value())
    }

    async fn turn(&self, tenant: TenantId) -> ApiResult<Turn<'_>> {
        let in_line = self.line.try_acquire().map_err(|_| {
            count_refusal("frames");
            Problem::busy()
        })?;
        let of_tenant = self.of_tenants.get(tenant, || Semaphore::new(1));
        let of_tenant = of_tenant.acquire_owned().await.map_err(|_| Problem::busy())?;
        let at_once = self.turns.acquire().await.map_err(|_| Problem::busy())?;
        Ok(Turn { _at_once: at_once, _of_tenant: of_tenant, _in_line: in_line })
    }
}

async fn frame(mut builder: Box<Builder>, values: Option<Vec<f64>>) -> ApiResult<Frame> {
    let made = move || {
        if let Some(values) = values {
            builder.measure(&values, bins(values.clone()));
        }
        Frame::read(&builder.finish(Column::Station))
    };
    aside("reading a frame of our own", made).await
}

/// Does what takes a while on a thread of its own.
pub(crate) async fn aside<T: Send + 'static, E: std::fmt::Display + Send + 'static>(
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
    async fn some_frames_are_built_at_once_some_wait_and_others_are_told_to_come_again() {
        let frames = Frames::new(0);
        let mut building = Vec::new();
        let tenant = |n: usize| TenantId::from(uuid::Uuid::from_u128(n as u128));
        for n in 0..BUILT_AT_ONCE {
            building.push(frames.turn(tenant(n)).await.ok());
        }
        let mut waiting = Vec::new();
        for n in BUILT_AT_ONCE..IN_LINE {
            let mut turn = Box::pin(frames.turn(tenant(n)));
            assert!(turn.as_mut().now_or_never().is_none());
            waiting.push(turn);
        }
        let refused = frames.turn(tenant(0)).await.map(|_| ()).unwrap_err();
        assert_eq!(refused.status().as_u16(), 503);
        building.pop();
        assert!(waiting.swap_remove(0).await.is_ok());
    }

    #[tokio::test]
    async fn a_tenant_builds_one_frame_at_once_and_leaves_a_turn_to_others() {
        let frames = Frames::new(0);
        let [one, other] = [1, 2].map(|n| TenantId::from(uuid::Uuid::from_u128(n)));
        let first = frames.turn(one).await.unwrap();
        let mut second = Box::pin(frames.turn(one));
        assert!(second.as_mut().now_or_never().is_none());
        assert!(frames.turn(other).now_or_never().is_some_and(|turn| turn.is_ok()));
        drop(first);
        assert!(second.await.is_ok());
    }
}
