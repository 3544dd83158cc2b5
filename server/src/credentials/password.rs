//! Passwords: Argon2id with the library's default parameters, on blocking threads. A semaphore
//! limits the concurrency: each hash takes 19 MiB and a core.

use std::sync::Arc;

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use rand::RngExt;
use tokio::sync::Semaphore;
use zxcvbn::{Score, zxcvbn};

/// Minimum length of a password, in characters.
pub const MIN_CHARS: usize = 12;
/// Maximum length in characters: hashing long inputs would allow denial of service.
pub const MAX_CHARS: usize = 256;
/// Maximum length in bytes, with four bytes per character.
pub const MAX_BYTES: usize = 4 * MAX_CHARS;

/// Maximum number of concurrent hashes.
const HASH_CONCURRENCY: usize = 2;

/// Why a password is rejected.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// Too short or too long.
    #[error("a password must have {MIN_CHARS} to {MAX_CHARS} characters")]
    Length,
    /// Common, repetitive, or derived from its owner's address.
    #[error("this password is too easy to guess: choose a longer or less common one")]
    Common,
    /// Hashing it failed.
    #[error("cannot hash the password: {0}")]
    Failed(String),
}

/// Hashes and verifies passwords, two at a time, in FIFO order.
#[derive(Debug)]
pub struct Hasher(Arc<Semaphore>);

impl Default for Hasher {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(HASH_CONCURRENCY)))
    }
}

impl Hasher {
    /// Whether the password matches the hash. Without a hash it takes the same time and returns
    /// false, so that the timing does not reveal who exists.
    pub async fn verify(&self, password: String, hash: Option<String>) -> bool {
        let check = move || match hash.as_deref().map(PasswordHash::new) {
            Some(Ok(hash)) if password.len() <= MAX_BYTES => {
                Argon2::default().verify_password(password.as_bytes(), &hash).is_ok()
            }
            _ => {
                let _ = hash_of("the same work for nobody");
                false
            }
        };
        self.run(check).await.unwrap_or(false)
    }

    /// Hashes a password; see [`hash`].
    ///
    /// # Errors
    /// Why the password is not taken.
    pub async fn hash(&self, password: String, owner: String) -> Result<String, PasswordError> {
        let hashed = self.run(move || hash(&password, &owner)).await;
        hashed.unwrap_or_else(|| Err(PasswordError::Failed("it was interrupted".into())))
    }

    /// Runs work on a blocking thread. The work holds the permit, not the future that waits for it:
    /// a client that disconnects does not release the permit early.
    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
        let permit = Arc::clone(&self.0).acquire_owned().await.ok()?;
        let work = move || {
            let _permit = permit;
            work()
        };
        tokio::task::spawn_blocking(work).await.ok()
    }
}

/// Checks the strength of a password and hashes it with a random salt. `owner` is the e-mail
/// address, which must not be the password.
///
/// # Errors
/// Why the password is not taken.
pub fn hash(password: &str, owner: &str) -> Result<String, PasswordError> {
    if !(MIN_CHARS..=MAX_CHARS).contains(&password.chars().count()) {
        return Err(PasswordError::Length);
    }
    // zxcvbn estimates the guesses by lists of leaked passwords, words, names, keyboard rows,
    // dates and repetitions; fewer than a million are feasible for a throttled attacker.
    let known: Vec<&str> =
        owner.split(['@', '.']).chain(["firstpass", owner]).filter(|it| !it.is_empty()).collect();
    if zxcvbn(password, &known).score() < Score::Two {
        return Err(PasswordError::Common);
    }
    hash_of(password).map_err(PasswordError::Failed)
}

fn hash_of(password: &str) -> Result<String, String> {
    Argon2::default()
        .hash_password(password.as_bytes())
        .map(|hash| hash.to_string())
        .map_err(|error| error.to_string())
}

/// Generates a password: 80 random bits in groups that can be read aloud.
#[must_use]
pub fn generate() -> String {
    const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let mut rng = rand::rng();
    let mut random: u128 = rng.random();
    let mut password = String::with_capacity(19);
    for position in 0..16 {
        if position > 0 && position % 4 == 0 {
            password.push('-');
        }
        password.push(char::from(LETTERS[(random % 32) as usize]));
        random /= 32;
    }
    password
}

#[cfg(test)]
mod tests {
    use futures::FutureExt;

    use super::*;

    const OWNER: &str = "q.tester@north.example";

    #[tokio::test]
    async fn a_password_opens_its_own_hash_and_no_other() {
        let password = generate();
        let stored = hash(&password, OWNER).unwrap();
        let hasher = Hasher::default();
        assert!(hasher.verify(password.clone(), Some(stored.clone())).await);
        assert!(!hasher.verify(generate(), Some(stored)).await);
        assert!(!hasher.verify(password, None).await);
    }

    #[tokio::test]
    async fn a_disconnected_client_does_not_release_its_permit() {
        let hasher = Hasher::default();
        let (finish, finished) = std::sync::mpsc::channel::<()>();
        let check = hasher.run(move || finished.recv().is_ok());
        assert!(check.now_or_never().is_none(), "it is under way, and nobody waits for it");
        assert_eq!(hasher.0.available_permits(), HASH_CONCURRENCY - 1);
        finish.send(()).unwrap();
        drop(hasher.0.acquire_many(HASH_CONCURRENCY as u32).await.unwrap());
    }

    #[test]
    fn a_common_password_is_refused() {
        for password in [
            "password1234",
            "            ",
            "aaaaaaaaaaaa",
            "123456789012",
            "qwertyuiop123",
            "abcdefghijkl",
            "iloveyou1234",
            "firstpass2026",
            "q.tester@north.example",
        ] {
            assert_eq!(hash(password, OWNER), Err(PasswordError::Common), "{password}");
        }
    }

    #[test]
    fn length_is_counted_in_characters() {
        let fits = "öäüéñçøåžœłđ";
        assert_eq!(fits.chars().count(), MIN_CHARS);
        assert!(hash(fits, OWNER).is_ok());
        assert_eq!(hash("öäüéñç", OWNER), Err(PasswordError::Length), "12 bytes, 6 characters");
        assert_eq!(hash(&"ab".repeat(129), OWNER), Err(PasswordError::Length));
    }
}
