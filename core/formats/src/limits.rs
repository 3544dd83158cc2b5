//! How much is too much. Over a limit the whole upload is refused (413), where
//! a fault is one line's business.

/// The limits of one upload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a line, without its end.
    pub line_bytes: usize,
    /// How deep objects and arrays may be nested; at most 127, which is what
    /// the JSON reader bears.
    pub depth: usize,
    /// Runs and repairs of an upload.
    pub runs: u64,
    /// Artifacts of one run of a stream.
    pub run_artifacts: usize,
    /// Bytes of one run of a stream.
    pub run_bytes: usize,
}

impl Default for Limits {
    /// Those of the contract.
    fn default() -> Self {
        Self {
            line_bytes: 1 << 20,
            depth: 64,
            runs: 100_000,
            run_artifacts: 1_000_000,
            run_bytes: 256 << 20,
        }
    }
}

/// The upload is over a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TooMuch {
    /// A line is too long.
    #[error("line {line} is longer than {limit} bytes")]
    Line {
        /// Which.
        line: u64,
        /// Bytes allowed.
        limit: usize,
    },
    /// A line is nested too deeply.
    #[error("line {line} nests objects and arrays deeper than {limit}")]
    Depth {
        /// Which.
        line: u64,
        /// Levels allowed.
        limit: usize,
    },
    /// There are too many runs.
    #[error("line {line} begins more than {limit} runs: send them in several uploads")]
    Runs {
        /// Where the first one too many begins.
        line: u64,
        /// Runs allowed.
        limit: u64,
    },
    /// A run is made of too many artifacts.
    #[error("the run that begins on line {line} has more than {limit} artifacts")]
    RunArtifacts {
        /// Where it begins.
        line: u64,
        /// Artifacts allowed.
        limit: usize,
    },
    /// A run is made of too many bytes.
    #[error("the run that begins on line {line} is longer than {limit} bytes")]
    RunBytes {
        /// Where it begins.
        line: u64,
        /// Bytes allowed.
        limit: usize,
    },
}

/// The largest zstd window that is decoded, as a power of two of bytes: the default of zstd's
/// decoders. A frame with a larger one would make the decoder hold as much memory.
pub const ZSTD_WINDOW_LOG: u32 = 27;

/// The predicate of a sentence about a zstd frame whose window is too large, if that is what a
/// decoder's error is about.
#[must_use]
pub fn zstd_window_error(error: &std::io::Error) -> Option<String> {
    let mib = 1_u32 << (ZSTD_WINDOW_LOG - 20);
    // The library has no error code for it.
    error.to_string().contains("too much memory").then(|| {
        format!(
            "is zstd with a window of more than {mib} MiB: compress it without --long, or with --long={ZSTD_WINDOW_LOG} at most"
        )
    })
}
