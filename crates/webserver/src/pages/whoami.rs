//! `GET /api/whoami`: which replica answered, as JSON.

use std::sync::Arc;

use axum::{
    Json,
    extract::{ConnectInfo, State},
    http::header,
    response::IntoResponse,
};
use serde::Serialize;
use service::{LocalAddress, Replica};

use crate::app::App;

/// The replica as a client sees it. The page and the JSON are made of the same facts.
#[derive(Debug, Serialize)]
pub struct WhoAmI {
    pub replica: String,
    pub host: String,
    pub address: String,
    pub version: &'static str,
    pub started_at: String,
    pub requests_served: u64,
}

impl WhoAmI {
    pub fn new(replica: &Replica, LocalAddress(address): LocalAddress) -> WhoAmI {
        WhoAmI {
            replica: replica.id.to_string(),
            host: replica.host.clone(),
            address: address.to_string(),
            version: env!("CARGO_PKG_VERSION"),
            started_at: replica.started_at.to_string(),
            requests_served: replica.served(),
        }
    }
}

/// The replica as JSON.
pub async fn whoami(
    State(app): State<Arc<App>>,
    ConnectInfo(address): ConnectInfo<LocalAddress>,
) -> impl IntoResponse {
    // The answer differs from replica to replica, so nobody on the way may keep it.
    let headers = [(header::CACHE_CONTROL, "no-store")];
    (headers, Json(WhoAmI::new(&app.replica, address)))
}
