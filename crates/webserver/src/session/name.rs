//! What a player may be called.

use serde::{Deserialize, Serialize};
use service::ApiError;
use unicode_normalization::UnicodeNormalization;
use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

/// The longest name, in characters.
const MAX: usize = 32;

/// Characters that Unicode counts as letters, marks or symbols, and that leave the page blank: fillers of Hangul and the
/// like. A name of these alone would look like none.
const BLANKS: [char; 8] = [
    '\u{34f}', '\u{115f}', '\u{1160}', '\u{17b4}', '\u{17b5}', '\u{2800}', '\u{3164}', '\u{ffa0}',
];

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
    /// When it is no name. The sentence says what is accepted.
    pub fn parse(typed: &str) -> Result<PlayerName, NameError> {
        let typed: String = typed.chars().filter(|c| !is_selector(*c)).collect();
        let words: Vec<&str> = typed.split_whitespace().collect();
        let name: String = words.join(" ").nfc().collect();
        let length = name.chars().count();
        if (1..=MAX).contains(&length) && name.chars().all(|c| c == ' ' || is_visible(c)) {
            Ok(PlayerName(name))
        } else {
            Err(NameError::NotAccepted)
        }
    }

    // lesson 4
    /// The name as it is shown.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Why a name is refused. The sentence says what is accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// It cannot be seen, or not all of it, or it is too long.
    #[error("this name is not accepted; 1 to {MAX} visible characters are")]
    NotAccepted,
}

impl From<NameError> for ApiError {
    fn from(error: NameError) -> ApiError {
        let code = match error {
            NameError::NotAccepted => "name_not_accepted",
        };
        ApiError::unprocessable(error.to_string()).with_code(code)
    }
}

/// Whether a character only selects a variant of the one before it. Keyboards write one after many an emoji, so it is
/// left out and not refused.
fn is_selector(c: char) -> bool {
    matches!(c, '\u{180b}'..='\u{180d}' | '\u{180f}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}')
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
    ) && !BLANKS.contains(&c)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use unicode_properties::GeneralCategoryGroup;

    use super::*;

    #[test]
    fn names_are_put_into_one_form() {
        for (typed, name) in [
            ("Ada", "Ada"),
            ("  Ada \t Lovelace ", "Ada Lovelace"),
            ("Ame\u{301}lie", "Am\u{e9}lie"),
            ("山羊", "山羊"),
            ("🐐", "🐐"),
            ("❤\u{fe0f}", "❤"),
            ("Ada \u{fe0f} Lovelace", "Ada Lovelace"),
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
            "\u{2800}",
            "\u{3164}",
            "\u{fe0f}",
        ] {
            let told = PlayerName::parse(typed);
            // White space of any kind at the ends, or between words, is a space.
            assert!(told.is_err(), "{typed:?} became {told:?}");
            assert!(
                told.unwrap_err()
                    .to_string()
                    .contains("1 to 32 visible characters")
            );
        }
    }

    /// Anything at all, and what comes near a name: visible characters and white space, in about the right number, and
    /// letters among what changes, hides or joins them.
    fn typed() -> impl Strategy<Value = String> {
        prop_oneof![
            any::<String>(),
            r"[\PC\s]{0,40}",
            "[A-Ce \u{301}\u{308}\u{958}\u{1100}\u{1161}\u{11a8}\u{200d}\u{2000}\u{2800}\u{3164}\u{fe0f}❤]{0,40}",
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(20_000))]

        #[test]
        fn a_name_is_within_its_bounds(typed in typed()) {
            let Ok(PlayerName(name)) = PlayerName::parse(&typed) else {
                return Ok(());
            };
            prop_assert!((1..=32).contains(&name.chars().count()), "{:?}", name);
            let unseen = [GeneralCategoryGroup::Other, GeneralCategoryGroup::Separator];
            for word in name.split(' ') {
                prop_assert!(!word.is_empty(), "{:?}", name);
                for c in word.chars() {
                    prop_assert!(!unseen.contains(&c.general_category_group()), "{:?}", name);
                    prop_assert!(!"\u{2800}\u{3164}\u{fe0f}".contains(c), "{:?}", name);
                }
            }
        }

        #[test]
        fn a_name_given_again_is_the_same(typed in typed()) {
            if let Ok(name) = PlayerName::parse(&typed) {
                prop_assert_eq!(PlayerName::parse(&name.0), Ok(name));
            }
        }
    }
}
