//! Secrets of sessions, tokens and devices: 256 random bits, of which only the hash is stored.

use rand::RngExt;
use sha2::{Digest, Sha256};

/// Characters of a secret that a list may show: the kind and 32 of the 256 bits.
const PREFIX: usize = 12;

/// Generates a secret: 64 hexadecimal digits, with a prefix by which leaks can be detected.
#[must_use]
pub fn new(prefix: &str) -> String {
    let mut rng = rand::rng();
    let (high, low): (u128, u128) = (rng.random(), rng.random());
    format!("{prefix}{high:032x}{low:032x}")
}

/// Hashes a secret for the store. A secret has 256 bits of entropy, so one round of a fast
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
