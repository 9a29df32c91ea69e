//! Headers that every answer has, files and errors included.

use axum::http::{HeaderName, HeaderValue, header};
use tower_http::set_header::SetResponseHeaderLayer;

use crate::replica::ReplicaId;

const REPLICA: HeaderName = HeaderName::from_static("x-replica");

/// The layer that sets them.
pub type Headers = (SetHeader, SetHeader, SetHeader);

type SetHeader = SetResponseHeaderLayer<HeaderValue>;

/// Names the replica, for a page that shows who answered, and tells a browser to be careful: not to guess what a file
/// is, and to tell no other site where it came from. An answer that says so itself, in other words, is left alone.
pub fn on_every_answer(replica: &ReplicaId) -> Headers {
    let unless_said =
        |name, value| SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value));
    (
        SetResponseHeaderLayer::overriding(REPLICA, replica.to_header()),
        unless_said(header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        unless_said(header::REFERRER_POLICY, "no-referrer"),
    )
}
