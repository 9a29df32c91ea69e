//! Whatever a client sends as a body is read or refused.

use axum::http::{HeaderValue, StatusCode};
use proptest::prelude::*;
use serde_json::Value;

use crate::{
    error::{ApiError, MAX_BODY},
    testing::{as_json, bodies, content_types, read},
};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20_000))]

    #[test]
    fn any_body_is_read_or_refused(content_type in content_types(), body in bodies("a")) {
        let _ = read(content_type, body, Ok::<Value, ApiError>);
    }

    #[test]
    fn what_a_form_can_send_is_refused(
        kind in "application/x-www-form-urlencoded|multipart/form-data|text/plain",
        parameter in "(; ?[a-z]{1,8}=[ -~]{0,10})?",
        body in bodies("a"),
    ) {
        let content_type = HeaderValue::try_from(kind + &parameter).unwrap();
        let told = read(Some(content_type), body, Ok::<Value, ApiError>);
        prop_assert_eq!(told, Err(StatusCode::UNSUPPORTED_MEDIA_TYPE));
    }

    #[test]
    fn what_is_too_large_is_not_read(byte in any::<u8>(), more in 1..1_000_usize) {
        let told = read(as_json(), vec![byte; MAX_BODY + more], Ok::<Value, ApiError>);
        prop_assert_eq!(told, Err(StatusCode::PAYLOAD_TOO_LARGE));
    }
}
