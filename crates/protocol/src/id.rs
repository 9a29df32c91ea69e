//! The id of a message, which is its place in the history.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

/// A message's place in the history, such as `1764000000000-0`.
///
/// Redis gives it when it takes the message in: the time in milliseconds by its own clock, and a number for those of
/// the same millisecond. A later message has a greater id, always: when the clock is set back, Redis goes on counting
/// from the greatest id that it has given. So the ids *are* the order, and it is the same for everybody.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id {
    ms: u64,
    seq: u64,
}

impl Id {
    /// Before every message.
    pub const ZERO: Id = Id { ms: 0, seq: 0 };

    /// Whether this is [`Id::ZERO`].
    #[must_use]
    pub fn is_zero(&self) -> bool {
        *self == Id::ZERO
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.ms, self.seq)
    }
}

/// What was given is no id. The sentence says what is accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "this is no id of a message; two whole numbers below 2^64 and a - between them are, such as 1764000000000-0"
)]
pub struct ParseIdError;

impl FromStr for Id {
    type Err = ParseIdError;

    fn from_str(text: &str) -> Result<Id, ParseIdError> {
        let (ms, seq) = text.split_once('-').ok_or(ParseIdError)?;
        Ok(Id {
            ms: number(ms)?,
            seq: number(seq)?,
        })
    }
}

/// Digits only: `parse` alone would take a plus sign, too. There are as many as `u64::MAX` has at the most, so each id
/// is written in few ways, and no long text is read.
fn number(text: &str) -> Result<u64, ParseIdError> {
    if text.len() > 20 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(ParseIdError);
    }
    text.parse().map_err(|_| ParseIdError)
}

impl Serialize for Id {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Id, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        text.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_read_as_it_is_written_and_ordered_by_its_numbers() {
        let ids = ["0-0", "9-10", "10-9", "10-10", "18446744073709551615-0"];
        let ids: Vec<Id> = ids
            .iter()
            .map(|text| {
                let id: Id = text.parse().unwrap();
                assert_eq!(id.to_string(), *text);
                assert_eq!(serde_json::to_string(&id).unwrap(), format!("{text:?}"));
                assert_eq!(
                    serde_json::from_str::<Id>(&format!("{text:?}")).unwrap(),
                    id
                );
                id
            })
            .collect();
        assert!(ids.is_sorted());
        assert_eq!(ids[0], Id::ZERO);
        assert!(ids[0].is_zero() && !ids[1].is_zero());
    }

    #[test]
    fn what_is_no_id_is_told_with_what_is_accepted() {
        let long = format!("{}1-0", "0".repeat(20));
        for bad in [
            "",
            "-",
            "1",
            "1-",
            "-1",
            "--1",
            "1-2-3",
            "+1-0",
            "1-+0",
            " 1-0",
            "1-0 ",
            "1 -0",
            "1.0-0",
            "a-0",
            "१-0",
            "18446744073709551616-0",
            "0-18446744073709551616",
            "01234567-89ab-7cde-8f01-23456789abcd",
            &long,
        ] {
            let told = bad.parse::<Id>().unwrap_err().to_string();
            assert!(told.contains("such as 1764000000000-0"), "{bad:?}: {told}");
        }
        assert!(serde_json::from_str::<Id>("7").is_err());
    }
}
