//! What a player says over a socket, on its way to all.

use service::ApiError;
use uuid::Uuid;

use crate::{app::App, chat::{failures::not_sent, text::ChatText}, session::player::Player};

/// Publishes it, under the same rules as over HTTP, and gives its id.
///
/// # Errors
/// The same as over HTTP, in the same words.
pub async fn publish(app: &App, player: &Player, text: &str) -> Result<Uuid, ApiError> {
    app.chat.rate_limit.check(player.session)?;
    let text = ChatText::parse(text).map_err(ApiError::unprocessable)?;
    let name = player.name.as_str();
    let published = app.chat.messages.publish(name, text.as_str()).await;
    Ok(published.map_err(not_sent)?.id)
}
