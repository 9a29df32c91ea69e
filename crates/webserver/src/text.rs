//! What a player may say.

use unicode_normalization::UnicodeNormalization;

/// The longest text, in characters.
const MAX: usize = 500;

/// A chat text: 1 to 500 characters, in one line, in the form NFC.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChatText(String);

impl ChatText {
    /// Puts what somebody typed into the one form in which it is passed on.
    ///
    /// # Errors
    /// A sentence that says what is accepted.
    pub fn parse(typed: &str) -> Result<ChatText, String> {
        let text: String = typed.trim().nfc().collect();
        let length = text.chars().count();
        // Invisible characters are let through, other than in names: emoji and some scripts are written with them. What
        // they could do to a page around them, the client keeps inside the message.
        if (1..=MAX).contains(&length) && !text.chars().any(char::is_control) {
            Ok(ChatText(text))
        } else {
            Err(format!(
                "this text is not accepted; 1 to {MAX} characters in one line are, and this has {length}"
            ))
        }
    }

    /// The text as it is passed on.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_trimmed_and_bounded() {
        assert_eq!(
            ChatText::parse("  hi there \n").unwrap().as_str(),
            "hi there"
        );
        assert!(ChatText::parse(&"ü".repeat(500)).is_ok());
        for bad in ["", " \n ", &"x".repeat(501), "a\0b", "a\nb", "\u{1b}[31m"] {
            assert!(ChatText::parse(bad).is_err(), "{bad:?}");
        }
    }
}
