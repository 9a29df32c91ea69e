//! A part of a path that is safe to write into a rule of Traefik.

use std::{fmt, str::FromStr};

/// The longest one, in bytes.
const MAX: usize = 63;

/// What stands between two slashes of a path: 1 to 63 of `a-z`, `0-9`, `_` and `-`.
///
/// It is written into a rule and into names of Traefik's own language, where a backtick or a dot would change what is
/// meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment(String);

impl FromStr for Segment {
    type Err = String;

    fn from_str(text: &str) -> Result<Segment, String> {
        let is_safe = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"_-".contains(&b);
        if (1..=MAX).contains(&text.len()) && text.bytes().all(is_safe) {
            Ok(Segment(text.to_owned()))
        } else {
            Err(format!(
                "it must be 1 to {MAX} of the characters a-z, 0-9, \"_\" and \"-\""
            ))
        }
    }
}

impl fmt::Display for Segment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_break_out_of_a_rule_is_refused() {
        for bad in ["", "a/b", "a.b", "A", "ü", "a`)", " ", &"a".repeat(64)] {
            assert!(bad.parse::<Segment>().is_err(), "{bad:?} was accepted");
        }
        for good in ["a", "7", "goat_1-b", &"a".repeat(63)] {
            assert_eq!(good.parse::<Segment>().unwrap().to_string(), good);
        }
    }
}
