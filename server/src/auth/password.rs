//! Passwords: Argon2id with the library's parameters, off the async threads, and only
//! as many at once as there is room for: each takes 19 MiB and a core.

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use rand::RngExt;
use tokio::sync::{Semaphore, SemaphorePermit};

/// The shortest password that is taken.
pub const SHORTEST: usize = 12;
/// The longest: hashing must not become a way to keep the server busy.
pub const LONGEST: usize = 256;

/// Checks passwords, two at a time.
#[derive(Debug)]
pub struct Hasher {
    turns: Semaphore,
    places: Semaphore,
}

impl Default for Hasher {
    fn default() -> Self {
        Self { turns: Semaphore::new(2), places: Semaphore::new(32) }
    }
}

impl Hasher {
    /// A place among those who wait for their turn, if there is one.
    #[must_use]
    pub fn place(&self) -> Option<SemaphorePermit<'_>> {
        self.places.try_acquire().ok()
    }

    /// Whether the password is the one of that hash. Where there is no hash it takes as
    /// long and says no, so that the time does not tell who exists.
    pub async fn verify(&self, password: String, hash: Option<String>) -> bool {
        let Ok(_turn) = self.turns.acquire().await else { return false };
        let check = move || match hash.as_deref().map(PasswordHash::new) {
            Some(Ok(hash)) if password.len() <= LONGEST => {
                Argon2::default().verify_password(password.as_bytes(), &hash).is_ok()
            }
            _ => {
                let _ = hash_of("the same work for nobody");
                false
            }
        };
        tokio::task::spawn_blocking(check).await.unwrap_or(false)
    }
}

/// The hash to keep of a password, with a random salt.
///
/// # Errors
/// A sentence when the password is too short or too long.
pub fn hash(password: &str) -> Result<String, String> {
    if !(SHORTEST..=LONGEST).contains(&password.len()) {
        return Err(format!("a password has {SHORTEST} to {LONGEST} bytes"));
    }
    hash_of(password)
}

fn hash_of(password: &str) -> Result<String, String> {
    Argon2::default()
        .hash_password(password.as_bytes())
        .map(|hash| hash.to_string())
        .map_err(|error| format!("cannot hash the password: {error}"))
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
    use super::{Hasher, generate, hash};

    #[tokio::test]
    async fn a_password_opens_its_own_hash_and_no_other() {
        let password = generate();
        let kept = hash(&password).unwrap();
        let hasher = Hasher::default();
        assert!(hasher.verify(password.clone(), Some(kept.clone())).await);
        assert!(!hasher.verify(generate(), Some(kept)).await);
        assert!(!hasher.verify(password, None).await);
    }

    #[test]
    fn a_short_password_is_refused() {
        assert!(hash("short").unwrap_err().contains("12"));
    }
}
