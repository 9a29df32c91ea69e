//! The id by which a player is told from others of the same name.

use std::fmt;

use serde::{Deserialize, Serialize};

/// 16 lower-case hex digits, random: a new one at each login under another name.
///
/// Everybody may see it. It is no way into anything, as the session's id would be: whoever has that *is* the player.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PlayerId(String);

impl PlayerId {
    /// One that nobody has: of 2^64, two are the same only by a great accident.
    pub fn random() -> PlayerId {
        PlayerId(format!("{:016x}", rand::random::<u64>()))
    }
}

impl fmt::Display for PlayerId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_sixteen_hex_digits_and_not_given_twice() {
        let (one, two) = (PlayerId::random(), PlayerId::random());
        assert_ne!(one, two);
        for PlayerId(id) in [one, two] {
            assert_eq!(id.len(), 16, "{id}");
            let digits = |c| matches!(c, '0'..='9' | 'a'..='f');
            assert!(id.chars().all(digits), "{id}");
        }
    }
}
