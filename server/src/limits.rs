//! Every bound of this server, with its default: what one request, one person, one tenant
//! and all together may use. Flags and the file's section `[limits]` set the first group
//! (`config::limits`).
//!
//! | resource | per person | per tenant | all together | beyond it |
//! |---|---|---|---|---|
//! | light reads at once | 4 | 4 | 6 | waits, then 429 or 503 |
//! | heavy reads at once | 4 | 2 | 3 | waits, then 429 or 503 |
//! | reads that wait | | 64 | | 429 |
//! | uploads received at once | 8 | 16 | | 429 |
//! | bytes of bodies in memory | | 256 MiB | 1 GiB | 429 |
//! | uploads parsed and written at once | | 2 | 4 | waits |
//! | uploads a second, of a credential | 50, 500 at once | | | 429 |
//! | downloads of raw bytes at once | 2 | 4 | 16 | 429 |
//! | connections | 256 an address | | 8,192 | closed; 32 more ask for health |
//! | live streams | 16 a session, 48 | 250 | 1,000 | 429 |
//! | frames built at once, and waiting | | 1 | 2, 32 | 503 |
//! | bytes of frames that are being sent | | 256 MiB | 1 GiB | 429 |
//! | background jobs at once | | 2 on all servers | 2 | waits |
//! | background jobs, queued and running | | 10,000 | | refused |
//! | credentials looked up at once | | | 3 | waits |
//!
//! Connections to the database (19) are the sum of the light and heavy reads, the uploads
//! written, the look-ups of credentials, and three for background jobs (two that run, one for
//! leases), so that none of these waits for another kind.

use std::num::NonZeroU32;
use std::time::Duration;

/// A run that starts later than this from now is from the future, and not counted yet.
pub const FUTURE: Duration = Duration::from_secs(86_400);

/// Counts a request that one of these bounds refused. Reads are counted where they are admitted
/// (`admission_refused_total`).
pub(crate) fn count_refusal(limit: &'static str) {
    metrics::counter!("limit_refused_total", "limit" => limit).increment(1);
}

/// What bounds a request.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// A session that is not used for this long ends.
    pub session_idle: Duration,
    /// A session ends after this long, used or not.
    pub session_life: Duration,
    /// Bytes of an upload as sent.
    pub upload_bytes: usize,
    /// Bytes of an upload, decoded.
    pub decoded_bytes: u64,
    /// Bytes of a line.
    pub line_bytes: usize,
    /// How deep a line may nest objects and arrays.
    pub line_depth: usize,
    /// How long an upload may take to arrive.
    pub upload_time: Duration,
    /// How long nothing of an upload may arrive.
    pub upload_stall: Duration,
    /// How long any other body may take to arrive.
    pub small_body_time: Duration,
    /// Connections at most; a few more may ask for health.
    pub connections: usize,
    /// Connections of one peer: an IPv4 address, or a /64 network of IPv6.
    pub connections_of_peer: usize,
    /// How long the head of a request may take from its first byte.
    pub head_time: Duration,
    /// How long a connection may be silent between two requests: longer than proxies keep
    /// theirs, so that no request meets a connection that is being closed.
    pub keep_alive: Duration,
    /// How long a client may take nothing of an answer.
    pub write_stall: Duration,
    /// Runs and repairs of one upload.
    pub upload_runs: u64,
    /// Requests of ingest that one credential may make in a second, for long.
    pub upload_rate: NonZeroU32,
    /// Those that it may make at once, after a rest.
    pub upload_burst: NonZeroU32,
    /// Bytes of the embedded database's disk that uploads leave free.
    pub reserve_bytes: u64,
    /// What one tenant may use at once, and all together.
    pub shares: Shares,
    /// Rows of a frame: runs, or cells where there are more runs.
    pub frame_runs: usize,
    /// Bytes of frames that are kept for whoever asks the same again.
    pub frame_cache_bytes: u64,
    /// Live streams of this process.
    pub live_streams: usize,
    /// Live streams of one session or token.
    pub live_streams_of_one: usize,
    /// Live streams of one person, over all sessions.
    pub live_streams_of_person: usize,
    /// Live streams of one tenant.
    pub live_streams_of_tenant: usize,
    /// A live stream ends after this long, and whoever comes back is asked again who it is.
    pub live_time: Duration,
    /// A proxy of ours is in front: its headers say where a request comes from.
    pub behind_proxy: bool,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            session_idle: Duration::from_secs(12 * 3600),
            session_life: Duration::from_secs(7 * 24 * 3600),
            upload_bytes: 64 << 20,
            decoded_bytes: 1 << 30,
            line_bytes: 1 << 20,
            line_depth: 64,
            upload_time: Duration::from_secs(600),
            upload_stall: Duration::from_secs(30),
            small_body_time: Duration::from_secs(15),
            connections: 8_192,
            connections_of_peer: 256,
            head_time: Duration::from_secs(30),
            keep_alive: Duration::from_secs(75),
            write_stall: Duration::from_secs(30),
            upload_runs: 100_000,
            upload_rate: const { NonZeroU32::new(50).unwrap() },
            upload_burst: const { NonZeroU32::new(500).unwrap() },
            reserve_bytes: 256 << 20,
            shares: Shares::default(),
            frame_runs: 1_000_000,
            frame_cache_bytes: 256 << 20,
            live_streams: 1_000,
            live_streams_of_one: 16,
            live_streams_of_person: 48,
            live_streams_of_tenant: 250,
            live_time: Duration::from_secs(300),
            behind_proxy: false,
        }
    }
}

/// What one person, one tenant and all together may use at once.
#[derive(Debug, Clone, Copy)]
pub struct Shares {
    /// Reads of one person or token that are answered at once, of either kind.
    pub reads_of_person: usize,
    /// Light reads of one tenant that are answered at once.
    pub light_of_tenant: usize,
    /// Light reads that are answered at once. Each holds a connection.
    pub light: usize,
    /// Heavy reads of one tenant that are answered at once.
    pub heavy_of_tenant: usize,
    /// Heavy reads that are answered at once. Each holds a connection.
    pub heavy: usize,
    /// Reads of one tenant that wait to be answered.
    pub waiting_of_tenant: usize,
    /// How long a read waits at most.
    pub wait: Duration,
    /// Uploads of one tenant that are received at once. Each may hold its body in memory, as
    /// it was sent.
    pub uploads_of_tenant: usize,
    /// Bytes of bodies, as they are sent, that one tenant may have in memory.
    pub body_bytes_of_tenant: usize,
    /// Bytes of bodies, as they are sent, in memory.
    pub body_bytes: usize,
    /// Bytes of frames that may be on their way to the readers of one tenant.
    pub frame_bytes_of_tenant: usize,
    /// Bytes of frames that may be on their way to readers.
    pub frame_bytes: usize,
    /// Uploads of one tenant that are parsed and written at once: one is merged while the
    /// next is parsed.
    pub writers_of_tenant: usize,
    /// Uploads that are parsed and written at once. Each may hold its largest run and a
    /// connection.
    pub writers: usize,
    /// How long an upload may take from the first parsed byte to its commit.
    pub write_time: Duration,
    /// Downloads of raw bytes of one tenant at once. Each holds its compressed bytes.
    pub downloads_of_tenant: usize,
    /// Downloads of raw bytes at once.
    pub downloads: usize,
    /// Credentials that are looked up at once. Each holds a connection for about a
    /// millisecond.
    pub lookups: usize,
}

impl Default for Shares {
    fn default() -> Self {
        Self {
            reads_of_person: 4,
            light_of_tenant: 4,
            light: 6,
            heavy_of_tenant: 2,
            heavy: 3,
            waiting_of_tenant: 64,
            wait: Duration::from_secs(10),
            uploads_of_tenant: 16,
            body_bytes_of_tenant: 256 << 20,
            body_bytes: 1 << 30,
            frame_bytes_of_tenant: 256 << 20,
            frame_bytes: 1 << 30,
            writers_of_tenant: 2,
            writers: 4,
            write_time: Duration::from_secs(600),
            downloads_of_tenant: 4,
            downloads: 16,
            lookups: 3,
        }
    }
}
