//! The names of servers, matches, tickets and parties.

use std::{fmt, str::FromStr};

use redis::{RedisWrite, ToRedisArgs, ToSingleRedisArg};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// Crockford's base32: no letter of it looks like a digit, and none is missing that somebody would read for another.
const CROCKFORD: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// How many characters the id of a server has after `gs-`, and that of a match.
const LENGTH: usize = 10;

/// How many characters a party's code has: 40 bits, of which nobody guesses one.
const CODE: usize = 8;

/// One start of a game server: `gs-` and ten of `0-9` and `a-z`. The next start has another.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ServerId(String);

/// One match, wherever it is: ten characters of Crockford's base32.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MatchId(String);

/// A number that is used once. A seat is given under one, and the ticket for it has the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Nonce(u128);

/// What friends tell each other to play together, such as `7K3M-9QXA`.
///
/// It is read aloud and typed on telephones, so case, spaces and dashes do not matter, and neither does whether somebody writes a
/// letter O or a zero.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PartyCode(String);

/// What was given is no such name. The sentence says what is accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ParseIdError(&'static str);

impl MatchId {
    /// One that no match has.
    #[must_use]
    pub fn random() -> MatchId {
        MatchId(random(LENGTH).to_ascii_lowercase())
    }
}

impl Nonce {
    /// One that nobody has used, and nobody guesses.
    #[must_use]
    pub fn random() -> Nonce {
        Nonce(rand::random())
    }
}

impl PartyCode {
    /// One that no party has, and nobody guesses.
    #[must_use]
    pub fn random() -> PartyCode {
        PartyCode(random(CODE))
    }

    /// The code as it stands in Redis: without the dash.
    pub(crate) fn bare(&self) -> &str {
        &self.0
    }
}

/// Five bits of chance for each character.
fn random(length: usize) -> String {
    let bits = rand::random::<u64>();
    let characters = (0..length).map(|place| (bits >> (5 * place)) as usize % CROCKFORD.len());
    characters.map(|at| char::from(CROCKFORD[at])).collect()
}

impl FromStr for ServerId {
    type Err = ParseIdError;

    fn from_str(text: &str) -> Result<ServerId, ParseIdError> {
        let is_one = |rest: &str| {
            rest.len() == LENGTH
                && rest
                    .bytes()
                    .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
        };
        if text.strip_prefix("gs-").is_some_and(is_one) {
            Ok(ServerId(text.to_owned()))
        } else {
            Err(ParseIdError(
                "this is no id of a game server; gs- and ten of a-z and 0-9 are",
            ))
        }
    }
}

impl FromStr for MatchId {
    type Err = ParseIdError;

    fn from_str(text: &str) -> Result<MatchId, ParseIdError> {
        let is_lower =
            |byte: u8| !byte.is_ascii_uppercase() && CROCKFORD.contains(&byte.to_ascii_uppercase());
        if text.len() == LENGTH && text.bytes().all(is_lower) {
            Ok(MatchId(text.to_owned()))
        } else {
            Err(ParseIdError(
                "this is no id of a match; ten of 0-9 and a-z without i, l, o and u are",
            ))
        }
    }
}

impl FromStr for Nonce {
    type Err = ParseIdError;

    fn from_str(text: &str) -> Result<Nonce, ParseIdError> {
        let error = ParseIdError("this is no nonce; 32 lower-case hexadecimal digits are");
        let is_digit = |byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        if text.len() != 32 || !text.bytes().all(is_digit) {
            return Err(error);
        }
        u128::from_str_radix(text, 16).map(Nonce).map_err(|_| error)
    }
}

impl FromStr for PartyCode {
    type Err = ParseIdError;

    fn from_str(text: &str) -> Result<PartyCode, ParseIdError> {
        let error = ParseIdError(
            "this is no code of a party; eight letters and digits are, such as 7K3M-9QXA",
        );
        let read = text.chars().filter(|c| !matches!(c, ' ' | '-'));
        let read = read.map(|c| match c.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        });
        // One more than a code has is enough to see that it is too long.
        let code: String = read.take(CODE + 1).collect();
        if code.len() == CODE && code.bytes().all(|byte| CROCKFORD.contains(&byte)) {
            Ok(PartyCode(code))
        } else {
            Err(error)
        }
    }
}

impl fmt::Display for ServerId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for MatchId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for Nonce {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

impl fmt::Display for PartyCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (first, second) = self.0.split_at(CODE / 2);
        write!(f, "{first}-{second}")
    }
}

/// In JSON, and in Redis, each of these is the text that it is shown as.
macro_rules! as_text {
    ($($id:ident),*) => {$(
        impl Serialize for $id {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $id {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<$id, D::Error> {
                let text = String::deserialize(deserializer)?;
                text.parse().map_err(de::Error::custom)
            }
        }

        impl ToRedisArgs for $id {
            fn write_redis_args<W: ?Sized + RedisWrite>(&self, out: &mut W) {
                out.write_arg_fmt(self);
            }
        }

        impl ToSingleRedisArg for $id {}
    )*};
}

as_text!(ServerId, MatchId, Nonce, PartyCode);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_read_as_they_are_written() {
        for _ in 0..100 {
            let (id, nonce, code) = (MatchId::random(), Nonce::random(), PartyCode::random());
            assert_eq!(id.to_string().parse(), Ok(id));
            assert_eq!(nonce.to_string().parse(), Ok(nonce));
            assert_eq!(code.to_string().parse(), Ok(code));
        }
        assert!("gs-0123456xyz".parse::<ServerId>().is_ok());
        for bad in ["", "gs-", "gs-0123456xy", "0123456789", "gs-0123456XYZ"] {
            assert!(bad.parse::<ServerId>().is_err(), "{bad:?}");
        }
        for bad in ["", "01234567890", "012345678i", "012345678A", "012345678é"] {
            assert!(bad.parse::<MatchId>().is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_code_is_read_however_it_is_typed() {
        let code: PartyCode = "7K10-9QXA".parse().unwrap();
        for typed in ["7k1o9qxa", "7KIO-9QXA", " 7 k L 0 - 9 q x a "] {
            assert_eq!(typed.parse(), Ok(code.clone()), "{typed:?}");
        }
        for bad in [
            "",
            "7K10-9QX",
            "7K10-9QXAA",
            "7K10-9QXU",
            "7K10_9QXA",
            "7K10-9QXÄ",
        ] {
            let told = bad.parse::<PartyCode>().unwrap_err().to_string();
            assert!(told.contains("eight letters and digits"), "{bad:?}");
        }
    }
}
