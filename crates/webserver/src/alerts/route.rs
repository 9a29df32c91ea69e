//! `POST /alerts`: what Alertmanager tells, said in the chat.

use std::{num::NonZeroU32, sync::Arc, time::Duration};

use axum::{
    Json, Router,
    extract::{DefaultBodyLimit, State, rejection::JsonRejection},
    http::StatusCode,
    routing::post,
};
use messages::{Limit, PublishError};
use service::ApiError;
use tracing::{info, warn};

use super::{
    body::Group,
    notice::{Notice, nobody},
};
use crate::{app::App, chat::text::ChatText};

/// The largest group that is read, in bytes. Alertmanager sends all alerts of a group at once, each with all of its labels.
const MAX_BODY: usize = 256 * 1024;

/// How many lines a second. A chat that tells nothing else is no chat.
const PER_SECOND: NonZeroU32 = NonZeroU32::MIN;

/// The route of this file.
pub fn routes() -> Router<Arc<App>> {
    let limit = DefaultBodyLimit::max(MAX_BODY);
    Router::new().route("/alerts", post(tell).layer(limit))
}

/// Says one line for a group of alerts. Where that fails, whoever sent it has to send it again, and Alertmanager does after a 503.
async fn tell(
    State(app): State<Arc<App>>,
    group: Result<Json<Group>, JsonRejection>,
) -> Result<StatusCode, ApiError> {
    let Json(group) = group?;
    if let Some(wrong) = group.wrong() {
        return Err(ApiError::unprocessable(wrong));
    }
    // It is told when it is over: that somebody watches is no news.
    if group.is_all_well() {
        return Ok(StatusCode::NO_CONTENT);
    }
    let notice = Notice::of(&group);
    let text = ChatText::parse(&notice.text)?;
    let limit = Limit {
        sender: "alerts".to_owned(),
        per_second: PER_SECOND,
    };
    let who = nobody();
    let said = app
        .chat
        .messages
        .publish(&who, text.as_str(), Some(&notice.key), &limit);
    match said.await {
        Ok(said) => {
            info!(message_id = %said.message.id, repeated = said.repeated, "told an alert in the chat");
            Ok(StatusCode::NO_CONTENT)
        }
        // The same alerts in the same state were told a moment ago, in other words: a number in them has changed.
        Err(PublishError::KeyUsed) => Ok(StatusCode::NO_CONTENT),
        Err(error) => {
            warn!(%error, "an alert was not told in the chat");
            let detail = format!("this alert was not told in the chat: {error}");
            let away = ApiError::new(StatusCode::SERVICE_UNAVAILABLE, detail);
            Err(away.retry_after(Duration::from_secs(1)))
        }
    }
}
