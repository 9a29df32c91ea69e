//! What a player says, on its way to all.

use std::sync::Arc;

use axum::{Json, extract::State, http::StatusCode};
use messages::PublishError;
use protocol::{Id, Message};
use service::{ApiError, Body};

use crate::{
    app::App,
    chat::{new_message::NewMessage, text::ChatText},
    session::player::Player,
};

/// `POST /api/messages`.
///
/// # Errors
/// When the player says too much, the text is not accepted, or the message was not passed on.
pub async fn say(
    State(app): State<Arc<App>>,
    player: Player,
    Body(new): Body<NewMessage>,
) -> Result<(StatusCode, Json<Message>), ApiError> {
    let message = publish(&app, &player, &new.text).await?;
    Ok((StatusCode::CREATED, Json(message)))
}

// lesson 6
/// The same over a socket: gives the message's id. Here its reference is only given back, and not kept.
///
/// # Errors
/// The same as over HTTP, in the same words.
pub async fn publish_frame(
    app: &App,
    player: &Player,
    _reference: &str,
    text: &str,
) -> Result<Id, ApiError> {
    Ok(publish(app, player, text).await?.id)
}

async fn publish(app: &App, player: &Player, text: &str) -> Result<Message, ApiError> {
    app.chat.rate_limit.check(&player.browser)?;
    let text = ChatText::parse(text)?;
    let who = player.who();
    let published = app.chat.messages.publish(&who, text.as_str());
    published.await.map_err(refused)
}

fn refused(error: PublishError) -> ApiError {
    ApiError::new(StatusCode::SERVICE_UNAVAILABLE, error.to_string()).with_code("pubsub_unavailable")
}
