//! From when on this web server is measured, and what has to be looked at for that.

use std::{sync::Arc, time::Duration};

use service::{MeasuredRoute, measure_requests};
use telemetry::{stores, waits::Server};
use tokio::time::{MissedTickBehavior, interval};

use crate::{app::App, measure};

/// How often the Redises are asked whether they are there. That is said of them although no player may ask anything now.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Has this server measured from now on.
pub fn start(app: &Arc<App>) {
    measure::begin();
    stores::measure(&[Server::Sessions, Server::Pubsub, Server::Matches]);
    app.chat.connections.measure("chat");
    measure_requests(&routes(), measure::answered);
    tokio::spawn(look_at_stores(Arc::clone(app)));
}

/// All routes that players have.
fn routes() -> Vec<MeasuredRoute> {
    let routes: [(&'static str, &'static [&'static str]); 15] = [
        ("/plain", &["GET"]),
        ("/ws", &["GET"]),
        ("/api/fleet", &["GET"]),
        ("/api/lobby", &["GET"]),
        ("/api/login", &["POST"]),
        ("/api/logout", &["POST"]),
        ("/api/me", &["GET"]),
        ("/api/messages", &["GET", "POST"]),
        ("/api/party", &["POST", "DELETE"]),
        ("/api/party/join", &["POST"]),
        ("/api/play", &["POST", "DELETE"]),
        ("/api/watch", &["POST"]),
        ("/api/whoami", &["GET"]),
        ("/game/", &["GET"]),
        ("/game/{*rest}", &["GET"]),
    ];
    let route = |(path, methods): (&'static str, _)| MeasuredRoute {
        methods,
        path: path.to_owned(),
        label: path,
    };
    routes.into_iter().map(route).collect()
}

/// Finds out whether the Redises are there, for as long as this process runs.
async fn look_at_stores(app: Arc<App>) {
    let mut ticks = interval(LOOK_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        // The sessions are asked for one that nobody has, which is measured where all others are.
        let (_, matches) = tokio::join!(app.sessions.missing(), app.lobby.directory.answers());
        stores::is_up(Server::Matches, matches);
        stores::is_up(Server::Pubsub, app.chat.messages.missing().is_none());
    }
}
