//! Statistics of Firstpass: intervals on proportions, yield and quality metrics.
//!
//! # Purpose
//! One definition of every figure. The server computes the first paint, the API and the exports
//! with this crate; the browser computes the same figures with the same code after a filter
//! changes. So a figure has one source and, tested by `golden/`, the same 64 bits on both sides.
//!
//! # Invariants
//! * Read a clock, a file, the network, the environment or a random source. Permutation
//!   tests draw from `stats::random` with a fixed seed.
//! * Call a transcendental function of `std` (`f64::ln`, `exp`, `powf`, …): host and
//!   wasm32 differ in the last bit there. `libm` serves both. The `clippy.toml` of
//!   this crate makes the rule a lint.
//! * Panic. What has no answer is `None` (counts) or NaN (continuous functions).
//! * Turn "no data" into 0. A yield of nothing is absent.
//!
//! # How to extend it
//! A metric is one file in `metrics/` with its formula, source, edge cases and a
//! doctest, one line in `metrics/mod.rs`, a test against a published answer in
//! `tests/`, and cases in `golden/cases.rs` (then `golden/README.md` says how to
//! renew the bits). A distribution or a test statistic goes to `stats/` in the same
//! way, with the measured maximum error in its documentation; control charts and
//! capability to `spc/`, statistics of root causes and of instruments to `quality/`.
//! `docs/statistics.md` says what each is checked against.

pub mod difference;
pub mod explore;
pub mod metrics;
pub mod proportion;
pub mod quality;
pub mod spc;
pub mod stats;
