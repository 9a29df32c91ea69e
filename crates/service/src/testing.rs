//! What the tests of every body have in common.

// What is unexpected ends a test.
#![allow(clippy::unwrap_used)]

use axum::{
    body::{self, to_bytes},
    extract::{FromRequest, Request},
    http::{HeaderValue, StatusCode, header},
    response::IntoResponse,
};
use http_body_util::Limited;
use proptest::{collection::vec, prelude::*, string::string_regex};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::{
    error::{ApiError, MAX_BODY},
    json::Body,
};

/// Reads a body as a handler does that takes a [`Body`] and passes it to `parse`.
///
/// Gives what was read, or the status that the client is told. Panics if that is not one that says that the client
/// made a mistake, or has not the form of our errors.
pub fn read<T: DeserializeOwned, V, E: Into<ApiError>>(
    content_type: Option<HeaderValue>,
    body: Vec<u8>,
    parse: impl FnOnce(T) -> Result<V, E>,
) -> Result<V, StatusCode> {
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    runtime.unwrap().block_on(async {
        // As the router limits it.
        let body = Limited::new(body::Body::from(body), MAX_BODY);
        let mut request = Request::new(body::Body::new(body));
        let content_type = content_type.map(|value| (header::CONTENT_TYPE, value));
        request.headers_mut().extend(content_type);
        let read = Body::from_request(request, &()).await;
        let read = read.and_then(|Body(read)| parse(read).map_err(Into::into));
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
        assert_ne!(told["code"].as_str().unwrap(), "");
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
