//! Load shedding: past a bound, a request is refused at once and not queued.
//!
//! A replica that takes more than it can do gets slower for everybody, until answers come after those who asked
//! have given up. Then it does nothing but work that nobody waits for. So there is a bound, and who comes beyond
//! it is told at once to come back.

use std::future::{Ready, ready};

use axum::{
    BoxError,
    error_handling::HandleErrorLayer,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use clap::Args;
use tower::{limit::GlobalConcurrencyLimitLayer, load_shed::LoadShedLayer};

use crate::error::ApiError;

/// How many requests there may be at once.
#[derive(Args, Clone, Debug)]
pub struct LoadShedConfig {
    /// Requests that this replica handles at the same time, health checks left out: 1 to 1000000
    #[arg(
        long,
        env = "MAX_REQUESTS",
        global = true,
        default_value = "1000",
        value_parser = clap::value_parser!(u32).range(1..=1_000_000),
        value_name = "REQUESTS"
    )]
    pub max_requests: u32,
}

/// The layer around all routes but the health checks, which must answer most of all when there is too much to do:
/// a replica that looked dead would be taken out, and the others had its share as well.
///
/// A request counts from when its body is there until its handler has answered: whoever is slow to send one takes no
/// place of others. A WebSocket counts until it is open; from then on `MAX_SOCKETS` counts it.
pub fn at_most(requests: u32) -> AtMost {
    let requests = usize::try_from(requests).unwrap_or(usize::MAX);
    (
        HandleErrorLayer::new(too_many),
        // The limit alone would let requests wait for their turn, in a queue without a bound.
        LoadShedLayer::new(),
        // "Global", because axum wraps each route by itself, and this one is shared by all of them.
        GlobalConcurrencyLimitLayer::new(requests),
    )
}

/// The first of them is the first to see a request.
type AtMost = (
    HandleErrorLayer<fn(BoxError) -> Ready<Response>, ()>,
    LoadShedLayer,
    GlobalConcurrencyLimitLayer,
);

/// The answer when there is no place. No other error can come from in there: handlers turn theirs into answers.
fn too_many(_: BoxError) -> Ready<Response> {
    let detail = "this replica has too much to do; try again later";
    ready(ApiError::new(StatusCode::SERVICE_UNAVAILABLE, detail).into_response())
}
