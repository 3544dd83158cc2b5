//! All limits of this server, with their defaults: per request, per person, per tenant
//! and in total. Flags and the file's section `[limits]` set the first group
//! (`config::limits`).
//!
//! | resource | per person | per tenant | total | beyond the limit |
//! |---|---|---|---|---|
//! | concurrent light reads | 4 | 4 | 6 | waits, then 429 or 503 |
//! | concurrent heavy reads | 4 | 2 | 3 | waits, then 429 or 503 |
//! | waiting reads | | 64 | | 429 |
//! | uploads received concurrently | 8 | 16 | | 429 |
//! | bytes of bodies in memory | | 256 MiB | 1 GiB | 429 |
//! | uploads parsed and written concurrently | | 2 | 4 | waits |
//! | uploads per second, of a credential | 50, burst 500 | | | 429 |
//! | concurrent downloads of raw bytes | 2 | 4 | 16 | 429 |
//! | connections | 256 per address | | 8,192 | closed; 32 more for health checks |
//! | live streams | 16 per session, 48 | 250 | 1,000 | 429 |
//! | frames built concurrently, and waiting | | 1 | 2, 32 | 503 |
//! | bytes of frames being sent | | 256 MiB | 1 GiB | 429 |
//! | concurrent background jobs | | 2 on all servers | 2 | waits |
//! | background jobs, queued and running | | 10,000 | | refused |
//! | concurrent look-ups of credentials | | | 3 | waits |
//!
//! The pool of database connections (19) is the sum of the light and heavy reads, the uploads
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

/// Limits of requests.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Idle timeout of a session.
    pub session_idle: Duration,
    /// Maximum lifetime of a session.
    pub session_life: Duration,
    /// Maximum bytes of an upload as sent.
    pub upload_bytes: usize,
    /// Maximum bytes of an upload, decoded.
    pub decoded_bytes: u64,
    /// Maximum bytes of a line.
    pub line_bytes: usize,
    /// How deep a line may nest objects and arrays.
    pub line_depth: usize,
    /// How long an upload may take to arrive.
    pub upload_time: Duration,
    /// Stall timeout of an upload: how long no byte may arrive.
    pub upload_stall: Duration,
    /// How long any other body may take to arrive.
    pub small_body_time: Duration,
    /// Maximum number of connections; a few more are admitted for health checks.
    pub connections: usize,
    /// Connections of one peer: an IPv4 address, or a /64 network of IPv6.
    pub connections_of_peer: usize,
    /// How long the head of a request may take from its first byte.
    pub head_time: Duration,
    /// Idle timeout of a connection between two requests: longer than that of proxies, so that
    /// no request arrives on a connection that is being closed.
    pub keep_alive: Duration,
    /// Stall timeout of a response: how long a client may read nothing.
    pub write_stall: Duration,
    /// Maximum number of runs and repairs of one upload.
    pub upload_runs: u64,
    /// Sustained ingest requests per second of one credential.
    pub upload_rate: NonZeroU32,
    /// Burst of ingest requests of one credential.
    pub upload_burst: NonZeroU32,
    /// Bytes of the embedded database's disk that uploads leave free.
    pub reserve_bytes: u64,
    /// Concurrency limits per tenant and in total.
    pub shares: Shares,
    /// Maximum rows of a frame: runs, or cells if there are more runs.
    pub frame_runs: usize,
    /// Capacity of the cache of frames, in bytes.
    pub frame_cache_bytes: u64,
    /// Maximum number of live streams of this process.
    pub live_streams: usize,
    /// Maximum number of live streams of one session or token.
    pub live_streams_of_one: usize,
    /// Maximum number of live streams of one person, over all sessions.
    pub live_streams_of_person: usize,
    /// Maximum number of live streams of one tenant.
    pub live_streams_of_tenant: usize,
    /// Maximum duration of a live stream; the client reconnects and is authenticated again.
    pub live_time: Duration,
    /// Whether a trusted proxy is in front: its headers contain the source of a request.
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

/// Concurrency limits per person, per tenant and in total.
#[derive(Debug, Clone, Copy)]
pub struct Shares {
    /// Concurrent reads of one person or token, of either kind.
    pub reads_of_person: usize,
    /// Concurrent light reads of one tenant.
    pub light_of_tenant: usize,
    /// Concurrent light reads. Each holds a connection.
    pub light: usize,
    /// Concurrent heavy reads of one tenant.
    pub heavy_of_tenant: usize,
    /// Concurrent heavy reads. Each holds a connection.
    pub heavy: usize,
    /// Waiting reads of one tenant.
    pub waiting_of_tenant: usize,
    /// Maximum wait of a read.
    pub wait: Duration,
    /// Uploads of one tenant that are received concurrently. Each may hold its body in memory, as
    /// it was sent.
    pub uploads_of_tenant: usize,
    /// Maximum bytes of bodies of one tenant in memory, as sent.
    pub body_bytes_of_tenant: usize,
    /// Maximum bytes of bodies in memory, as sent.
    pub body_bytes: usize,
    /// Maximum bytes of frames that are being sent to one tenant.
    pub frame_bytes_of_tenant: usize,
    /// Maximum bytes of frames that are being sent.
    pub frame_bytes: usize,
    /// Uploads of one tenant that are parsed and written concurrently: one is merged while the
    /// next is parsed.
    pub writers_of_tenant: usize,
    /// Uploads that are parsed and written concurrently. Each may hold its largest run and a
    /// connection.
    pub writers: usize,
    /// How long an upload may take from the first parsed byte to its commit.
    pub write_time: Duration,
    /// Concurrent downloads of raw bytes of one tenant. Each holds its compressed bytes.
    pub downloads_of_tenant: usize,
    /// Concurrent downloads of raw bytes.
    pub downloads: usize,
    /// Concurrent look-ups of credentials. Each holds a connection for about a
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
