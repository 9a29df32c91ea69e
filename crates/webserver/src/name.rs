//! What a player may be called.

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;
use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

/// The longest name, in characters.
const MAX: usize = 32;

/// A player's name: 1 to 32 visible characters, with single spaces between them.
///
/// The form is NFC, so that "é" typed as one key and as two is the same name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PlayerName(String);

impl PlayerName {
    /// Puts what somebody typed into the one form in which it is kept.
    ///
    /// # Errors
    /// A sentence that says what is accepted.
    pub fn parse(typed: &str) -> Result<PlayerName, String> {
        let words: Vec<&str> = typed.split_whitespace().collect();
        let name: String = words.join(" ").nfc().collect();
        let length = name.chars().count();
        if (1..=MAX).contains(&length) && name.chars().all(|c| c == ' ' || is_visible(c)) {
            Ok(PlayerName(name))
        } else {
            Err(format!(
                "this name is not accepted; 1 to {MAX} visible characters are"
            ))
        }
    }

    // lesson 4
    /// The name as it is shown.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Whether a character can be seen. One that cannot would let two names look the same, and one that turns
/// the direction of writing round would reorder the page around it.
fn is_visible(c: char) -> bool {
    !matches!(
        c.general_category(),
        GeneralCategory::Control
            | GeneralCategory::Format
            | GeneralCategory::LineSeparator
            | GeneralCategory::ParagraphSeparator
            | GeneralCategory::SpaceSeparator
            | GeneralCategory::PrivateUse
            | GeneralCategory::Surrogate
            | GeneralCategory::Unassigned
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_put_into_one_form() {
        for (typed, name) in [
            ("Ada", "Ada"),
            ("  Ada \t Lovelace ", "Ada Lovelace"),
            ("Ame\u{301}lie", "Am\u{e9}lie"),
            ("山羊", "山羊"),
            ("🐐", "🐐"),
        ] {
            assert_eq!(PlayerName::parse(typed).unwrap().0, name);
        }
        assert!(PlayerName::parse(&"ü".repeat(32)).is_ok());
    }

    #[test]
    fn what_cannot_be_seen_is_no_name() {
        let long = "x".repeat(33);
        for typed in [
            "",
            "   ",
            &long,
            "a\0b",
            "a\u{200b}b",
            "a\u{202e}b",
            "\u{2028}",
            "\u{e000}",
            "a\u{7f}",
        ] {
            let told = PlayerName::parse(typed);
            // White space of any kind at the ends, or between words, is a space.
            assert!(told.is_err(), "{typed:?} became {told:?}");
            assert!(told.unwrap_err().contains("1 to 32 visible characters"));
        }
    }
}
