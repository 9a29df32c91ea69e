//! What web servers say of the game servers, asked from outside: through Traefik, as anybody can ask.

use std::{collections::BTreeSet, time::Duration};

use anyhow::Context;
use parking_lot::Mutex;
use serde::{Deserialize, de::DeserializeOwned};

use crate::{
    http_client::http_client,
    wait::until,
    way::{Way, named_in},
};

/// The service whose replicas are the fleet.
pub(crate) const GAME_SERVERS: &str = "gameserver";

/// The service that tells of them.
const TOLD_BY: &str = "webserver";

/// How long an answer may take.
const ANSWERED_WITHIN: Duration = Duration::from_secs(5);

/// How long it may take until players are led to a replica that gets requests. It is one renewal of its lease, and a second for which
/// web servers remember the fleet; this is for a machine that is busy.
const LED_WITHIN: Duration = Duration::from_secs(20);

/// Who is asked for the fleet.
#[derive(Clone, Debug)]
pub(crate) struct Fleet {
    http: reqwest::Client,
    address: String,
    host: String,
}

/// One game server.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct GameServer {
    /// Its name, which is a new one with each start.
    pub server: String,
    /// What it is doing.
    pub state: State,
    /// How many matches it has.
    pub matches: u32,
    /// How many it has room for.
    pub capacity: u32,
    /// How many players there are in all of them.
    pub players: u32,
}

/// What a game server is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum State {
    /// It has begun, and nobody can reach it yet.
    Starting,
    /// It takes matches.
    #[serde(alias = "allocated")]
    Ready,
    /// It takes nobody more, and ends.
    Draining,
    /// Nothing was heard of it for too long.
    Lost,
}

#[derive(Deserialize)]
struct Answer {
    servers: Vec<GameServer>,
}

impl Fleet {
    /// Asks Traefik at `address`.
    ///
    /// # Errors
    /// When the system lets no client be made.
    pub(crate) fn at(address: &str) -> reqwest::Result<Fleet> {
        Ok(Fleet {
            http: http_client(ANSWERED_WITHIN)?,
            address: address.to_owned(),
            host: Way::to(TOLD_BY).host,
        })
    }

    /// All game servers that were heard of within the last minute.
    ///
    /// # Errors
    /// When no web server knows.
    pub(crate) async fn servers(&self) -> anyhow::Result<Vec<GameServer>> {
        let answer: Answer = self.ask("/api/fleet").await?;
        Ok(answer.servers)
    }

    /// The replica that a game server is. It says so itself, on its own route.
    ///
    /// # Errors
    /// When it is not reached.
    pub(crate) async fn replica_of(&self, server: &str) -> anyhow::Result<String> {
        named_in(&self.ask(&format!("/game/{server}/")).await?)
    }

    async fn ask<T: DeserializeOwned>(&self, path: &str) -> anyhow::Result<T> {
        let request = self.http.get(format!("http://{}{path}", self.address));
        let answer = request.header("host", &self.host).send().await;
        let answer = answer.and_then(reqwest::Response::error_for_status);
        let answer = answer.with_context(|| format!("{path} cannot be asked for"))?;
        let told = answer.json().await;
        told.with_context(|| format!("{path} gave something else than expected"))
    }
}

/// Waits until players are led to a replica of `service`, if its replicas are game servers. Others have nobody to be led to.
///
/// # Errors
/// When that is not so in time.
pub(crate) async fn is_led_to(address: &str, service: &str, id: &str) -> anyhow::Result<()> {
    if service != GAME_SERVERS {
        return Ok(());
    }
    let fleet = Fleet::at(address)?;
    let others = Mutex::new(BTreeSet::new());
    until(
        &format!("leading players to {id}"),
        LED_WITHIN,
        async || {
            let servers = fleet.servers().await;
            let servers = servers.map_err(|error| format!("{error:#}"))?;
            for GameServer { server, state, .. } in servers {
                if state != State::Ready || others.lock().contains(&server) {
                    continue;
                }
                let replica = fleet.replica_of(&server).await;
                match replica.map_err(|error| format!("{error:#}"))? {
                    replica if replica == id => return Ok(()),
                    _ => others.lock().insert(server),
                };
            }
            Err(format!("only {:?} are ready", others.lock()))
        },
    )
    .await
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_fleet_is_read_as_it_is_told() {
        let one = |state| json!({ "server": "gs-1", "state": state, "matches": 1, "capacity": 50, "seats": 8, "players": 3 });
        let states = ["starting", "ready", "allocated", "draining", "lost"].map(one);
        let answer: Answer = serde_json::from_value(json!({ "servers": states })).unwrap();
        let states: Vec<State> = answer.servers.iter().map(|server| server.state).collect();
        use State::{Draining, Lost, Ready, Starting};
        assert_eq!(states, [Starting, Ready, Ready, Draining, Lost]);
        assert_eq!(answer.servers[0].capacity, 50);
    }
}
