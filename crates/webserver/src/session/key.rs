//! What stands for a session wherever its id must not stand.
//!
//! The id in the cookie is a password: whoever has it *is* the player. So it is in the browser and nowhere else. Redis, and
//! whatever shows or logs what is in there, knows a session by a hash of its id, as it would know a password. From the hash
//! nobody finds the id: there are 2^128 to be tried.

use std::{fmt, str::FromStr};

use sha2::{Digest, Sha256};
use tower_sessions::session::Id;

/// The hash of a session's id: half of its SHA-256, which is as long as the id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SessionKey([u8; 16]);

impl SessionKey {
    /// The key of the session with this id.
    pub fn of(id: Id) -> SessionKey {
        let hash: [u8; 32] = Sha256::digest(id.0.to_le_bytes()).into();
        let mut half = [0; 16];
        half.copy_from_slice(&hash[..16]);
        SessionKey(half)
    }

    /// The key in the form of an id, for a store that knows nothing else.
    pub fn as_id(self) -> Id {
        Id(i128::from_le_bytes(self.0))
    }
}

/// As the key stands in Redis.
impl fmt::Display for SessionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_id().fmt(f)
    }
}

impl FromStr for SessionKey {
    type Err = <Id as FromStr>::Err;

    fn from_str(text: &str) -> Result<SessionKey, Self::Err> {
        let key: Id = text.parse()?;
        Ok(SessionKey(key.0.to_le_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_always_the_same_and_that_of_no_other_id() {
        let (one, two) = (Id(1), Id(2));
        assert_eq!(SessionKey::of(one), SessionKey::of(one));
        assert_ne!(SessionKey::of(one), SessionKey::of(two));
        assert_ne!(SessionKey::of(one).as_id(), one);
        let text = SessionKey::of(one).to_string();
        assert_eq!(text.parse(), Ok(SessionKey::of(one)));
    }
}
