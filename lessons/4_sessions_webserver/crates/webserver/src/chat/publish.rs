//! What a player says.

use std::sync::Arc;

use axum::{Json, extract::State, http::StatusCode};
use protocol::Message;
use service::{ApiError, Body};

use crate::{
    app::App,
    chat::{new_message::NewMessage, text::ChatText},
    session::player::Player,
};

/// `POST /api/messages`.
///
/// # Errors
/// When the text is not accepted.
pub async fn say(
    State(app): State<Arc<App>>,
    player: Player,
    Body(new): Body<NewMessage>,
) -> Result<(StatusCode, Json<Message>), ApiError> {
    let text = ChatText::parse(&new.text)?;
    let message = app.chat.messages.publish(&player.who(), text.as_str());
    Ok((StatusCode::CREATED, Json(message)))
}
