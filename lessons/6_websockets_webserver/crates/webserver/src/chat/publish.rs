//! What a player says over a socket, on its way to all.

use uuid::Uuid;

use crate::{
    chat::text::ChatText, error::ApiError, session::player::Player, startup::App,
};

/// Publishes it, under the same rules as over HTTP, and gives its id.
///
/// # Errors
/// The same as over HTTP, in the same words.
pub async fn publish(app: &App, player: &Player, text: &str) -> Result<Uuid, ApiError> {
    app.rate_limit.check(player.session)?;
    let text = ChatText::parse(text).map_err(ApiError::unprocessable)?;
    let name = player.name.as_str();
    let message = app.messages.publish(name, text.as_str()).await?;
    Ok(message.id)
}
