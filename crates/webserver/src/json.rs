//! A request's JSON body, or an error that says what was wrong with it.

use axum::{
    Json,
    extract::{FromRequest, rejection::JsonRejection},
};

use crate::error::ApiError;

/// Like axum's own [`Json`], but whoever sends something else is told so in this server's form of error.
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

/// What the tests of every body have in common.
#[cfg(test)]
pub(crate) mod testing {
    use axum::{
        body::{self, to_bytes},
        extract::Request,
        http::{HeaderValue, StatusCode, header},
        response::IntoResponse,
    };
    use http_body_util::Limited;
    use proptest::{collection::vec, prelude::*, string::string_regex};
    use serde::de::DeserializeOwned;
    use serde_json::{Value, json};

    use super::*;
    use crate::error::MAX_BODY;

    /// Reads a body as a handler does that takes a [`Body`] and passes it to `parse`.
    ///
    /// Gives what was read, or the status that the client is told. Panics if that is not one that says that the client
    /// made a mistake, or has not the form of our errors.
    pub fn read<T: DeserializeOwned, V>(
        content_type: Option<HeaderValue>,
        body: Vec<u8>,
        parse: impl FnOnce(T) -> Result<V, String>,
    ) -> Result<V, StatusCode> {
        let runtime = tokio::runtime::Builder::new_current_thread().build();
        runtime.unwrap().block_on(async {
            // As the router limits it.
            let body = Limited::new(body::Body::from(body), MAX_BODY);
            let mut request = Request::new(body::Body::new(body));
            let content_type = content_type.map(|value| (header::CONTENT_TYPE, value));
            request.headers_mut().extend(content_type);
            let read = Body::from_request(request, &()).await;
            let read = read.and_then(|Body(read)| parse(read).map_err(ApiError::unprocessable));
            let error = match read {
                Ok(value) => return Ok(value),
                Err(error) => error.into_response(),
            };
            let status = error.status();
            assert!([400, 413, 415, 422].contains(&status.as_u16()), "{status}");
            let told = to_bytes(error.into_body(), usize::MAX).await.unwrap();
            let told: Value = serde_json::from_slice(&told).unwrap();
            assert_eq!(told["status"], status.as_u16());
            assert_ne!(told["error"].as_str().unwrap(), "");
            Err(status)
        })
    }

    /// The content type that a client must send.
    pub fn as_json() -> Option<HeaderValue> {
        Some(HeaderValue::from_static("application/json"))
    }

    /// That one most often, some like it, none, and anything that can stand in a header.
    pub fn content_types() -> impl Strategy<Value = Option<HeaderValue>> {
        let like_json =
            r#"(application/([a-z]{1,3}[+])?json|[a-z]{0,3}/json)(; ?[a-z]{0,3}=[a-z"]{0,3})?"#;
        let anything = vec(any::<u8>(), 0..20)
            .prop_filter_map("no header", |bytes| HeaderValue::from_bytes(&bytes).ok());
        prop_oneof![
            4 => Just(as_json()),
            1 => Just(None),
            1 => like_json.prop_map(|text| HeaderValue::try_from(text).ok()),
            1 => anything.prop_map(Some),
        ]
    }

    /// Any bytes; what looks like an object with this field; such an object with any text; and deep or large ones.
    pub fn bodies(field: &'static str) -> impl Strategy<Value = Vec<u8>> {
        let like_json = format!(r#"\{{("{field}"|[:,\[\]{{}}"a-z0-9\\]){{0,40}}\}}?"#);
        let whole = any::<String>().prop_map(move |text| json!({ field: text }).to_string().into());
        let deep = (r#"[\[{"a\\ ]|\{"a":"#, 0..2 * MAX_BODY)
            .prop_map(|(part, times)| part.repeat(times).into_bytes());
        prop_oneof![
            4 => vec(any::<u8>(), 0..100),
            4 => string_regex(&like_json).unwrap().prop_map(String::into_bytes),
            4 => whole,
            1 => deep,
        ]
    }
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderValue, StatusCode};
    use proptest::prelude::*;
    use serde_json::Value;

    use super::testing::{as_json, bodies, content_types, read};
    use crate::error::MAX_BODY;

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
