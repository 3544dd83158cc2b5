//! Passwords: Argon2id with the library's parameters, off the async threads, and only
//! as many at once as there is room for: each takes 19 MiB and a core.

use std::sync::Arc;

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use rand::RngExt;
use tokio::sync::Semaphore;
use zxcvbn::{Score, zxcvbn};

/// Characters of the shortest password that is taken.
pub const SHORTEST: usize = 12;
/// Characters of the longest: hashing must not become a way to keep the server busy.
pub const LONGEST: usize = 256;
/// Bytes of the longest, where each character takes four.
pub const LONGEST_BYTES: usize = 4 * LONGEST;

/// Password checks that run at once.
const AT_ONCE: usize = 2;

/// Why a password is not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// Too short or too long.
    #[error("a password must have {SHORTEST} to {LONGEST} characters")]
    Length,
    /// Common, repetitive, or made of what is known of its owner.
    #[error("this password is too easy to guess: choose a longer or less common one")]
    Common,
    /// Hashing it failed.
    #[error("cannot hash the password: {0}")]
    Failed(String),
}

/// Hashes and checks passwords, two at a time, first come first served.
#[derive(Debug)]
pub struct Hasher(Arc<Semaphore>);

impl Default for Hasher {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(AT_ONCE)))
    }
}

impl Hasher {
    /// Whether the password is the one of that hash. Where there is no hash it takes as
    /// long and says no, so that the time does not tell who exists.
    pub async fn verify(&self, password: String, hash: Option<String>) -> bool {
        let check = move || match hash.as_deref().map(PasswordHash::new) {
            Some(Ok(hash)) if password.len() <= LONGEST_BYTES => {
                Argon2::default().verify_password(password.as_bytes(), &hash).is_ok()
            }
            _ => {
                let _ = hash_of("the same work for nobody");
                false
            }
        };
        self.run(check).await.unwrap_or(false)
    }

    /// The hash to keep of a password; see [`hash`].
    ///
    /// # Errors
    /// Why the password is not taken.
    pub async fn hash(&self, password: String, owner: String) -> Result<String, Unfit> {
        let hashed = self.run(move || hash(&password, &owner)).await;
        hashed.unwrap_or_else(|| Err(Unfit::Failed("it was interrupted".into())))
    }

    /// The permit belongs to the work and not to whoever waits for it: a client that hangs
    /// up does not make room for one more.
    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
        let permit = Arc::clone(&self.0).acquire_owned().await.ok()?;
        let work = move || {
            let _permit = permit;
            work()
        };
        tokio::task::spawn_blocking(work).await.ok()
    }
}

/// The hash to keep of a password, with a random salt. `owner` is the e-mail address, which
/// must not be the password.
///
/// # Errors
/// Why the password is not taken.
pub fn hash(password: &str, owner: &str) -> Result<String, Unfit> {
    if !(SHORTEST..=LONGEST).contains(&password.chars().count()) {
        return Err(Unfit::Length);
    }
    // zxcvbn estimates guesses by lists of leaked passwords, words, names, keyboard rows,
    // dates and repetitions; below a million a throttled attacker gets there.
    let known: Vec<&str> =
        owner.split(['@', '.']).chain(["firstpass", owner]).filter(|it| !it.is_empty()).collect();
    if zxcvbn(password, &known).score() < Score::Two {
        return Err(Unfit::Common);
    }
    hash_of(password).map_err(Unfit::Failed)
}

fn hash_of(password: &str) -> Result<String, String> {
    Argon2::default()
        .hash_password(password.as_bytes())
        .map(|hash| hash.to_string())
        .map_err(|error| error.to_string())
}

/// A password to hand to someone: 80 random bits in groups that can be read aloud.
#[must_use]
pub fn generate() -> String {
    const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let mut rng = rand::rng();
    let mut random: u128 = rng.random();
    let mut password = String::with_capacity(19);
    for place in 0..16 {
        if place > 0 && place % 4 == 0 {
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
        let kept = hash(&password, OWNER).unwrap();
        let hasher = Hasher::default();
        assert!(hasher.verify(password.clone(), Some(kept.clone())).await);
        assert!(!hasher.verify(generate(), Some(kept)).await);
        assert!(!hasher.verify(password, None).await);
    }

    #[tokio::test]
    async fn whoever_hangs_up_makes_no_room_for_another_check() {
        let hasher = Hasher::default();
        let (finish, finished) = std::sync::mpsc::channel::<()>();
        let check = hasher.run(move || finished.recv().is_ok());
        assert!(check.now_or_never().is_none(), "it is under way, and nobody waits for it");
        assert_eq!(hasher.0.available_permits(), AT_ONCE - 1);
        finish.send(()).unwrap();
        drop(hasher.0.acquire_many(AT_ONCE as u32).await.unwrap());
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
            assert_eq!(hash(password, OWNER), Err(Unfit::Common), "{password}");
        }
    }

    #[test]
    fn length_is_counted_in_characters() {
        let fits = "öäüéñçøåžœłđ";
        assert_eq!(fits.chars().count(), SHORTEST);
        assert!(hash(fits, OWNER).is_ok());
        assert_eq!(hash("öäüéñç", OWNER), Err(Unfit::Length), "12 bytes, 6 characters");
        assert_eq!(hash(&"ab".repeat(129), OWNER), Err(Unfit::Length));
    }
}
