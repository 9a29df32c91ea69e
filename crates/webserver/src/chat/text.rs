//! What a player may say.

use protocol::limits::MAX_TEXT;
use service::ApiError;
use unicode_normalization::UnicodeNormalization;
use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};
use unicode_security::confusable_detection::skeleton;

/// A chat text: 1 to 500 characters, in one line, in the form NFC.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChatText(String);

impl ChatText {
    /// Puts what somebody typed into the one form in which it is passed on.
    ///
    /// # Errors
    /// When it is no text. The sentence says what is accepted.
    pub fn parse(typed: &str) -> Result<ChatText, TextError> {
        let line = typed.replace("\r\n", " ").replace(breaks_the_line, " ");
        let text = line.nfc().collect::<String>().trim().to_owned();
        let length = text.chars().count();
        // Invisible characters are let through, other than in names: emoji and some scripts are written with them. What
        // they could do to a page around them, the client keeps inside the message.
        if length == 0 {
            Err(TextError::Empty)
        } else if length > MAX_TEXT {
            Err(TextError::TooLong { length })
        } else if text.contains(char::is_control) {
            Err(TextError::NotAccepted)
        } else if !is_seen(&text) {
            Err(TextError::Invisible)
        } else {
            Ok(ChatText(text))
        }
    }

    /// The text as it is passed on.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Why a text is refused. The sentence says what is accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// There is nothing in it.
    #[error("this text is empty; it must be 1 to {MAX_TEXT} characters")]
    Empty,
    /// There is too much in it.
    #[error("this text is too long; it must be 1 to {MAX_TEXT} characters, and this has {length}")]
    TooLong {
        /// How many characters there are.
        length: usize,
    },
    /// It has characters that are for machines.
    #[error("this text has control characters; it must be 1 to {MAX_TEXT} characters without any")]
    NotAccepted,
    /// Nothing in it can be seen.
    #[error(
        "nothing in this text can be seen; it must be 1 to {MAX_TEXT} characters, and not all invisible"
    )]
    Invisible,
}

impl From<TextError> for ApiError {
    fn from(error: TextError) -> ApiError {
        let code = match error {
            TextError::Empty => "text_empty",
            TextError::TooLong { .. } => "text_too_long",
            TextError::NotAccepted => "text_not_accepted",
            TextError::Invisible => "text_invisible",
        };
        ApiError::unprocessable(error.to_string()).with_code(code)
    }
}

/// Whether a character begins a new line, or moves to a column. A text is one line, so each becomes a space: whoever pastes
/// a table means its words.
fn breaks_the_line(c: char) -> bool {
    matches!(c, '\t'..='\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Whether anything can be seen of a text. Unicode's *skeleton* of it leaves out what has no picture.
fn is_seen(text: &str) -> bool {
    let unseen = [GeneralCategory::Format, GeneralCategory::Control];
    let is_blank = |c: char| c.is_whitespace() || c == '\u{2800}';
    skeleton(text).any(|c| !is_blank(c) && !unseen.contains(&c.general_category()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde::Deserialize;

    use super::*;

    #[derive(Deserialize)]
    struct Case {
        typed: String,
        text: String,
        length: usize,
        code: Option<String>,
    }

    /// The client's side is held against the same file: it must count, and refuse, what the server does.
    #[test]
    fn texts_become_what_the_examples_say() {
        let cases = include_str!("../../../protocol/texts.json");
        for case in serde_json::from_str::<Vec<Case>>(cases).unwrap() {
            let parsed = ChatText::parse(&case.typed);
            let code = parsed.clone().map_err(|error| ApiError::from(error).code());
            let code = code.err().map(str::to_owned);
            assert_eq!(code, case.code, "{:?}", case.typed);
            if let Ok(text) = parsed {
                assert_eq!(text.as_str(), case.text);
                assert_eq!(text.as_str().chars().count(), case.length);
            }
        }
    }

    #[test]
    fn a_refusal_says_what_is_accepted() {
        for bad in ["", "a\0b", "\u{200b}", &"x".repeat(501)] {
            let told = ChatText::parse(bad).unwrap_err().to_string();
            assert!(told.contains("1 to 500 characters"), "{told}");
        }
    }

    /// Anything at all, and what comes near a text, a number of times, so that some are around the longest.
    fn typed() -> impl Strategy<Value = String> {
        let part = prop_oneof![
            any::<String>(),
            r"[\PC\s]{0,40}",
            "[ae \u{301}\u{958}\u{1100}\u{1161}\u{11a8}\u{2000}\u{2028}\u{2029}]{0,40}",
        ];
        (part, 1..30_usize).prop_map(|(part, times)| part.repeat(times))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(20_000))]

        #[test]
        fn a_text_is_within_its_bounds(typed in typed()) {
            let Ok(ChatText(text)) = ChatText::parse(&typed) else {
                return Ok(());
            };
            prop_assert!((1..=500).contains(&text.chars().count()), "{:?}", text);
            prop_assert_eq!(text.trim(), &text);
            prop_assert!(!text.contains(['\0', '\n', '\r', '\u{85}', '\u{2028}', '\u{2029}']), "{:?}", text);
        }

        #[test]
        fn a_text_given_again_is_the_same(typed in typed()) {
            if let Ok(text) = ChatText::parse(&typed) {
                prop_assert_eq!(ChatText::parse(&text.0), Ok(text));
            }
        }
    }
}
