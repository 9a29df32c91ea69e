//! Puts the server together, serves, and takes it apart again.

use std::{net::SocketAddr, process::ExitCode, sync::Arc, time::Duration};

use anyhow::Context;
use axum::extract::Request; // lesson 3
use axum::{Router, http::StatusCode, middleware};
use lifecycle::{Cut, Signal, Signals, finish};
use tokio::{net::TcpListener, sync::oneshot};
use tower_http::{
    catch_panic::CatchPanicLayer, limit::RequestBodyLimitLayer, timeout::TimeoutLayer,
};
use tracing::{info, warn};

use crate::load_shed; // lesson 7
use crate::pages::{spa, spa::Client}; // lesson 3
use crate::session::{layer, login, origin};
use crate::{chat, session::store}; // lesson 4
use crate::{
    config::Config,
    connection::{LocalAddress, WithoutDelay},
    error, health,
    pages::{page, whoami},
    replica::Replica,
    request_log,
}; // lesson 3

/// How long a handler may take. Nothing here waits for anything, so this only ends what has gone wrong.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(10);

/// What every handler can reach.
pub struct App {
    pub(crate) replica: Replica,
    pub(crate) readiness: health::Readiness,
    pub(crate) client: Client, // lesson 3
    // pub(crate) sessions: tower_sessions::MemoryStore, // lesson 3 only
    pub(crate) sessions: store::Sessions,    // lesson 4
    pub(crate) cookie_secure: bool,          // lesson 4
    pub(crate) messages: messages::Messages, // lesson 4
    pub(crate) rate_limit: chat::rate_limit::RateLimit, // lesson 5
    pub(crate) hub: chat::hub::Hub,          // lesson 6
    pub(crate) sockets: chat::sockets::Sockets, // lesson 6
    pub(crate) max_requests: u32,            // lesson 7
}

/// A server that is bound to its address and does not serve yet.
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
    config: Config,
    app: Arc<App>,
}

/// Binds the address and puts the application together.
///
/// # Errors
/// When the address cannot be bound. The usual reason is that another process has the port.
pub async fn build(config: &Config) -> anyhow::Result<Server> {
    let listener = TcpListener::bind(config.listen).await.with_context(|| {
        format!(
            "cannot listen on {}; stop what listens there, or choose another address with LISTEN",
            config.listen
        )
    })?;
    let address = listener
        .local_addr()
        .context("cannot read the bound address")?;
    let replica = config.replica_id.clone();
    let messages = chat::pubsub::start(&config.pubsub, &replica)?; // lesson 5
    let app = Arc::new(App {
        client: Client::new(&config.client.client_folder), // lesson 3
        // sessions: tower_sessions::MemoryStore::default(), // lesson 3 only
        sessions: store::connect(&config.sessions)?, // lesson 4
        cookie_secure: config.sessions.cookie_secure, // lesson 4
        // messages: messages::Messages::new(&replica.to_string()), // lesson 4 only
        hub: chat::hub::Hub::start(&messages, &replica), // lesson 6
        sockets: chat::sockets::Sockets::new(&config.sockets), // lesson 6
        max_requests: config.load_shed.max_requests,     // lesson 7
        messages,                                        // lesson 5
        rate_limit: chat::rate_limit::RateLimit::new(config.pubsub.message_rate), // lesson 5
        replica: Replica::new(replica),
        readiness: health::Readiness::default(),
    });
    Ok(Server {
        listener,
        address,
        config: config.clone(),
        app,
    })
}

impl Server {
    /// The address that was bound; with port 0 in the configuration, the port that the system chose.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Serves until a signal comes, then finishes what has begun.
    ///
    /// Gives the exit code: 0 after a graceful stop, 128 plus its number after a second signal.
    ///
    /// # Errors
    /// When serving fails.
    pub async fn run(self, mut signals: Signals) -> anyhow::Result<ExitCode> {
        let replica = self.config.replica_id.to_string();
        let (stop, stopped) = oneshot::channel::<()>();
        let service =
            router(Arc::clone(&self.app)).into_make_service_with_connect_info::<LocalAddress>();
        let serving =
            axum::serve(WithoutDelay(self.listener), service).with_graceful_shutdown(async {
                let _ = stopped.await;
            });
        let serving = tokio::spawn(serving.into_future());
        info!(replica, address = %self.address, "this replica serves");

        // lesson 2
        // Registered only now: Traefik sends requests within milliseconds.
        let registration = crate::registration::keep(
            &self.config,
            self.address.port(),
            &self.app.readiness.registration,
        )?;

        let signal = signals.next().await;
        info!(replica, %signal, "this replica was told to stop");
        self.app.readiness.stop();

        // lesson 2
        let leaving = crate::registration::leave(registration, &self.config);
        if let Err(Cut::Signal(signal)) = finish(leaving, &mut signals, Duration::MAX).await {
            return Ok(at_once(&replica, signal));
        }

        // lesson 6
        // By now Traefik sends nobody here. Whoever is told to connect again reaches another replica.
        let closing = async {
            self.app.sockets.close().await;
            self.app.messages.presence().leave().await;
        };
        match finish(closing, &mut signals, self.config.drain_deadline).await {
            Ok(()) => {}
            Err(Cut::Signal(signal)) => return Ok(at_once(&replica, signal)),
            Err(Cut::Deadline) => warn!(replica, "some sockets had not closed by the deadline"),
        }

        let _ = stop.send(());
        match finish(serving, &mut signals, self.config.drain_deadline).await {
            Ok(served) => served
                .context("the serving task failed")?
                .context("serving failed")?,
            Err(Cut::Signal(signal)) => return Ok(at_once(&replica, signal)),
            Err(Cut::Deadline) => warn!(
                replica,
                deadline = ?self.config.drain_deadline,
                "some requests had not ended by the deadline and are cut off"
            ),
        }
        info!(
            replica,
            requests_served = self.app.replica.served(),
            "this replica has stopped"
        );
        Ok(ExitCode::SUCCESS)
    }
}

/// All routes, and around them what every request passes. The last layer here is the first to see a request.
fn router(app: Arc<App>) -> Router {
    // lesson 3
    let client = app.client.clone();
    // let cookie_secure = false; // lesson 3 only
    let cookie_secure = app.cookie_secure; // lesson 4
    let for_players = Router::new()
        .merge(login::routes())
        .merge(chat::http::routes()) // lesson 4
        .merge(chat::upgrade::routes()) // lesson 6
        .layer(layer::layer(app.sessions.clone(), cookie_secure))
        .layer(middleware::map_response(layer::told_when_unsaved))
        .layer(middleware::from_fn(origin::same_origin));

    Router::new()
        .merge(page::routes())
        .merge(whoami::routes())
        // .merge(health::routes()) // lessons 1 to 6 only
        .merge(for_players) // lesson 3
        // .fallback(error::not_found) // lessons 1 to 2 only
        .fallback(|request: Request| client.serve(request)) // lesson 3
        .layer(load_shed::at_most(app.max_requests)) // lesson 7
        .merge(health::routes()) // lesson 7
        .layer(CatchPanicLayer::new())
        .layer(TimeoutLayer::with_status_code(
            StatusCode::SERVICE_UNAVAILABLE,
            REQUEST_TIMEOUT,
        ))
        .layer(RequestBodyLimitLayer::new(error::MAX_BODY))
        .layer(middleware::from_fn(error::as_json))
        .layer(middleware::map_response(spa::careful)) // lesson 3
        .layer(middleware::from_fn_with_state(
            Arc::clone(&app),
            request_log::log_request,
        ))
        .with_state(app)
}

fn at_once(replica: &str, signal: Signal) -> ExitCode {
    warn!(replica, %signal, "a second signal came, so this replica ends at once");
    ExitCode::from(signal.exit_code())
}
