//! Binds, serves, and at the end takes it all back in the order that loses no request.

use std::{net::SocketAddr, process::ExitCode, sync::Arc};

use anyhow::Context;
use axum::Router;
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};
use tracing::{info, warn};

use crate::load_shed;
use crate::registration;
use crate::{
    application::Application,
    config::ServiceConfig,
    connection,
    finish::{Interrupted, finish},
    health, layers,
    readiness::Readiness,
    replica::{Replica, ReplicaId},
    signals::{Signal, Signals},
};

/// The target of the one event that says that a replica serves, and where: its field `address`. Tools that start replicas
/// on free ports wait for it. Sentences are for people, and may change.
const SERVING: &str = "service::serving";

/// A server that is bound to its address and does not serve yet.
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
    config: ServiceConfig,
    replica: Arc<Replica>,
}

impl Server {
    /// Binds the address of one replica of `service`.
    ///
    /// # Errors
    /// When the address cannot be bound. The usual reason is that another process has the port.
    pub async fn bind(service: &'static str, config: &ServiceConfig) -> anyhow::Result<Server> {
        let listener = TcpListener::bind(config.listen).await.with_context(|| {
            format!(
                "cannot listen on {}; stop what listens there, or choose another address with LISTEN",
                config.listen
            )
        })?;
        let address = listener
            .local_addr()
            .context("cannot read the bound address")?;
        let id = config.replica_id.clone();
        let id = id.unwrap_or_else(|| ReplicaId::of_this_host(service));
        Ok(Server {
            listener,
            address,
            config: config.clone(),
            replica: Arc::new(Replica::new(service, id)),
        })
    }

    /// The replica that will serve.
    pub fn replica(&self) -> &Arc<Replica> {
        &self.replica
    }

    /// Serves `app` until a signal comes, then finishes what has begun.
    ///
    /// Gives the exit code: 0 after a graceful stop, 128 plus its number after a second signal.
    ///
    /// # Errors
    /// When serving fails.
    pub async fn run(
        self,
        app: impl Application,
        mut signals: Signals,
    ) -> anyhow::Result<ExitCode> {
        let (config, replica) = (self.config, self.replica);
        let (app, address) = (Arc::new(app), self.address);
        let id = replica.id.to_string();
        let published = registration::Published::default(); // lesson 2
        let readiness = Readiness {
            replica: Arc::clone(&replica),
            app: Arc::clone(&app),
            registration: published.clone(), // lesson 2
        };
        let features = Arc::clone(&app).router();
        let features = features.layer(load_shed::at_most(config.load_shed.max_requests)); // lesson 7
        let router = layers::around(features, health::routes(readiness), &replica);
        let (stop, serving) = serve(self.listener, router);
        info!(target: SERVING, replica = id, address = %address, "this replica serves");

        // lesson 2
        // Registered only now: Traefik sends requests within milliseconds.
        let registration =
            registration::spawn(&config.registration, &replica, address.port(), published)?;

        let signal = signals.next().await;
        info!(replica = id, %signal, "this replica was told to stop");
        replica.stop();

        // lesson 11
        if let Err(Interrupted::Signal(signal)) =
            finish(app.drain(), &mut signals, std::time::Duration::MAX).await
        {
            return Ok(at_once(&id, signal));
        }

        // lesson 2
        let leaving = registration::leave(registration, &config.registration, &replica);
        if let Err(Interrupted::Signal(signal)) =
            finish(leaving, &mut signals, std::time::Duration::MAX).await
        {
            return Ok(at_once(&id, signal));
        }

        // Before the requests in progress: what outlives its request would never be waited for.
        match finish(app.close(), &mut signals, config.drain_deadline).await {
            Ok(()) => {}
            Err(Interrupted::Signal(signal)) => return Ok(at_once(&id, signal)),
            Err(Interrupted::Deadline) => {
                warn!(
                    replica = id,
                    "not everything that was open had closed by the deadline"
                );
            }
        }

        drop(stop);
        match finish(serving, &mut signals, config.drain_deadline).await {
            Ok(served) => served.context("the serving task failed")?,
            Err(Interrupted::Signal(signal)) => return Ok(at_once(&id, signal)),
            Err(Interrupted::Deadline) => warn!(
                replica = id,
                deadline = ?config.drain_deadline,
                "some requests had not ended by the deadline and are cut off"
            ),
        }
        info!(
            replica = id,
            requests_served = replica.served(),
            "this replica has stopped"
        );
        Ok(ExitCode::SUCCESS)
    }
}

/// Serves in a task, which finishes what has begun and ends when the sender is dropped.
fn serve(listener: TcpListener, router: Router) -> (oneshot::Sender<()>, JoinHandle<()>) {
    let (stop, stopped) = oneshot::channel::<()>();
    let stopped = async {
        let _ = stopped.await;
    };
    (
        stop,
        tokio::spawn(connection::serve(listener, router, stopped)),
    )
}

fn at_once(replica: &str, signal: Signal) -> ExitCode {
    warn!(replica, %signal, "a second signal came, so this replica ends at once");
    ExitCode::from(signal.exit_code())
}
