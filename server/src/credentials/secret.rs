//! Secrets of sessions, tokens and devices: 256 random bits that only their holder keeps.

use rand::RngExt;
use sha2::{Digest, Sha256};

/// Characters of a secret that a list may show: the kind and 32 of the 256 bits.
const PREFIX: usize = 12;

/// A new secret, in 64 hexadecimal digits, with a prefix that tells a leak from noise.
#[must_use]
pub fn new(prefix: &str) -> String {
    let mut rng = rand::rng();
    let (high, low): (u128, u128) = (rng.random(), rng.random());
    format!("{prefix}{high:032x}{low:032x}")
}

/// What the store keeps of a secret. It has 256 bits of its own, so one round of a fast
/// hash is enough.
#[must_use]
pub fn hash(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}

/// The first characters of a secret, by which its holder recognises it in a list.
#[must_use]
pub fn prefix(secret: &str) -> &str {
    secret.get(..PREFIX).unwrap_or_default()
}
