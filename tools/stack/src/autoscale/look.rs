//! One look at all game servers from outside.

use std::collections::BTreeMap;

use super::plan::{Phase, Seen};
use crate::{
    fleet::{Fleet, GAME_SERVERS, GameServer, State},
    roll::Replicas,
};

/// What is known from one look to the next.
///
/// The fleet knows servers by names that are new with each start, and an engine knows replicas. Which is which a server says itself once
/// it is reached, and after that it does not change.
#[derive(Debug)]
pub(super) struct Lookout {
    fleet: Fleet,
    /// All that the engine has, the oldest first, when it was asked last.
    replicas: Vec<String>,
    /// Which replica a server is.
    known: BTreeMap<String, String>,
}

impl Lookout {
    /// Looks through Traefik at `address`. Nothing was seen yet.
    ///
    /// # Errors
    /// When the system lets no client be made.
    pub(super) fn at(address: &str) -> reqwest::Result<Lookout> {
        Ok(Lookout {
            fleet: Fleet::at(address)?,
            replicas: Vec::new(),
            known: BTreeMap::new(),
        })
    }

    /// All replicas, the oldest first, and how each is.
    ///
    /// # Errors
    /// When no web server knows, or one that is ready cannot be asked who it is.
    pub(super) async fn look(&mut self, system: &impl Replicas) -> anyhow::Result<Vec<Seen>> {
        let servers = self.fleet.servers().await?;
        for GameServer { server, state, .. } in &servers {
            let is_reached = matches!(state, State::Ready | State::Draining);
            if !is_reached || self.known.contains_key(server) {
                continue;
            }
            match self.fleet.replica_of(server).await {
                Ok(replica) => {
                    self.known.insert(server.clone(), replica);
                }
                // One that ends loses its route before it is forgotten.
                Err(_) if *state == State::Draining => {}
                Err(error) => return Err(error),
            }
        }
        let seen = join(&self.replicas, &servers, &self.known);
        if is_all(&seen, &servers, &self.known) {
            return Ok(seen);
        }
        // With containers this takes a tenth of a second and more, so it is not asked for each time.
        self.replicas = system.running(GAME_SERVERS).await?;
        let replicas = &self.replicas;
        self.known.retain(|_, replica| replicas.contains(replica));
        Ok(join(&self.replicas, &servers, &self.known))
    }
}

/// Whether the engine would say nothing new: each replica is reached, and so is each server, and they are the same.
fn is_all(seen: &[Seen], servers: &[GameServer], known: &BTreeMap<String, String>) -> bool {
    let is_known = |one: &GameServer| {
        let replica = known.get(&one.server);
        one.state == State::Lost
            || replica.is_some_and(|replica| seen.iter().any(|seen| seen.replica == *replica))
    };
    !seen.is_empty()
        && seen.iter().all(|one| one.phase == Phase::Ready)
        && servers.iter().all(is_known)
}

/// What the fleet says of each replica.
fn join(
    replicas: &[String],
    servers: &[GameServer],
    known: &BTreeMap<String, String>,
) -> Vec<Seen> {
    let seen = replicas.iter().map(|replica| {
        let is_it = |one: &&GameServer| known.get(&one.server) == Some(replica);
        // A container that has failed is started again, and is another server then.
        let of = |state| servers.iter().filter(is_it).find(|one| one.state == state);
        let (phase, server) = match (of(State::Ready), of(State::Draining)) {
            (Some(server), _) => (Phase::Ready, Some(server)),
            (None, Some(server)) => (Phase::Draining, Some(server)),
            _ if known.values().any(|known| known == replica) => (Phase::Lost, None),
            _ => (Phase::Starting, None),
        };
        Seen {
            replica: replica.clone(),
            phase,
            matches: server.map_or(0, |server| server.matches),
            capacity: server.map_or(0, |server| server.capacity),
            players: server.map_or(0, |server| server.players),
        }
    });
    seen.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server(name: &str, state: State) -> GameServer {
        GameServer {
            server: name.to_owned(),
            state,
            matches: 1,
            capacity: 50,
            players: 3,
        }
    }

    fn known(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        let pairs = pairs.iter();
        let pairs = pairs.map(|(server, replica)| ((*server).to_owned(), (*replica).to_owned()));
        pairs.collect()
    }

    fn phases(seen: &[Seen]) -> Vec<Phase> {
        seen.iter().map(|one| one.phase).collect()
    }

    #[test]
    fn who_was_never_reached_is_starting_and_who_was_is_lost() {
        let replicas = ["a", "b", "c", "d"].map(str::to_owned);
        let servers = [
            server("gs-1", State::Ready),
            server("gs-2", State::Draining),
            server("gs-3", State::Lost),
            server("gs-4", State::Starting),
        ];
        let known = known(&[("gs-1", "a"), ("gs-2", "b"), ("gs-3", "c")]);
        let seen = join(&replicas, &servers, &known);
        use Phase::{Draining, Lost, Ready, Starting};
        assert_eq!(phases(&seen), [Ready, Draining, Lost, Starting]);
        assert_eq!((seen[0].matches, seen[0].capacity), (1, 50));
        // Who is forgotten by the fleet was reached all the same.
        let seen = join(&replicas, &servers[..1], &known);
        assert_eq!(phases(&seen), [Ready, Lost, Lost, Starting]);
    }

    #[test]
    fn a_container_that_came_back_is_what_it_is_now() {
        let servers = [server("gs-1", State::Lost), server("gs-2", State::Ready)];
        let known = known(&[("gs-1", "a"), ("gs-2", "a")]);
        let seen = join(&["a".to_owned()], &servers, &known);
        assert_eq!(phases(&seen), [Phase::Ready]);
        assert!(is_all(&seen, &servers, &known));
    }

    #[test]
    fn the_engine_is_asked_when_there_is_somebody_new() {
        let (old, new) = (
            server("gs-1", State::Ready),
            server("gs-2", State::Starting),
        );
        let known = known(&[("gs-1", "a")]);
        let seen = join(&["a".to_owned()], std::slice::from_ref(&old), &known);
        assert!(is_all(&seen, std::slice::from_ref(&old), &known));
        assert!(!is_all(&seen, &[old, new], &known));
        assert!(!is_all(&[], &[], &known));
    }
}
