//! What a player says over a socket, on its way to all.

use messages::Id;

use crate::{
    chat::{idempotency::scope, text::ChatText},
    error::ApiError,
    session::player::Player,
    startup::App,
};

/// Takes it into the history, under the same rules as over HTTP, and gives its id. A reference that was there before is the
/// same message, and gives the same id.
///
/// # Errors
/// The same as over HTTP, in the same words.
pub async fn publish(
    app: &App,
    player: &Player,
    reference: &str,
    text: &str,
) -> Result<Id, ApiError> {
    app.rate_limit.check(player.session)?;
    let text = ChatText::parse(text).map_err(ApiError::unprocessable)?;
    let (name, key) = (player.name.as_str(), scope(player.session, reference));
    let published = app.messages.publish(name, text.as_str(), Some(&key));
    Ok(published.await?.message.id)
}
