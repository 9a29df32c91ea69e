//! What a player says, on its way to all: over HTTP, or as a frame of a socket.

use std::sync::Arc;

use axum::{Json, extract::State, http::StatusCode};
use messages::{HistoryUnavailable, Limit, PublishError, Published};
use protocol::{Id, Message};
use service::{ApiError, Body};

use crate::{
    app::App,
    chat::{
        idempotency::{IdempotencyKey, scope},
        new_message::NewMessage,
        text::ChatText,
    },
    session::player::Player,
};

/// `POST /api/messages`. The same key gives the same message: 201 at the first time, and 200 from then on.
///
/// # Errors
/// When the player says too much, the text is not accepted, or the message was not taken in.
pub async fn say(
    State(app): State<Arc<App>>,
    player: Player,
    IdempotencyKey(key): IdempotencyKey,
    Body(new): Body<NewMessage>,
) -> Result<(StatusCode, Json<Message>), ApiError> {
    let Published { message, repeated } = publish(&app, &player, key.as_deref(), &new.text)
        .await
        .map_err(|refusal| refusal.told_of("Idempotency-Key"))?;
    let status = if repeated {
        StatusCode::OK
    } else {
        StatusCode::CREATED
    };
    Ok((status, Json(message)))
}

/// The same over a socket: gives the message's id. A reference that was there before is the same message, and gives the
/// same id.
///
/// # Errors
/// The same as over HTTP, in the same words.
pub async fn publish_frame(
    app: &App,
    player: &Player,
    reference: &str,
    text: &str,
) -> Result<Id, ApiError> {
    let published = publish(app, player, Some(reference), text).await;
    let published = published.map_err(|refusal| refusal.told_of("ref"))?;
    Ok(published.message.id)
}

/// The history is needed, and cannot be read now.
pub fn unavailable(error: HistoryUnavailable) -> ApiError {
    ApiError::new(StatusCode::SERVICE_UNAVAILABLE, error.to_string())
        .with_code("history_unavailable")
}

/// Why something was not said.
enum Refusal {
    /// By the rules of the chat.
    ByRule(ApiError),
    /// By the history.
    ByHistory(PublishError),
}

async fn publish(
    app: &App,
    player: &Player,
    key: Option<&str>,
    text: &str,
) -> Result<Published, Refusal> {
    let allowed = app.chat.rate_limit.check(&player.browser);
    allowed.map_err(Refusal::ByRule)?;
    let text = ChatText::parse(text).map_err(|error| Refusal::ByRule(error.into()))?;
    let who = player.who();
    let key = key.map(|key| scope(player.id, key));
    let limit = Limit {
        sender: player.browser.clone(),
        per_second: app.chat.rate_limit.per_second,
    };
    let published = app
        .chat
        .messages
        .publish(&who, text.as_str(), key.as_deref(), &limit);
    published.await.map_err(|refusal| match refusal {
        PublishError::TooMany(wait) => Refusal::ByRule(app.chat.rate_limit.too_many(wait)),
        refusal => Refusal::ByHistory(refusal),
    })
}

impl Refusal {
    /// The error for a client that knows the message's key by this name.
    fn told_of(self, key: &str) -> ApiError {
        match self {
            Refusal::ByRule(error) => error,
            Refusal::ByHistory(PublishError::KeyUsed) => ApiError::unprocessable(format!(
                "this {key} was used for another message; give each message one of its own"
            )),
            Refusal::ByHistory(error) => {
                let code = match error {
                    PublishError::Full => "pubsub_full",
                    _ => "pubsub_unavailable",
                };
                ApiError::new(StatusCode::SERVICE_UNAVAILABLE, error.to_string()).with_code(code)
            }
        }
    }
}
