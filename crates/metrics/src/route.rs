//! Which route a request has met.

use axum::{extract::MatchedPath, http::Extensions};

/// The route that a request has met, as the router has it, such as `/users/{id}`; none where no route did.
///
/// It is one of a few, and the path is whatever a caller has written.
#[must_use]
pub fn route_of(request: &Extensions) -> Option<&str> {
    request.get::<MatchedPath>().map(MatchedPath::as_str)
}
