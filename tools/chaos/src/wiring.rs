//! How each replica is connected, where processes share the networks of one machine: each by cables of its own.

use std::{
    collections::{BTreeMap, HashMap},
    net::{Ipv4Addr, SocketAddr},
    sync::Arc,
};

use anyhow::Context;
use parking_lot::Mutex;
use stack::Port;

use crate::cable::Cable;

/// A network that a replica is in. Each is called as in the compose file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Network {
    /// That of Traefik, which is also the way of Consul's check.
    Front,
    /// That of the Redis between the replicas.
    Pubsub,
    /// That of the Redis with the sessions.
    Sessions,
}

/// The networks that lead from a replica to a server, and the variable that says where it is.
const OUTWARDS: [(Network, &str); 2] = [
    (Network::Pubsub, "PUBSUB_URL"),
    (Network::Sessions, "SESSIONS_URL"),
];

/// The cables of all replicas. Clones share them.
#[derive(Clone, Debug, Default)]
pub struct Wiring(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    replicas: HashMap<String, Wires>,
    /// The address that the next replica inherits.
    left: Option<Front>,
    /// Addresses that have been given away.
    addresses: u8,
}

#[derive(Debug)]
struct Wires {
    front: Front,
    outwards: BTreeMap<Network, Cable>,
}

/// An address of a replica for others. Linux has more of them on its own machine than 127.0.0.1, so the way to a
/// replica can be a cable that has the replica's own port.
#[derive(Debug)]
struct Front {
    address: Ipv4Addr,
    port: Port,
    cable: Cable,
}

impl Network {
    /// What the compose file calls it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Network::Front => "front",
            Network::Pubsub => "pubsub",
            Network::Sessions => "sessions",
        }
    }
}

impl Wiring {
    /// Lays the cables of a replica that is about to start with this environment, and leads it there.
    ///
    /// # Errors
    /// When the environment does not say where a Redis is, or no port is free.
    pub fn lay(&self, id: &str, environment: &mut BTreeMap<String, String>) -> anyhow::Result<()> {
        let mut state = self.0.lock();
        let front = match state.left.take() {
            Some(front) => front,
            None => {
                state.addresses = state.addresses % 250 + 1;
                Front::lay(Ipv4Addr::new(127, 0, 1, state.addresses))?
            }
        };
        environment.insert("LISTEN".to_owned(), front.port.address());
        environment.insert("ADVERTISE".to_owned(), front.address.to_string());
        let mut outwards = BTreeMap::new();
        for (network, variable) in OUTWARDS {
            let url = environment.get_mut(variable);
            let url = url.with_context(|| format!("the compose file sets no {variable}"))?;
            let (scheme, address) = url.split_once("://").context("a URL has a scheme")?;
            let to = address
                .parse()
                .with_context(|| format!("{variable} is {url}"))?;
            let (cable, from) = Cable::lay(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)), to)?;
            *url = format!("{scheme}://{from}");
            outwards.insert(network, cable);
        }
        state
            .replicas
            .insert(id.to_owned(), Wires { front, outwards });
        Ok(())
    }

    /// Cuts a replica off from one network, and from no other.
    ///
    /// # Errors
    /// When there is no replica of that id.
    pub fn cut(&self, id: &str, network: Network) -> anyhow::Result<()> {
        self.with(id, network, Cable::cut)
    }

    /// Connects it again.
    ///
    /// # Errors
    /// When there is no replica of that id.
    pub fn mend(&self, id: &str, network: Network) -> anyhow::Result<()> {
        self.with(id, network, Cable::mend)
    }

    /// Takes away the cables of a replica that has ended.
    pub fn remove(&self, id: &str) {
        self.0.lock().replicas.remove(id);
    }

    /// The same, but for its address, which the next replica gets.
    pub fn bequeath(&self, id: &str) {
        let mut state = self.0.lock();
        state.left = state.replicas.remove(id).map(|wires| wires.front);
    }

    fn with(&self, id: &str, network: Network, act: impl FnOnce(&Cable)) -> anyhow::Result<()> {
        let state = self.0.lock();
        let wires = state.replicas.get(id);
        let wires = wires.with_context(|| format!("{id} has no cables"))?;
        let cable = wires.outwards.get(&network).unwrap_or(&wires.front.cable);
        act(cable);
        Ok(())
    }
}

impl Front {
    fn lay(address: Ipv4Addr) -> anyhow::Result<Front> {
        let port = Port::reserve()?;
        let to = SocketAddr::from((Ipv4Addr::LOCALHOST, port.number()));
        let (cable, _) = Cable::lay(SocketAddr::from((address, port.number())), to)?;
        Ok(Front {
            address,
            port,
            cable,
        })
    }
}
