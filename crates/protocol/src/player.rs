//! The id of a player, by which two of the same name are told apart.

use std::{borrow::Cow, fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

/// Which player, whatever they are called: 16 lower-case hexadecimal digits, made at random at each login.
///
/// Everybody may know it, so it is not the session's own id: who knows that one *is* the player. And it says nothing of
/// who somebody was before, since the next login makes another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PlayerId(u64);

impl PlayerId {
    /// One that no player has.
    #[must_use]
    pub fn random() -> PlayerId {
        PlayerId(rand::random())
    }
}

impl fmt::Display for PlayerId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

/// What was given is no id of a player. The sentence says what is accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is no id of a player; 16 lower-case hexadecimal digits are")]
pub struct ParsePlayerIdError;

impl FromStr for PlayerId {
    type Err = ParsePlayerIdError;

    fn from_str(text: &str) -> Result<PlayerId, ParsePlayerIdError> {
        let is_digit = |byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        if text.len() != 16 || !text.bytes().all(is_digit) {
            return Err(ParsePlayerIdError);
        }
        let number = u64::from_str_radix(text, 16);
        number.map(PlayerId).map_err(|_| ParsePlayerIdError)
    }
}

impl Serialize for PlayerId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for PlayerId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<PlayerId, D::Error> {
        let text = Cow::<str>::deserialize(deserializer)?;
        text.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_read_as_it_is_written() {
        let one = PlayerId::random();
        assert_ne!(one, PlayerId::random());
        for (id, text) in [
            (PlayerId(0), "0000000000000000"),
            (PlayerId(0xabc), "0000000000000abc"),
            (PlayerId(u64::MAX), "ffffffffffffffff"),
            (one, &one.to_string()),
        ] {
            assert_eq!(id.to_string(), text);
            assert_eq!(text.parse(), Ok(id));
        }
    }

    #[test]
    fn what_is_no_id_is_told_with_what_is_accepted() {
        for bad in [
            "",
            "0",
            "00000000000000000",
            "000000000000000A",
            "+00000000000000f",
            "🐐🐐🐐🐐",
        ] {
            let told = bad.parse::<PlayerId>().unwrap_err().to_string();
            assert!(told.contains("16 lower-case hexadecimal digits"), "{bad:?}");
        }
    }
}
