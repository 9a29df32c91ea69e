//! The routes of all features, joined.

use std::sync::Arc;

use axum::Router;
use service::Application;

use crate::lobby;
use crate::{app::App, chat, pages, session};

impl Application for App {
    fn router(self: Arc<App>) -> Router {
        // lesson 3
        let for_players = Router::new();
        let for_players = for_players.merge(session::login::routes());
        let for_players = chat::session_end::tells(for_players, &self); // lesson 6
        let for_players = lobby::around(for_players, &self); // lesson 9
        let for_players = for_players.merge(chat::routes::routes()); // lesson 4

        Router::new()
            .merge(pages::routes::routes())
            .merge(session::layer::around(for_players, &self.sessions)) // lesson 3
            .with_state(self)
    }

    // lesson 4
    async fn missing(&self) -> Vec<&'static str> {
        let mut missing = Vec::new();
        missing.extend(self.sessions.missing().await);
        missing.extend(self.chat.missing()); // lesson 5
        missing
    }

    // lesson 6
    async fn close(&self) {
        self.chat.close().await;
    }
}
