//! What the tests in a browser may do to the system under them: end a replica, and start another.
//!
//! A browser's test runs in Node and has no hold on the processes that it is served by, so it asks over HTTP.

use std::sync::Arc;

use anyhow::{Context, anyhow};
use axum::{
    Router,
    extract::{Path, State},
    http::StatusCode,
    routing::{delete, post},
};
use stack::Stack;
use tokio::{net::TcpListener, sync::Mutex, task::JoinHandle};

/// The system, as long as it can be changed. A connection that is kept alive holds on to this longer than that.
type Shared = Arc<Mutex<Option<Stack>>>;

type Answer = Result<String, (StatusCode, String)>;

const GONE: &str = "the system is being stopped";

/// A system that can be changed over HTTP while this value exists.
pub struct Control {
    stack: Shared,
    system: String,
    address: String,
    server: JoinHandle<()>,
}

impl Control {
    /// Listens on a free port of 127.0.0.1.
    ///
    /// # Errors
    /// When there is no free port.
    pub async fn over(stack: Stack) -> anyhow::Result<Control> {
        let listener = TcpListener::bind("127.0.0.1:0")
            .await
            .context("cannot listen for what the tests ask for")?;
        let address = format!("http://{}", listener.local_addr()?);
        let system = stack.address();
        let stack = Arc::new(Mutex::new(Some(stack)));
        let routes = Router::new()
            .route("/replicas", post(start))
            .route("/replicas/{id}", delete(kill))
            .route("/replicas/{id}/stop", post(stop))
            .route("/services/{service}", post(start_one))
            .with_state(Arc::clone(&stack));
        let server = tokio::spawn(async move {
            // It ends only when it is told to.
            let _ = axum::serve(listener, routes).await;
        });
        Ok(Control {
            stack,
            system,
            address,
            server,
        })
    }

    /// Where to ask.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Host and port of the system's Traefik.
    pub fn system(&self) -> &str {
        &self.system
    }

    /// Listens no more, and gives the system back when nothing that was asked for is under way.
    ///
    /// # Errors
    /// Never: only this takes the system, and only once.
    pub async fn finish(self) -> anyhow::Result<Stack> {
        self.server.abort();
        self.stack.lock().await.take().context(GONE)
    }
}

/// `POST /replicas`: starts one more replica of the web server, and answers with its id when Traefik sends requests to it.
async fn start(stack: State<Shared>) -> Answer {
    start_one(stack, Path("webserver".to_owned())).await
}

/// `POST /services/{service}`: the same of another service.
async fn start_one(State(stack): State<Shared>, Path(service): Path<String>) -> Answer {
    let mut stack = stack.lock().await;
    let stack = stack.as_mut().ok_or_else(|| failed(anyhow!(GONE)))?;
    stack.add_replica(&service).await.map_err(failed)
}

/// `DELETE /replicas/{id}`: ends a replica with SIGKILL, and answers when it is gone.
async fn kill(State(stack): State<Shared>, Path(id): Path<String>) -> Answer {
    let mut stack = stack.lock().await;
    let stack = stack.as_mut().ok_or_else(|| failed(anyhow!(GONE)))?;
    let mut replica = stack.take_called(&id).map_err(failed)?;
    replica.kill().await.map_err(failed)?;
    Ok(id)
}

/// `POST /replicas/{id}/stop`: tells a replica to stop with SIGTERM, and answers when it has.
async fn stop(State(stack): State<Shared>, Path(id): Path<String>) -> Answer {
    let mut stack = stack.lock().await;
    let stack = stack.as_mut().ok_or_else(|| failed(anyhow!(GONE)))?;
    let mut replica = stack.take_called(&id).map_err(failed)?;
    replica.stop().await.map_err(failed)?;
    Ok(id)
}

fn failed(error: anyhow::Error) -> (StatusCode, String) {
    (StatusCode::INTERNAL_SERVER_ERROR, format!("{error:#}"))
}
