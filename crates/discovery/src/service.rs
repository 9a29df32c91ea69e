//! One replica of a service, and how Consul finds out whether it lives.

use std::{net::IpAddr, time::Duration};

use crate::route::Route;

/// One replica of a service, as the others shall find it.
#[derive(Clone, Debug)]
pub struct Service {
    /// Unique among all replicas of all services. Two replicas with one id overwrite each other, and the
    /// last writer wins.
    pub id: String,
    /// When this start of the replica was, or whatever else is new at each start and may stand in a URL.
    pub started_at: String,
    /// Shared by all replicas of the service. Traefik makes one upstream of everything with the same name.
    pub name: String,
    /// Where the replica can be reached. `None` lets the crate find it out when it registers.
    pub address: Option<IpAddr>,
    /// The port that the replica really bound.
    pub port: u16,
    /// How Traefik reaches it. A route to the service must be the same on all of its replicas: Traefik drops a route on
    /// which they disagree.
    pub routes: Vec<Route>,
    /// How Consul finds out whether the replica lives.
    pub check: HealthCheck,
}

/// An HTTP check that Consul runs against the replica.
///
/// It asks for this replica and this start: `?replica=<id>&started_at=<…>`. Who is at the address by then, and is another
/// one, has to answer with an error. Otherwise a dead replica would pass as soon as its address has been given to the next.
#[derive(Clone, Debug)]
pub struct HealthCheck {
    /// The path that answers 2xx while the replica can serve, such as `/health/live`.
    pub path: String,
    /// Time from one check to the next.
    pub interval: Duration,
    /// How long one check may take before it counts as failed.
    pub timeout: Duration,
    /// After this long in a failed state Consul removes the replica. Consul takes no less than a minute and
    /// looks only now and then, so this tidies up after the dead. It is no substitute for deregistering.
    pub deregister_after: Duration,
}
