//! Secrets and how guessing them is bounded: password hashes, tokens, throttling, the queue of
//! log-ins.

pub mod password;
pub mod queue;
pub mod secret;
pub(crate) mod throttle;
