//! The routes of the lobby.

use std::sync::Arc;

use axum::Router;

use crate::{
    app::App,
    lobby::{fleet, gone, http, party, play, session_end},
};

/// The routes of the session, which change who is who, with those of the lobby beside them.
pub fn around(session: Router<Arc<App>>, app: &Arc<App>) -> Router<Arc<App>> {
    session_end::leaves(session, app)
        .merge(http::routes())
        .merge(play::routes())
        .merge(party::routes())
        .merge(fleet::routes())
        .merge(gone::routes())
}
