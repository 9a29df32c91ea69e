//! Whoever logs out, or goes on as somebody else, leaves seat and party.

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    extract::{Request, State},
    http::Method,
    middleware::{self, Next},
    response::{IntoResponse, Response},
};
use matches::{Directory, DirectoryError};
use protocol::PlayerId;
use tokio::time::{sleep, timeout};
use tower_sessions::{Session, session};
use tracing::warn;

use crate::{
    app::App,
    session::{layer::unreadable, record::record_in},
};

/// How long the answer waits for the seat to be given up. A player who asks right after it is then told the truth.
const WAITED_FOR: Duration = Duration::from_secs(1);

/// Waits between the tries to leave. After them a hold has run out, and who was not seen is no member any more.
const RETRIES: [Duration; 5] = [
    Duration::from_millis(100),
    Duration::from_millis(500),
    Duration::from_secs(2),
    Duration::from_secs(5),
    Duration::from_secs(10),
];

/// Lets a player leave whom one of these routes makes nobody or somebody else, whatever they do to the session.
pub fn leaves(routes: Router<Arc<App>>, app: &Arc<App>) -> Router<Arc<App>> {
    routes.layer(middleware::from_fn_with_state(Arc::clone(app), leave_after))
}

async fn leave_after(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let session = request.extensions().get::<Session>().cloned();
    let Some(session) = session.filter(|_| request.method() == Method::POST) else {
        return next.run(request).await;
    };
    let before = match player_in(&session).await {
        Ok(before) => before,
        // The route would wait for the same store, and fail of it, too.
        Err(error) => return unreadable(error).into_response(),
    };
    let response = next.run(request).await;
    let after = player_in(&session).await.ok().flatten();
    let left = before.filter(|_| response.status().is_success() && before != after);
    if let Some(player) = left {
        // By a task of its own, which goes on where nobody waits for it any more.
        let leaving = tokio::spawn(leave(app.lobby.directory.clone(), player));
        let _ = timeout(WAITED_FOR, leaving).await;
    }
    response
}

async fn player_in(session: &Session) -> Result<Option<PlayerId>, session::Error> {
    let record = record_in(session).await?;
    Ok(record.map(|record| record.player))
}

async fn leave(directory: Directory, player: PlayerId) {
    for wait in RETRIES {
        if leave_once(&directory, player).await.is_ok() {
            return;
        }
        sleep(wait).await;
    }
    if let Err(error) = leave_once(&directory, player).await {
        warn!(%error, "a player has logged out and could not leave seat and party");
    }
}

async fn leave_once(directory: &Directory, player: PlayerId) -> Result<(), DirectoryError> {
    // The party first: else its members could take the player along once more.
    directory.leave_party(player).await?;
    directory.leave(player).await
}
