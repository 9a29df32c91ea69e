//! Keeps a registration true: looks at it every second, and repairs it.

use std::{sync::Arc, time::Duration};

use telemetry::one_line;
use tokio::{
    sync::{oneshot, watch},
    task::JoinHandle,
};
use tracing::{info, warn};

use crate::{
    consul::{Consul, ConsulUrl},
    service::Service,
};

/// How often the registration is looked at. A Consul that restarts empty has forgotten every replica, and
/// Traefik keeps the last routes for a few seconds only: measured, looking every second loses no request,
/// looking every ten seconds loses one in eight.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// The first wait after a failed try. It doubles up to [`LOOK_EVERY`], which is also how fast a replica
/// must notice that Consul is back.
const FIRST_RETRY: Duration = Duration::from_millis(125);

/// What is known of this replica's registration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Consul has not accepted it yet, so nobody is routed here.
    Never,
    /// Consul knows this replica.
    Registered,
    /// Consul knew this replica, and cannot be reached now. Traefik still routes by what it last heard.
    Away,
    /// The replica took its registration back.
    Withdrawn,
}

/// A registration that is kept true by a background task.
pub struct Registration {
    consul: Arc<Consul>,
    id: String,
    status: watch::Sender<Status>,
    stop: oneshot::Sender<()>,
    keeper: JoinHandle<()>,
}

impl Registration {
    /// Registers `service` and keeps it registered until [`Registration::withdraw`].
    ///
    /// Call it when the replica serves, not before: Traefik sends requests within milliseconds. It returns
    /// at once. A Consul that is away does not stop a replica from starting; the task keeps trying.
    /// Each change is published on `status`.
    ///
    /// # Errors
    /// When no client for `url` can be set up.
    pub fn spawn(
        url: ConsulUrl,
        service: Service,
        status: watch::Sender<Status>,
    ) -> anyhow::Result<Registration> {
        let consul = Arc::new(Consul::new(url)?);
        let id = service.id.clone();
        let (stop, stopped) = oneshot::channel();
        let keeper = tokio::spawn(run(Arc::clone(&consul), service, status.clone(), stopped));
        Ok(Registration {
            consul,
            id,
            status,
            stop,
            keeper,
        })
    }

    /// Takes the registration back.
    ///
    /// The keeper is stopped first: it would take a missing registration for an accident and register
    /// again. It is asked to stop and waited for, not aborted, because a call that was aborted on its way
    /// could still reach Consul after the deregistration.
    pub async fn withdraw(self) {
        drop(self.stop);
        let _ = self.keeper.await;
        self.status.send_replace(Status::Withdrawn);
        match self.consul.deregister(&self.id).await {
            Ok(()) => info!(
                replica = self.id,
                "this replica is no longer registered in Consul"
            ),
            Err(error) => warn!(
                replica = self.id,
                "could not deregister from Consul, which will find out by its health check: {}",
                one_line(&error)
            ),
        }
    }
}

/// Looks at the registration again and again, and repairs it when it is gone.
async fn run(
    consul: Arc<Consul>,
    service: Service,
    status: watch::Sender<Status>,
    mut stopped: oneshot::Receiver<()>,
) {
    let mut retry = FIRST_RETRY;
    let mut last_error = String::new();
    loop {
        let before = *status.borrow();
        let wait = match look(&consul, &service, before).await {
            Ok(registered_now) => {
                if registered_now {
                    info!(
                        replica = service.id,
                        service = service.name,
                        "this replica is registered in Consul"
                    );
                } else if before == Status::Away {
                    info!(
                        replica = service.id,
                        "Consul answers again and still knows this replica"
                    );
                }
                status.send_replace(Status::Registered);
                retry = FIRST_RETRY;
                last_error.clear();
                LOOK_EVERY
            }
            Err(error) => {
                let error = one_line(&error);
                // One line for each change, not one for each try: an hour without Consul must not be an
                // hour of the same line.
                if error != last_error {
                    warn!(replica = service.id, consul = %consul.url(), "cannot register in Consul, and will keep trying: {error}");
                    last_error = error;
                }
                if before == Status::Registered {
                    status.send_replace(Status::Away);
                }
                let wait = retry;
                retry = (retry * 2).min(LOOK_EVERY);
                wait
            }
        };
        // Ends when `stop` is dropped, be it by `withdraw` or because nobody holds the registration.
        if tokio::time::timeout(wait, &mut stopped).await.is_ok() {
            return;
        }
    }
}

/// Makes sure that Consul knows the service, and says whether it had to be registered for that.
async fn look(consul: &Consul, service: &Service, before: Status) -> anyhow::Result<bool> {
    // At the start the service is registered unasked. A replica that was killed and came back under its old
    // id is still in the catalogue, perhaps with an old port.
    if before != Status::Never && consul.knows(&service.id).await? {
        return Ok(false);
    }
    consul.register(service).await?;
    Ok(true)
}
