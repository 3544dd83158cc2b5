//! Options for the limits of uploads: the flags of `serve`, and the section `[limits]` of
//! the file.

use std::num::NonZeroU32;
use std::time::Duration;

use anyhow::{Result, bail};
use clap::Args;
use serde::Deserialize;

use crate::state::Limits;

/// Declares the limits: for each the help, the name, the environment variable, the unit
/// and the valid range. A limit of 0 would refuse everything.
macro_rules! limits {
    ($($(#[$help:meta])+ $name:ident $variable:literal $unit:literal $range:expr;)+) => {
        /// Limits of uploads and responses.
        #[derive(Debug, Clone, Default, Args, Deserialize)]
        #[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
        pub struct LimitOptions {
            $($(#[$help])+
            #[arg(long, env = $variable, value_name = $unit, help_heading = "Limits")]
            pub $name: Option<u64>,)+
        }

        impl LimitOptions {
            /// Merges the options: values of `file` are defaults.
            pub(super) fn or(self, file: Self) -> Self {
                Self { $($name: self.$name.or(file.$name),)+ }
            }

            /// # Errors
            /// The limit that is out of range.
            pub(super) fn check(&self) -> Result<()> {
                $(check(stringify!($name), self.$name, $range)?;)+
                Ok(())
            }
        }
    };
}

limits! {
    /// Bytes of a body as it is sent [default: 67108864, 64 MiB]
    upload_bytes "FIRSTPASS_UPLOAD_BYTES" "BYTES" 1..=1 << 30;
    /// Bytes of a body when decoded [default: 1073741824, 1 GiB]
    decoded_bytes "FIRSTPASS_DECODED_BYTES" "BYTES" 1..=4 << 30;
    /// Bytes of a line [default: 1048576, 1 MiB]
    line_bytes "FIRSTPASS_LINE_BYTES" "BYTES" 1..=256 << 20;
    /// How deep a line may nest objects and arrays [default: 64]
    line_depth "FIRSTPASS_LINE_DEPTH" "LEVELS" 1..=127;
    /// Runs and repairs of a body [default: 100000]
    upload_runs "FIRSTPASS_UPLOAD_RUNS" "NUMBER" 1..=10_000_000;
    /// How long a body may take to arrive [default: 600]
    upload_seconds "FIRSTPASS_UPLOAD_SECONDS" "SECONDS" 1..=86_400;
    /// Maximum number of connections, if the limit of open files allows it [default: 8192]
    max_connections "FIRSTPASS_MAX_CONNECTIONS" "NUMBER" 16..=1_000_000;
    /// Connections of one peer, an IPv4 address or a /64 of IPv6; not behind a proxy, which
    /// is the peer of every connection [default: 256]
    connections_per_peer "FIRSTPASS_CONNECTIONS_PER_PEER" "NUMBER" 1..=1_000_000;
    /// Idle timeout of a connection between two requests; longer than that of a proxy in front
    /// [default: 75]
    keep_alive_seconds "FIRSTPASS_KEEP_ALIVE_SECONDS" "SECONDS" 1..=3_600;
    /// Sustained ingest requests per second of one credential [default: 50]
    upload_rate "FIRSTPASS_UPLOAD_RATE" "NUMBER" 1..=1_000_000;
    /// Burst of ingest requests of one credential [default: 500]
    upload_burst "FIRSTPASS_UPLOAD_BURST" "NUMBER" 1..=1_000_000;
    /// Bytes of the embedded database's disk that uploads leave free, so that reads still work;
    /// 0 disables the check [default: 268435456, 256 MiB]
    reserve_bytes "FIRSTPASS_RESERVE_BYTES" "BYTES" 0..=1 << 50;
    /// Rows of a frame: runs, or cells of equal runs if there are more [default: 1000000]
    frame_runs "FIRSTPASS_FRAME_RUNS" "NUMBER" 1..=10_000_000;
    /// Bytes of the cache of frames; 0 disables it [default: 268435456, 256 MiB]
    frame_cache_bytes "FIRSTPASS_FRAME_CACHE_BYTES" "BYTES" 0..=1 << 40;
}

impl LimitOptions {
    /// The limits of a server, with defaults.
    #[must_use]
    pub fn limits(&self) -> Limits {
        let or = Limits::default();
        // Saturates on a machine with a smaller address space.
        let size =
            |option: Option<u64>, or| option.map_or(or, |n| n.try_into().unwrap_or(usize::MAX));
        let number = |option: Option<u64>, or| {
            option.and_then(|n| NonZeroU32::new(u32::try_from(n).unwrap_or(u32::MAX))).unwrap_or(or)
        };
        Limits {
            upload_bytes: size(self.upload_bytes, or.upload_bytes),
            decoded_bytes: self.decoded_bytes.unwrap_or(or.decoded_bytes),
            line_bytes: size(self.line_bytes, or.line_bytes),
            line_depth: size(self.line_depth, or.line_depth),
            upload_runs: self.upload_runs.unwrap_or(or.upload_runs),
            upload_time: self.upload_seconds.map_or(or.upload_time, Duration::from_secs),
            upload_rate: number(self.upload_rate, or.upload_rate),
            upload_burst: number(self.upload_burst, or.upload_burst),
            reserve_bytes: self.reserve_bytes.unwrap_or(or.reserve_bytes),
            frame_runs: size(self.frame_runs, or.frame_runs),
            frame_cache_bytes: self.frame_cache_bytes.unwrap_or(or.frame_cache_bytes),
            connections: size(self.max_connections, or.connections),
            connections_of_peer: size(self.connections_per_peer, or.connections_of_peer),
            keep_alive: self.keep_alive_seconds.map_or(or.keep_alive, Duration::from_secs),
            ..or
        }
    }
}

fn check(name: &str, option: Option<u64>, range: std::ops::RangeInclusive<u64>) -> Result<()> {
    match option {
        Some(number) if !range.contains(&number) => bail!(
            "{} is a number from {} to {}, not {number}",
            name.replace('_', "-"),
            range.start(),
            range.end()
        ),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Command {
        #[command(flatten)]
        limits: LimitOptions,
    }

    #[test]
    fn the_defaults_are_those_of_the_contract() {
        let limits = LimitOptions::default().limits();
        assert_eq!((limits.upload_bytes, limits.decoded_bytes), (64 << 20, 1 << 30));
        assert_eq!((limits.line_bytes, limits.line_depth), (1 << 20, 64));
        assert_eq!((limits.upload_runs, limits.upload_time.as_secs()), (100_000, 600));
        assert_eq!((limits.upload_rate.get(), limits.upload_burst.get()), (50, 500));
        assert_eq!((limits.reserve_bytes, limits.frame_runs), (256 << 20, 1_000_000));
        assert_eq!(limits.frame_cache_bytes, 256 << 20);
    }

    #[test]
    fn a_flag_goes_before_the_file() {
        let flags = Command::parse_from(["x", "--line-depth=9", "--upload-seconds=2"]).limits;
        let file = toml::from_str("line-depth = 8\nupload-runs = 7").unwrap();
        let limits = flags.or(file).limits();
        assert_eq!((limits.line_depth, limits.upload_runs), (9, 7));
        assert_eq!(limits.upload_time, Duration::from_secs(2));
    }

    #[test]
    fn a_limit_out_of_its_range_is_named() {
        for (flag, named) in [
            ("--line-depth=128", "line-depth is a number from 1 to 127, not 128"),
            ("--upload-bytes=0", "upload-bytes is a number from 1 to 1073741824, not 0"),
        ] {
            let options = Command::parse_from(["x", flag]).limits;
            assert_eq!(options.check().unwrap_err().to_string(), named);
        }
        let misread = Command::try_parse_from(["x", "--upload-runs=many"]).err().unwrap();
        assert!(misread.to_string().contains("--upload-runs"), "{misread}");
    }
}
