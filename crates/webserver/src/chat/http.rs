//! `POST /api/messages` and `GET /api/messages`: saying something, and asking what was said.

use std::sync::Arc;

use axum::{Json, Router, extract::State, http::header, response::IntoResponse, routing::post};
use protocol::MessagePage;
use serde::Serialize;
use service::ApiError;

use crate::chat::publish::unavailable;
use crate::{
    app::App,
    chat::{after::After, publish::say},
    session::player::Player,
};

/// The routes of those who ask, and are not told by themselves.
pub fn routes() -> Router<Arc<App>> {
    Router::new().route("/api/messages", post(say).get(ask))
}

/// What one replica knows, and which one it is.
#[derive(Debug, Serialize)]
struct Answer {
    replica: String,
    #[serde(flatten)]
    page: MessagePage,
}

async fn ask(
    State(app): State<Arc<App>>,
    _: Player,
    After { after }: After,
) -> Result<impl IntoResponse, ApiError> {
    // let page = app.chat.messages.page(after); // lessons 4 to 6 only
    let page = app.chat.messages.page(after).await.map_err(unavailable)?; // lesson 7
    let replica = app.replica.id.to_string();
    let answer = Json(Answer { replica, page });
    Ok(([(header::CACHE_CONTROL, "no-store")], answer))
}
