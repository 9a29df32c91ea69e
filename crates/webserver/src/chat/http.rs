//! `POST /api/messages` and `GET /api/messages`: saying something, and asking what was said.

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::{FromRequestParts, Query, State},
    http::{StatusCode, header, request::Parts},
    response::IntoResponse,
    routing::post,
};
use serde::{Deserialize, Serialize};
use service::{ApiError, Body};
// use uuid::Uuid; // lessons 4 to 6 only

// use crate::chat::messages::Message; // lesson 4 only
use messages::Message; // lesson 5
use messages::{Id, NotSent, Published}; // lesson 7

use crate::chat::failures::away; // lesson 7
use crate::chat::failures::not_sent; // lesson 5
use crate::chat::idempotency::{IdempotencyKey, scope}; // lesson 7
use crate::{app::App, chat::text::ChatText, session::player::Player};

pub fn routes() -> Router<Arc<App>> {
    Router::new().route("/api/messages", post(say).get(ask))
}

#[derive(Debug, Deserialize)]
struct NewMessage {
    text: String,
}

/// Where to go on: the id of the last message that the asking client has.
#[derive(Debug, Deserialize)]
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
    app.chat.rate_limit.check(player.session)?; // lesson 5
    let text = ChatText::parse(&new.text).map_err(ApiError::unprocessable)?;
    let (author, text) = (player.name.as_str(), text.as_str());
    // let message = app.chat.messages.post(author, text); // lesson 4 only
    // let published = app.chat.messages.publish(author, text).await; // lessons 5 to 6 only
    // let message = published.map_err(not_sent)?; // lessons 5 to 6 only
    // Ok((StatusCode::CREATED, Json(message))) // lessons 4 to 6 only

    // lesson 7
    let key = key.map(|key| scope(player.session, &key));
    let published = app.chat.messages.publish(author, text, key.as_deref());
    let Published { message, repeated } = published.await.map_err(|error| match error {
        NotSent::KeyUsed => ApiError::unprocessable(
            "this Idempotency-Key was used for another message; give each message one of its own",
        ),
        error => not_sent(error),
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
    // let messages = app.chat.messages.after(after); // lessons 4 to 6 only
    let messages::Told { messages, gap } = app.chat.messages.told(after).await.map_err(away)?; // lesson 7
    let told = Told {
        replica: app.replica.id.to_string(),
        messages,
        gap, // lesson 7
    };
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(told)))
}

impl<S: Send + Sync> FromRequestParts<S> for After {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<After, ApiError> {
        let after = Query::from_request_parts(parts, state).await;
        after.map(|Query(after)| after).map_err(|rejection| {
            let told = format!(
                "{}; accepted: after=ID, the id of a message, or nothing",
                rejection.body_text()
            );
            ApiError::unprocessable(told)
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use service::testing::{as_json, bodies, content_types, read};

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
