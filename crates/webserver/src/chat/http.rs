//! `POST /api/messages` and `GET /api/messages`: saying something, and asking what was said.

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::{FromRequestParts, Query, State, rejection::QueryRejection},
    http::{StatusCode, header},
    response::IntoResponse,
    routing::post,
};
use serde::{Deserialize, Serialize};
// use uuid::Uuid; // lessons 4 to 6 only

// use crate::chat::messages::Message; // lesson 4 only
use messages::{Away, Id, Published}; // lesson 7
use messages::{Message, NotSent}; // lesson 5

use crate::chat::idempotency::{IdempotencyKey, scope}; // lesson 7
use crate::{
    chat::text::ChatText, error::ApiError, json::Body, session::player::Player, startup::App,
};

pub fn routes() -> Router<Arc<App>> {
    Router::new().route("/api/messages", post(say).get(ask))
}

#[derive(Debug, Deserialize)]
struct NewMessage {
    text: String,
}

/// Where to go on: the id of the last message that the asking client has.
#[derive(Debug, Deserialize, FromRequestParts)]
#[from_request(via(Query), rejection(ApiError))]
pub struct After {
    // after: Option<Uuid>, // lessons 4 to 6 only
    pub after: Option<Id>, // lesson 7
}

/// What one replica knows, and which one it is.
#[derive(Debug, Serialize)]
struct Told {
    replica: String,
    messages: Vec<Message>,

    // lesson 7
    /// Something may be missing before these messages.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    gap: bool,
}

async fn say(
    State(app): State<Arc<App>>,
    player: Player,
    IdempotencyKey(key): IdempotencyKey, // lesson 7
    Body(new): Body<NewMessage>,
) -> Result<(StatusCode, Json<Message>), ApiError> {
    app.rate_limit.check(player.session)?; // lesson 5
    let text = ChatText::parse(&new.text).map_err(ApiError::unprocessable)?;
    let (author, text) = (player.name.as_str(), text.as_str());
    // let message = app.messages.post(author, text); // lesson 4 only
    // let message = app.messages.publish(author, text).await?; // lessons 5 to 6 only
    // Ok((StatusCode::CREATED, Json(message))) // lessons 4 to 6 only

    // lesson 7
    let key = key.map(|key| scope(player.session, &key));
    let published = app.messages.publish(author, text, key.as_deref());
    let Published { message, repeated } = published.await.map_err(|not_sent| match not_sent {
        NotSent::KeyUsed => ApiError::unprocessable(
            "this Idempotency-Key was used for another message; give each message one of its own",
        ),
        other => other.into(),
    })?;
    let status = if repeated {
        StatusCode::OK
    } else {
        StatusCode::CREATED
    };
    Ok((status, Json(message)))
}

async fn ask(
    State(app): State<Arc<App>>,
    _: Player,
    After { after }: After,
) -> Result<impl IntoResponse, ApiError> {
    // let messages = app.messages.after(after); // lessons 4 to 6 only
    let messages::Told { messages, gap } = app.messages.told(after).await?; // lesson 7
    let told = Told {
        replica: app.replica.id.to_string(),
        messages,
        gap, // lesson 7
    };
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(told)))
}

impl From<QueryRejection> for ApiError {
    fn from(rejection: QueryRejection) -> ApiError {
        let told = format!(
            "{}; accepted: after=ID, the id of a message, or nothing",
            rejection.body_text()
        );
        ApiError::unprocessable(told)
    }
}

// lesson 5
impl From<NotSent> for ApiError {
    fn from(not_sent: NotSent) -> ApiError {
        // let status = StatusCode::SERVICE_UNAVAILABLE; // lessons 5 to 6 only
        let status = status(not_sent); // lesson 7
        ApiError::new(status, not_sent.to_string())
    }
}

// lesson 7
fn status(not_sent: NotSent) -> StatusCode {
    match not_sent {
        NotSent::KeyUsed => StatusCode::UNPROCESSABLE_ENTITY,
        _ => StatusCode::SERVICE_UNAVAILABLE,
    }
}

// lesson 7
impl From<Away> for ApiError {
    fn from(_: Away) -> ApiError {
        let told = "the history does not answer, so what was said cannot be told now; try again in a moment";
        ApiError::new(StatusCode::SERVICE_UNAVAILABLE, told)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::json::testing::{as_json, bodies, content_types, read};

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(20_000))]

        #[test]
        fn any_body_is_a_message_or_refused(content_type in content_types(), body in bodies("text")) {
            let _ = read(content_type, body, |new: NewMessage| ChatText::parse(&new.text));
        }

        #[test]
        fn the_text_that_a_client_writes_is_the_one_that_is_read(text in any::<String>()) {
            let body = json!({ "text": text }).to_string().into_bytes();
            prop_assert_eq!(read(as_json(), body, |new: NewMessage| Ok(new.text)), Ok(text));
        }
    }
}
