//! What every request passes on its way to a feature, and every answer on its way back.

use std::{sync::Arc, time::Duration};

use axum::{Router, http::StatusCode, middleware};
use tower_http::{
    catch_panic::CatchPanicLayer,
    request_id::{PropagateRequestIdLayer, SetRequestIdLayer},
    timeout::TimeoutLayer,
};

use crate::headers;
use crate::{
    body, error,
    replica::Replica,
    request_id::{self, FreshId, REQUEST_ID},
    request_log,
};

/// How long a handler may take. What a handler waits for has limits of its own, so this only ends what has gone wrong.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(10);

/// The routes of the features and of the health checks, inside what all of them have in common. The last layer here is
/// the first to see a request.
pub fn around(features: Router, health: Router, replica: &Arc<Replica>) -> Router {
    features
        .merge(health)
        .layer(CatchPanicLayer::new())
        .layer(TimeoutLayer::with_status_code(
            StatusCode::SERVICE_UNAVAILABLE,
            REQUEST_TIMEOUT,
        ))
        .layer(middleware::from_fn(body::whole))
        .layer(middleware::from_fn(error::as_json))
        .layer(headers::on_every_answer(&replica.id)) // lesson 3
        .layer(middleware::from_fn_with_state(
            Arc::clone(replica),
            request_log::log_request,
        ))
        .layer(PropagateRequestIdLayer::new(REQUEST_ID))
        .layer(SetRequestIdLayer::new(REQUEST_ID, FreshId))
        .layer(middleware::map_request(request_id::only_plain))
}
