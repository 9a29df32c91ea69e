//! What a player may say.

use protocol::limits::MAX_TEXT;
use service::ApiError;
use unicode_normalization::UnicodeNormalization;

/// A chat text: 1 to 500 characters, in one line, in the form NFC.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChatText(String);

impl ChatText {
    /// Puts what somebody typed into the one form in which it is passed on.
    ///
    /// # Errors
    /// When it is no text. The sentence says what is accepted.
    pub fn parse(typed: &str) -> Result<ChatText, TextError> {
        let text: String = typed.trim().nfc().collect();
        let length = text.chars().count();
        // Invisible characters are let through, other than in names: emoji and some scripts are written with them. What
        // they could do to a page around them, the client keeps inside the message.
        if length == 0 {
            Err(TextError::Empty)
        } else if length > MAX_TEXT {
            Err(TextError::TooLong { length })
        } else if text.contains(breaks_the_line) {
            Err(TextError::NotAccepted)
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
    #[error("this text is empty; 1 to {MAX_TEXT} characters in one line are accepted")]
    Empty,
    /// There is too much in it.
    #[error(
        "this text is too long; 1 to {MAX_TEXT} characters in one line are accepted, and this has {length}"
    )]
    TooLong {
        /// How many characters there are.
        length: usize,
    },
    /// It has characters that are for machines, or more than one line.
    #[error("this text is not accepted; 1 to {MAX_TEXT} characters in one line are")]
    NotAccepted,
}

impl From<TextError> for ApiError {
    fn from(error: TextError) -> ApiError {
        let code = match error {
            TextError::Empty => "text_empty",
            TextError::TooLong { .. } => "text_too_long",
            TextError::NotAccepted => "text_not_accepted",
        };
        ApiError::unprocessable(error.to_string()).with_code(code)
    }
}

/// Whether a character is for machines, or begins a new line. Unicode has two that do, beside those of ASCII.
fn breaks_the_line(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_text_is_trimmed_and_bounded() {
        assert_eq!(
            ChatText::parse("  hi there \n").unwrap().as_str(),
            "hi there"
        );
        assert!(ChatText::parse(&"ü".repeat(500)).is_ok());
        for bad in [
            "",
            " \n ",
            &"x".repeat(501),
            "a\0b",
            "a\nb",
            "a\u{2028}b",
            "\u{1b}[31m",
        ] {
            assert!(ChatText::parse(bad).is_err(), "{bad:?}");
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
