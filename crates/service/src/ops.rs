//! The port for those who look after the service. No player reaches it.
//!
//! What it tells is nobody's business who plays, and what it takes is done. So it is a port of its own, and not a path that
//! Traefik would have to be told to leave out: Traefik knows the other port only. Prometheus learns of this one from Consul, where
//! it stands beside the service.

use std::{
    net::{IpAddr, SocketAddr},
    sync::{
        Arc,
        atomic::{AtomicU16, Ordering},
    },
    time::Duration,
};

use anyhow::Context;
use axum::{
    Router,
    http::{Method, StatusCode, Uri, header},
    middleware,
    response::IntoResponse,
    routing::get,
};
use clap::Args;
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};
use tower_http::{catch_panic::CatchPanicLayer, timeout::TimeoutLayer};
use tracing::info;

use crate::{
    application::Application,
    connection,
    error::{self, ApiError},
    headers,
    replica::ReplicaId,
};

/// How long an answer may take, with the time in which its question arrives.
const ANSWER_WITHIN: Duration = Duration::from_secs(5);

/// Which port that is, as soon as it is bound; 0 before.
static PORT: AtomicU16 = AtomicU16::new(0);

/// Where those are served who look after the service.
#[derive(Args, Clone, Copy, Debug)]
pub struct OpsConfig {
    /// Port for metrics and alerts, on the address of LISTEN; 0 takes any free port, which Consul is told
    #[arg(
        long,
        env = "OPS_PORT",
        global = true,
        default_value = "0",
        value_name = "PORT"
    )]
    pub ops_port: u16,
}

/// The listener for those who look after the service. It ends when this is dropped.
#[derive(Debug)]
pub struct Ops {
    serving: JoinHandle<()>,
    _stop: oneshot::Sender<()>,
}

/// Serves the metrics, and what the service has for those who look after it.
///
/// # Errors
/// When the port cannot be bound.
pub async fn start<App: Application>(
    config: OpsConfig,
    address: IpAddr,
    replica: &ReplicaId,
    app: &Arc<App>,
) -> anyhow::Result<Ops> {
    let address = SocketAddr::new(address, config.ops_port);
    let listener = TcpListener::bind(address).await.with_context(|| {
            format!(
                "cannot listen on {address} for metrics; stop what listens there, or choose another port with OPS_PORT"
            )
        })?;
    let bound = listener
        .local_addr()
        .context("cannot read the bound port")?;
    PORT.store(bound.port(), Ordering::Relaxed);
    metrics::measure_process(env!("CARGO_PKG_VERSION"));
    info!(address = %bound, "metrics are told here");
    let (stop, stopped) = oneshot::channel::<()>();
    let stopped = async {
        let _ = stopped.await;
    };
    let router = Router::new()
        .route("/metrics", get(metrics_text))
        .merge(Arc::clone(app).ops())
        .fallback(not_found)
        .layer(CatchPanicLayer::new())
        .layer(TimeoutLayer::with_status_code(
            StatusCode::SERVICE_UNAVAILABLE,
            ANSWER_WITHIN,
        ))
        .layer(middleware::from_fn(error::as_json))
        .layer(headers::on_every_answer(replica));
    Ok(Ops {
        serving: tokio::spawn(connection::serve(listener, router, stopped)),
        _stop: stop,
    })
}

impl Drop for Ops {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

/// The port, for whoever announces this replica; none before it is bound.
pub fn port() -> Option<u16> {
    let port = PORT.load(Ordering::Relaxed);
    (port != 0).then_some(port)
}

async fn metrics_text() -> impl IntoResponse {
    (
        [(header::CONTENT_TYPE, metrics::CONTENT_TYPE)],
        metrics::text(),
    )
}

async fn not_found(method: Method, uri: Uri) -> ApiError {
    let path = uri.path();
    let message = format!("nothing answers {method} {path} here; GET /metrics tells the metrics");
    ApiError::new(StatusCode::NOT_FOUND, message)
}
