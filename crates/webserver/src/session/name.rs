//! What a player may be called.

use serde::{Deserialize, Serialize};
use service::ApiError;
use unicode_normalization::UnicodeNormalization;
use unicode_properties::{GeneralCategory as Category, UnicodeGeneralCategory};

use crate::session::reserved_name::is_reserved;

/// The longest name, in characters.
const MAX: usize = 32;

/// The most marks on one letter. Living scripts have up to three or four; more of them climb over the lines above.
const MAX_MARKS: usize = 4;

/// Characters that Unicode counts as letters, marks or symbols, and that leave the page blank: fillers of Hangul and the
/// like. A name of these alone would look like none.
const BLANKS: [char; 12] = [
    '\u{34f}',
    '\u{115f}',
    '\u{1160}',
    '\u{17b4}',
    '\u{17b5}',
    '\u{2800}',
    '\u{3164}',
    '\u{ffa0}',
    '\u{fffc}',
    '\u{13441}',
    '\u{13442}',
    '\u{1d159}',
];

/// A player's name: 1 to 32 visible characters, with single spaces between them.
///
/// The form is NFKC, so that "é" typed as one key and as two is the same name, and "Ａｄａ" is "Ada".
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PlayerName(String);

impl PlayerName {
    /// Puts what somebody typed into the one form in which it is kept.
    ///
    /// # Errors
    /// When it is no name. The sentence says what is accepted.
    pub fn parse(typed: &str) -> Result<PlayerName, NameError> {
        let typed = typed.chars().filter(|c| !is_selector(*c));
        let typed: String = typed.nfkc().collect();
        let words: Vec<&str> = typed.split_whitespace().collect();
        let name = words.join(" ");
        let length = name.chars().count();
        if !(1..=MAX).contains(&length) || !words.iter().all(|word| is_seen(word)) {
            return Err(NameError::NotAccepted);
        }
        if is_reserved(&name) {
            return Err(NameError::Reserved);
        }
        Ok(PlayerName(name))
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
    #[error("a name must be 1 to {MAX} visible characters")]
    NotAccepted,
    /// It looks like somebody or something else.
    #[error(
        "this name is reserved, or looks like one that is; a name must not look like a part of this system, and must \
         not end in (you), or in # and letters or digits"
    )]
    Reserved,
}

impl From<NameError> for ApiError {
    fn from(error: NameError) -> ApiError {
        let code = match error {
            NameError::NotAccepted => "name_not_accepted",
            NameError::Reserved => "name_reserved",
        };
        ApiError::unprocessable(error.to_string()).with_code(code)
    }
}

/// Whether a character only selects a variant of the one before it. Keyboards write one after many an emoji, so it is
/// left out and not refused.
fn is_selector(c: char) -> bool {
    matches!(c, '\u{180b}'..='\u{180d}' | '\u{180f}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}')
}

/// Whether each character of a word can be seen, or is where it makes others look as they should.
fn is_seen(word: &str) -> bool {
    let (mut before, mut marks) = (None, 0);
    let mut rest = word.chars().peekable();
    while let Some(c) = rest.next() {
        let fits = if is_joiner(c) {
            before.is_some_and(joins) && rest.peek().is_some_and(|next| joins(*next))
        } else if is_mark(c) {
            marks += 1;
            // A mark without a letter below it would sit on whatever stands beside the name.
            before.is_some() && marks <= MAX_MARKS && is_visible(c)
        } else {
            marks = 0;
            is_visible(c)
        };
        if !fits {
            return false;
        }
        before = Some(c);
    }
    true
}

/// Whether a character is seen only by what it does to its neighbours: it joins or separates them.
fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}')
}

/// Whether a joiner beside this character can do something. Persian and Sinhala names are written with joiners, and emoji
/// of several people. Between letters that have capitals, as ours do, it would only be a second way to write a name.
fn joins(c: char) -> bool {
    let symbols = [Category::OtherSymbol, Category::ModifierSymbol];
    let category = c.general_category();
    category == Category::OtherLetter || is_mark(c) || symbols.contains(&category)
}

fn is_mark(c: char) -> bool {
    matches!(
        c.general_category(),
        Category::NonspacingMark | Category::SpacingMark | Category::EnclosingMark
    )
}

/// Whether a character can be seen. One that cannot would let two names look the same, and one that turns
/// the direction of writing round would reorder the page around it.
fn is_visible(c: char) -> bool {
    !matches!(
        c.general_category(),
        Category::Control
            | Category::Format
            | Category::LineSeparator
            | Category::ParagraphSeparator
            | Category::SpaceSeparator
            | Category::PrivateUse
            | Category::Surrogate
            | Category::Unassigned
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
            ("Ada\u{2028}Lovelace", "Ada Lovelace"),
            ("Ame\u{301}lie", "Am\u{e9}lie"),
            ("Ａｄａ", "Ada"),
            ("山羊", "山羊"),
            ("🐐", "🐐"),
            ("❤\u{fe0f}", "❤"),
            ("Ada \u{fe0f} Lovelace", "Ada Lovelace"),
            // With joiners: Persian, Sinhala, Bengali, and an astronaut.
            ("علی\u{200c}رضا", "علی\u{200c}رضا"),
            ("ශ්\u{200d}රී", "ශ්\u{200d}රී"),
            ("র\u{200d}্যাব", "র\u{200d}্যাব"),
            ("👩🏽\u{200d}🚀", "👩🏽\u{200d}🚀"),
            ("👁\u{fe0f}\u{200d}🗨\u{fe0f}", "👁\u{200d}🗨"),
            // Marks that stand on letters: Thai, Hindi, Tibetan.
            ("กิ๊ฟ", "กิ๊ฟ"),
            ("ज़रीं", "ज\u{93c}रीं"),
            ("སྒྲོལ་མ", "སྒྲོལ་མ"),
        ] {
            assert_eq!(PlayerName::parse(typed).unwrap().0, name, "{typed:?}");
        }
        assert!(PlayerName::parse(&"ü".repeat(32)).is_ok());
    }

    #[test]
    fn what_cannot_be_seen_is_no_name() {
        let long = "x".repeat(33);
        let stack = format!("a{}", "\u{333}".repeat(5));
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
            "a\u{ad}b",
            "\u{fffc}",
            // A joiner that joins nothing.
            "\u{200d}",
            "a\u{200d}b",
            "ල\u{200d}",
            "\u{200c}ل",
            "ل\u{200c} ل",
            "ل\u{200c}\u{200c}ل",
            "🐐\u{200d}",
            // A mark that stands on nothing, and too many on one letter.
            "\u{301}",
            "Ada \u{301}",
            "\u{a8}",
            "\u{20dd}Ada",
            &stack,
        ] {
            let told = PlayerName::parse(typed);
            // White space of any kind at the ends, or between words, is a space.
            assert_eq!(told, Err(NameError::NotAccepted), "{typed:?}");
        }
        let told = NameError::NotAccepted.to_string();
        assert!(told.contains("1 to 32 visible characters"));
    }

    #[test]
    fn what_looks_like_something_else_is_reserved() {
        for typed in ["system", "ＳＹＳＴＥＭ", "Ada （you）", "webserver-2"] {
            assert_eq!(PlayerName::parse(typed), Err(NameError::Reserved));
        }
    }

    /// Anything at all, and what comes near a name: visible characters and white space, in about the right number, and
    /// letters among what changes, hides or joins them.
    fn typed() -> impl Strategy<Value = String> {
        prop_oneof![
            any::<String>(),
            r"[\PC\s]{0,40}",
            "[A-Ce \u{301}\u{308}\u{958}\u{1100}\u{1161}\u{11a8}\u{200d}\u{2000}\u{2800}\u{3164}\u{fe0f}❤]{0,40}",
            "[رaි්ක🐐🏽\u{301}\u{200c}\u{200d} ]{0,12}",
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
                let is_base = |c: char| !is_mark(c) && !is_joiner(c);
                prop_assert!(word.starts_with(is_base), "{:?}", name);
                prop_assert!(!word.ends_with(is_joiner), "{:?}", name);
                for c in word.chars().filter(|c| !is_joiner(*c)) {
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
