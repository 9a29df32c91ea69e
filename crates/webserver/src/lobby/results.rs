//! `GET /api/results/MATCH`: what has come of a match, for whoever was not there at its end.

use std::sync::Arc;

use axum::{
    Router,
    extract::{Path, State},
    http::{StatusCode, header},
    response::IntoResponse,
    routing::get,
};
use matches::{Known, MatchId};
use service::ApiError;

use crate::{app::App, lobby::refusals::unavailable};

/// The route of this file.
pub fn routes() -> Router<Arc<App>> {
    Router::new().route("/api/results/{match}", get(result))
}

async fn result(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
) -> Result<impl IntoResponse, ApiError> {
    let malformed = |error: matches::ParseIdError| ApiError::unprocessable(error.to_string());
    let id: MatchId = id.parse().map_err(malformed)?;
    let known = app.lobby.directory.result(&id).await;
    let not_found = |code, sentence| ApiError::new(StatusCode::NOT_FOUND, sentence).with_code(code);
    match known.map_err(|error| unavailable(&error))? {
        Known::Over(result) => Ok(([(header::CONTENT_TYPE, "application/json")], result)),
        Known::NotOver => Err(not_found(
            "not_over",
            "this match is not over; ask again when it is",
        )),
        Known::Unknown => Err(not_found(
            "no_such_match",
            "nobody knows of this match; a result is kept for an hour",
        )),
    }
}
