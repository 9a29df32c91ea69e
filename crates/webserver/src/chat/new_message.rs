//! The body of a request that says something.

use serde::Deserialize;

/// What somebody wants to say, as it was sent.
#[derive(Debug, Deserialize)]
pub struct NewMessage {
    /// To be read as a [`ChatText`](crate::chat::text::ChatText).
    pub text: String,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;
    use service::ApiError;
    use service::testing::{as_json, bodies, content_types, read};

    use super::*;
    use crate::chat::text::ChatText;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(20_000))]

        #[test]
        fn any_body_is_a_message_or_refused(content_type in content_types(), body in bodies("text")) {
            let _ = read(content_type, body, |new: NewMessage| ChatText::parse(&new.text));
        }

        #[test]
        fn the_text_that_a_client_writes_is_the_one_that_is_read(text in any::<String>()) {
            let body = json!({ "text": text }).to_string().into_bytes();
            prop_assert_eq!(read(as_json(), body, |new: NewMessage| Ok::<_, ApiError>(new.text)), Ok(text));
        }
    }
}
