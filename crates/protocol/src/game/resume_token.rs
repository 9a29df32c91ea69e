//! What proves that a seat is somebody's who was here before.

use std::{borrow::Cow, fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

/// How many characters a token has on the wire: lower-case hexadecimal digits.
pub const TOKEN_DIGITS: usize = 32;

/// What proves that a seat is somebody's who was here before: 128 random bits that only the game server and its player know.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct ResumeToken(u128);

impl ResumeToken {
    /// One that nobody has, and nobody guesses.
    #[must_use]
    pub fn random() -> ResumeToken {
        ResumeToken(rand::random())
    }
}

/// A token is worth a seat to whoever has it, so none is written into a log.
impl fmt::Debug for ResumeToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResumeToken").finish_non_exhaustive()
    }
}

/// What was given is no token. The sentence says what is accepted, and does not repeat it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is no token; 32 lower-case hexadecimal digits are")]
pub struct ParseTokenError;

impl FromStr for ResumeToken {
    type Err = ParseTokenError;

    fn from_str(text: &str) -> Result<ResumeToken, ParseTokenError> {
        let is_digit = |byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        if text.len() != TOKEN_DIGITS || !text.bytes().all(is_digit) {
            return Err(ParseTokenError);
        }
        let number = u128::from_str_radix(text, 16);
        number.map(ResumeToken).map_err(|_| ParseTokenError)
    }
}

impl Serialize for ResumeToken {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{:032x}", self.0))
    }
}

impl<'de> Deserialize<'de> for ResumeToken {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<ResumeToken, D::Error> {
        let text = Cow::<str>::deserialize(deserializer)?;
        text.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_read_as_it_is_written_and_never_told_in_a_log() {
        let one = ResumeToken::random();
        assert_ne!(one, ResumeToken::random());
        for token in [ResumeToken(0), ResumeToken(0xabc), one] {
            let text = serde_json::to_string(&token).unwrap();
            assert_eq!(text.len(), TOKEN_DIGITS + 2);
            let read: ResumeToken = serde_json::from_str(&text).unwrap();
            assert_eq!(read, token);
        }
        assert_eq!(format!("{:?}", ResumeToken(0xabc)), "ResumeToken { .. }");
    }

    #[test]
    fn what_is_no_token_is_not_repeated() {
        let long = "f".repeat(33);
        for bad in ["", "0", &long, &"F".repeat(32), &"+".repeat(32)] {
            assert_eq!(bad.parse::<ResumeToken>(), Err(ParseTokenError), "{bad:?}");
        }
        let error = serde_json::from_str::<ResumeToken>(&format!("{long:?}")).unwrap_err();
        assert!(!error.to_string().contains("fff"), "{error}");
    }
}
