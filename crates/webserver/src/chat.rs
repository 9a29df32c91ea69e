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
use uuid::Uuid;

// use crate::messages::Message; // lesson 4 only
use messages::{Message, NotSent}; // lesson 5

use crate::{error::ApiError, json::Body, player::Player, startup::App, text::ChatText};

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
struct After {
    after: Option<Uuid>,
}

/// What one replica knows, and which one it is.
#[derive(Debug, Serialize)]
struct Told {
    replica: String,
    messages: Vec<Message>,
}

async fn say(
    State(app): State<Arc<App>>,
    player: Player,
    Body(new): Body<NewMessage>,
) -> Result<(StatusCode, Json<Message>), ApiError> {
    app.rate_limit.check(player.session)?; // lesson 5
    let text = ChatText::parse(&new.text).map_err(ApiError::unprocessable)?;
    let (author, text) = (player.name.as_str(), text.as_str());
    // let message = app.messages.post(author, text); // lesson 4 only
    let message = app.messages.publish(author, text).await?; // lesson 5
    Ok((StatusCode::CREATED, Json(message)))
}

async fn ask(State(app): State<Arc<App>>, _: Player, After { after }: After) -> impl IntoResponse {
    let told = Told {
        replica: app.replica.id.to_string(),
        messages: app.messages.after(after),
    };
    ([(header::CACHE_CONTROL, "no-store")], Json(told))
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
        ApiError::new(StatusCode::SERVICE_UNAVAILABLE, not_sent.to_string())
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
