//! `POST /api/login`, `POST /api/logout`, `GET /api/me`: who is who.
//!
//! There is no password, because this course is about replicas. Where accounts come in, they come in here.

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::State,
    http::{StatusCode, header},
    response::IntoResponse,
    routing::{get, post},
};
use protocol::PlayerId;
use serde::{Deserialize, Serialize};
use service::{ApiError, Body};
use tower_sessions::Session;

use crate::session::may_log_in::MayLogIn;
use crate::{
    app::App,
    session::{
        layer::unreadable,
        name::PlayerName,
        record::{self, Record, record_in},
    },
};

/// The routes of this file.
pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/api/login", post(login))
        .route("/api/logout", post(logout))
        .route("/api/me", get(me))
}

#[derive(Debug, Deserialize)]
struct Login {
    name: String,
}

/// Who this replica takes the asking browser for, and which replica says so.
#[derive(Debug, Serialize)]
struct Me {
    name: Option<PlayerName>,
    player: Option<PlayerId>,
    replica: String,
}

impl Me {
    fn new(record: Option<Record>, app: &App) -> Json<Me> {
        let (name, player) = record.map(|known| (known.name, known.player)).unzip();
        let replica = app.replica.id.to_string();
        Json(Me {
            name,
            player,
            replica,
        })
    }
}

async fn login(
    State(app): State<Arc<App>>,
    _: MayLogIn, // lesson 4
    session: Session,
    Body(login): Body<Login>,
) -> Result<Json<Me>, ApiError> {
    let name = PlayerName::parse(&login.name)?;
    let record = record::log_in(&session, name).await.map_err(unreadable)?;
    Ok(Me::new(Some(record), &app))
}

async fn logout(session: Session) -> Result<StatusCode, ApiError> {
    // The record goes as well as the cookie. A copy of the cookie is worth nothing from now on.
    session.flush().await.map_err(unreadable)?;
    Ok(StatusCode::NO_CONTENT)
}

/// Nobody is an answer, too, and no error: the page asks before it knows.
async fn me(State(app): State<Arc<App>>, session: Session) -> Result<impl IntoResponse, ApiError> {
    let record = record_in(&session).await.map_err(unreadable)?;
    Ok(([(header::CACHE_CONTROL, "no-store")], Me::new(record, &app)))
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
        fn any_body_is_a_login_or_refused(content_type in content_types(), body in bodies("name")) {
            let _ = read(content_type, body, |login: Login| PlayerName::parse(&login.name));
        }

        #[test]
        fn the_name_that_a_client_writes_is_the_one_that_is_read(name in any::<String>()) {
            let body = json!({ "name": name }).to_string().into_bytes();
            prop_assert_eq!(read(as_json(), body, |login: Login| Ok::<_, ApiError>(login.name)), Ok(name));
        }
    }
}
