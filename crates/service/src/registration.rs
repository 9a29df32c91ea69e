//! How a service announces itself: what Consul is told about a replica, and for how long.

use std::{net::IpAddr, time::Duration};

use clap::Args;
use discovery::{ConsulUrl, HealthCheck, HostName, Registration, Route, Segment, Service, Status};
use tokio::{
    sync::watch,
    time::{sleep, timeout},
};

use crate::{instance, parse::seconds, replica::Replica};

/// How a replica is found.
#[derive(Args, Clone, Debug)]
pub struct RegistrationConfig {
    /// Where Consul's HTTP API is
    #[arg(
        long,
        env = "CONSUL_URL",
        global = true,
        default_value = "http://127.0.0.1:8500",
        value_name = "URL"
    )]
    pub consul_url: ConsulUrl,

    /// Address at which Traefik and Consul reach this replica [default: the one on the way to Consul]
    #[arg(long, env = "ADVERTISE", global = true, value_parser = ip, value_name = "IP")]
    pub advertise: Option<IpAddr>,

    /// Host name that Traefik routes to this service [default: SERVICE.localhost]
    #[arg(long, env = "PUBLIC_HOST", global = true, value_name = "HOST")]
    pub public_host: Option<HostName>,

    // lesson 8
    /// Folder of that host that is this service's, such as game; the rest is another's [default: the whole host]
    #[arg(long, env = "PUBLIC_PATH", global = true, value_name = "FOLDER")]
    pub public_path: Option<Segment>,

    /// Seconds without a request after which Traefik is taken to know that this replica left: 0 to 60
    #[arg(
        long,
        env = "LEAVE_GRACE",
        global = true,
        default_value = "2",
        value_parser = seconds,
        value_name = "SECONDS"
    )]
    pub leave_grace: Duration,
}

fn ip(text: &str) -> Result<IpAddr, String> {
    text.parse()
        .map_err(|_| "it must be an IP address such as 172.18.0.4".to_owned())
}

/// What is known of the registration, for whoever asks whether this replica is ready.
#[derive(Clone, Debug)]
pub struct Published(watch::Sender<Status>);

impl Default for Published {
    fn default() -> Published {
        Published(watch::Sender::new(Status::Never))
    }
}

impl Published {
    /// What keeps this replica from being ready, if anything does.
    ///
    /// A replica that Consul once accepted stays ready while Consul is away: Traefik keeps its route.
    pub fn missing(&self) -> Option<&'static str> {
        (*self.0.borrow() == Status::Never)
            .then_some("this replica is not registered in Consul yet")
    }
}

/// Registers the replica that serves on `port`, and keeps it registered.
///
/// # Errors
/// When no client for Consul can be set up.
pub fn spawn(
    config: &RegistrationConfig,
    replica: &Replica,
    port: u16,
    published: Published,
) -> anyhow::Result<Registration> {
    let name = replica.service;
    let host = match &config.public_host {
        Some(host) => host.clone(),
        None => format!("{name}.localhost")
            .parse()
            .map_err(anyhow::Error::msg)?,
    };
    let route = Route::new(name, host);
    let route = config.public_path.iter().fold(route, Route::under); // lesson 8
    let service = Service {
        id: replica.id.to_string(),
        started_at: replica.started_at.to_string(),
        name: name.to_owned(),
        address: config.advertise,
        port,
        routes: vec![route],
        check: HealthCheck {
            path: "/health/live".to_owned(),
            // A replica that was killed gets requests until a check has failed, so checks come often.
            interval: Duration::from_secs(1),
            // timeout: Duration::from_millis(500), // lessons 2 to 6 only
            // Traefik's own check is quicker. This one only must not come before it. // lesson 7
            timeout: Duration::from_secs(2), // lesson 7
            deregister_after: Duration::from_secs(60),
        },
    };
    let service = instance::with_own_routes(service, replica); // lesson 9
    Registration::spawn(config.consul_url.clone(), service, published.0)
}

/// Takes the registration back, and serves on until Traefik has learned of it.
///
/// Out of the catalogue first and only then out of service: in between, Traefik still sends requests here.
pub async fn leave(registration: Registration, config: &RegistrationConfig, replica: &Replica) {
    registration.withdraw().await;
    // Traefik does not say when it knows. That no more requests come is the sign, and how long that takes depends on how busy the
    // machine is. A client that asks this replica directly might never stop, so the wait has an end.
    let _ = timeout(2 * config.leave_grace, quiet(replica, config.leave_grace)).await;
}

/// Waits until no request has come for so long.
async fn quiet(replica: &Replica, span: Duration) {
    loop {
        let before = replica.served();
        sleep(span).await;
        if replica.served() == before {
            return;
        }
    }
}
