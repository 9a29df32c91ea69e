//! A request's JSON body, or an error that says what was wrong with it.

use axum::{
    Json,
    extract::{FromRequest, rejection::JsonRejection},
};

use crate::error::ApiError;

/// Like axum's own [`Json`], but whoever sends something else is told so in a service's form of error.
///
/// It also insists on `content-type: application/json`. A form on a foreign page cannot send that, so no such
/// form can act in a player's name.
#[derive(Debug, FromRequest)]
#[from_request(via(Json), rejection(ApiError))]
pub struct Body<T>(pub T);

impl From<JsonRejection> for ApiError {
    fn from(rejection: JsonRejection) -> ApiError {
        // axum's text says which field is wrong and where, and holds nothing of ours.
        ApiError::new(rejection.status(), rejection.body_text())
    }
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderValue, StatusCode};
    use proptest::prelude::*;
    use serde_json::Value;

    use crate::{
        error::MAX_BODY,
        testing::{as_json, bodies, content_types, read},
    };

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(20_000))]

        #[test]
        fn any_body_is_read_or_refused(content_type in content_types(), body in bodies("a")) {
            let _ = read(content_type, body, Ok::<Value, String>);
        }

        #[test]
        fn what_a_form_can_send_is_refused(
            kind in "application/x-www-form-urlencoded|multipart/form-data|text/plain",
            parameter in "(; ?[a-z]{1,8}=[ -~]{0,10})?",
            body in bodies("a"),
        ) {
            let content_type = HeaderValue::try_from(kind + &parameter).unwrap();
            let told = read(Some(content_type), body, Ok::<Value, String>);
            prop_assert_eq!(told, Err(StatusCode::UNSUPPORTED_MEDIA_TYPE));
        }

        #[test]
        fn what_is_too_large_is_not_read(byte in any::<u8>(), more in 1..1_000_usize) {
            let told = read(as_json(), vec![byte; MAX_BODY + more], Ok::<Value, String>);
            prop_assert_eq!(told, Err(StatusCode::PAYLOAD_TOO_LARGE));
        }
    }
}
