//! Who is here, over all replicas.
//!
//! A shared counter would be wrong for ever after the first crash: who died cannot count itself down. So each replica
//! writes down its own players under a *lease*, a key that Redis deletes unless it is renewed. A replica that dies
//! takes its players off the list by doing nothing.
//!
//! A Redis that is full takes no list, but it still renews a lease. So whoever was here stays on the list, and only those
//! who come and go meanwhile are told late.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use parking_lot::Mutex;
use protocol::{PlayerId, Who};
use redis::{AsyncCommands, ErrorKind, RedisResult, aio::ConnectionManager};
use tokio::{
    sync::{Notify, watch},
    time::{Instant, MissedTickBehavior, interval, sleep_until, timeout},
};
use tracing::{info, warn};

use crate::{
    names::{PRESENCE, REPLICAS, lease},
    present::Present,
    redis_client::ANSWER_WITHIN,
};

/// How often a lease is renewed, and those of the others are looked at: once in this time, whoever comes and goes. So what
/// players are told of each other, and replicas too, does not grow with how many come and go.
const RENEW_EVERY: Duration = Duration::from_secs(1);

/// How long a lease lasts, in seconds. Four renewals may fail before a replica's players are taken for gone.
const LEASE_SECONDS: i64 = 5;

/// How many bytes of a list are its version.
const VERSION: usize = 16;

/// After a quiet time, changes within this time are told together: who leaves mostly does not leave alone.
const GATHER: Duration = Duration::from_millis(200);

/// The list, as one replica sees it. Clones share it.
#[derive(Clone)]
pub struct Presence(Arc<Shared>);

struct Shared {
    commands: ConnectionManager,
    key: String,
    replica: String,
    /// This replica's players, and how many sockets each has here.
    local: Mutex<BTreeMap<PlayerId, Local>>,
    changed: Notify,
    present: watch::Sender<Arc<Present>>,
}

/// The players of another replica, as it last wrote them down.
struct Others {
    version: Vec<u8>,
    players: BTreeMap<PlayerId, Who>,
}

/// One of this replica's players.
struct Local {
    who: Who,
    sockets: usize,
}

/// One socket of a player. When it is dropped, the player has left by this way.
pub struct PresenceGuard {
    presence: Presence,
    player: PlayerId,
}

impl Presence {
    pub(crate) fn start(commands: ConnectionManager, replica: &str) -> Presence {
        let presence = Presence(Arc::new(Shared {
            commands,
            key: lease(replica),
            replica: replica.to_owned(),
            local: Mutex::default(),
            changed: Notify::new(),
            present: watch::Sender::default(),
        }));
        tokio::spawn(presence.clone().run());
        presence
    }

    /// Notes that a player is here, until the returned value is dropped.
    #[must_use]
    pub fn enter(&self, who: &Who) -> PresenceGuard {
        let mut local = self.0.local.lock();
        let known = local.entry(who.player).or_insert_with(|| Local {
            who: who.clone(),
            sockets: 0,
        });
        known.sockets += 1;
        drop(local);
        self.refresh();
        PresenceGuard {
            presence: self.clone(),
            player: who.player,
        }
    }

    /// Who is here now, and every change of it.
    #[must_use]
    pub fn watch(&self) -> watch::Receiver<Arc<Present>> {
        self.0.present.subscribe()
    }

    /// Gives the lease back, so that this replica's players are off the list at once and not when it runs out.
    pub async fn leave(&self) {
        let mut leave = redis::pipe();
        leave.del(&self.0.key).ignore();
        leave.srem(REPLICAS, &self.0.replica).ignore();
        leave.publish(PRESENCE, &self.0.replica).ignore();
        let mut commands = self.0.commands.clone();
        // Without an answer the lease runs out by itself, which is what it is for.
        let _ = timeout(ANSWER_WITHIN, leave.query_async::<()>(&mut commands)).await;
    }

    /// Has the list made anew: somebody, here or elsewhere, came or went.
    pub(crate) fn refresh(&self) {
        self.0.changed.notify_one();
    }

    /// Renews the lease and reads those of the others, again and again.
    async fn run(self) {
        let mut renewals = interval(RENEW_EVERY);
        renewals.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let (mut written, mut known, mut others) = (None, None, BTreeMap::new());
        let mut last = Instant::now();
        loop {
            tokio::select! {
                _ = renewals.tick() => {}
                () = self.0.changed.notified() => {
                    let now = Instant::now();
                    sleep_until((last + RENEW_EVERY).max(now + GATHER)).await;
                }
            }
            last = Instant::now();
            renewals.reset();
            let players = self.players();
            let is_news = written.as_ref() != Some(&players);
            // While Redis is away the last list stays. The subscription's task logs that it is.
            let exchanged = timeout(ANSWER_WITHIN, self.exchange(&players, is_news, &mut others));
            if let Ok(Ok(refusal)) = exchanged.await {
                let others = others.values().flat_map(|others| &others.players);
                let others = others.map(|(player, who)| (*player, who));
                // Its own players a replica knows by itself, whatever Redis took.
                let all = others.chain(players.iter().map(|who| (who.player, who)));
                let present = self.0.present.borrow().next(&all.collect());
                if refusal.is_none() {
                    written = Some(players);
                }
                note(&mut known, refusal);
                self.0.present.send_if_modified(|known| {
                    let differs = **known != present;
                    if differs {
                        *known = Arc::new(present);
                    }
                    differs
                });
            }
        }
    }

    /// Renews the lease, writes down who is here if that is news, and reads who is elsewhere where that is news. Gives why
    /// Redis did not take ours, if it did not.
    ///
    /// A list begins with its version, so one that has not changed costs these few bytes and is not read again.
    async fn exchange(
        &self,
        players: &[Who],
        is_news: bool,
        others: &mut BTreeMap<String, Others>,
    ) -> RedisResult<Option<String>> {
        let mut commands = self.0.commands.clone();
        let renewed: bool = commands.expire(&self.0.key, LEASE_SECONDS).await?;
        let written = if renewed && !is_news {
            Ok(())
        } else {
            self.write(players).await
        };
        let refusal = match written {
            Err(error) if is_refusal(error.kind()) => Some(error.to_string()),
            written => written.map(|()| None)?,
        };
        let mut replicas: Vec<String> = commands.smembers(REPLICAS).await?;
        replicas.retain(|replica| *replica != self.0.replica);
        let mut look = redis::pipe();
        for replica in &replicas {
            look.getrange(lease(replica), 0, VERSION as isize - 1);
        }
        // Where nobody is elsewhere there is nothing to ask, and the library cannot ask nothing: it would fail.
        let versions: Vec<Vec<u8>> = if replicas.is_empty() {
            Vec::new()
        } else {
            look.query_async(&mut commands).await?
        };
        others.retain(|replica, _| replicas.contains(replica));
        for (replica, version) in replicas.iter().zip(versions) {
            if version.is_empty() {
                // A lease that has run out leaves its name in the set, which would grow with every container.
                let _: () = commands.srem(REPLICAS, replica).await?;
                others.remove(replica);
            } else if others
                .get(replica)
                .is_none_or(|known| known.version != version)
            {
                let list: Vec<u8> = commands.get(lease(replica)).await?;
                others.insert(replica.clone(), read(&list));
            }
        }
        Ok(refusal)
    }

    /// Writes down who is here, and tells the other replicas that it is news.
    async fn write(&self, players: &[Who]) -> RedisResult<()> {
        let (key, replica) = (&self.0.key, &self.0.replica);
        let list = written(players);
        let mut write = redis::pipe();
        write.atomic();
        write
            .set_ex(key, list, LEASE_SECONDS.unsigned_abs())
            .ignore();
        write.sadd(REPLICAS, replica).ignore();
        write.publish(PRESENCE, replica).ignore();
        write.query_async(&mut self.0.commands.clone()).await
    }

    fn players(&self) -> Vec<Who> {
        let local = self.0.local.lock();
        local.values().map(|local| local.who.clone()).collect()
    }
}

impl Drop for PresenceGuard {
    fn drop(&mut self) {
        let mut local = self.presence.0.local.lock();
        if let Some(known) = local.get_mut(&self.player) {
            known.sockets -= 1;
            if known.sockets == 0 {
                local.remove(&self.player);
            }
        }
        drop(local);
        self.presence.refresh();
    }
}

/// Whether Redis has answered, and has not done what it was asked for.
fn is_refusal(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::Server(_) | ErrorKind::Extension)
}

/// Logs why it is not taken who is here: once, however often it is tried.
fn note(known: &mut Option<String>, refusal: Option<String>) {
    if *known == refusal {
        return;
    }
    match &refusal {
        Some(error) => warn!(
            error,
            "Redis does not take who is here, so others see the players of this replica as they were; if it is full, \
             give it more memory (maxmemory in redis/pubsub.conf, and the container's limit)"
        ),
        None => info!("Redis takes who is here again"),
    }
    *known = refusal;
}

/// A list as it stands in Redis: a version, which no other list has, and then the players.
fn written(players: &[Who]) -> String {
    let players = serde_json::to_string(players).unwrap_or_default();
    format!("{:016x}{players}", rand::random::<u64>())
}

/// Reads a list. What cannot be read counts as nobody.
fn read(list: &[u8]) -> Others {
    let (version, players) = list.split_at(VERSION.min(list.len()));
    let players: Vec<Who> = serde_json::from_slice(players).unwrap_or_default();
    Others {
        version: version.to_vec(),
        players: players.into_iter().map(|who| (who.player, who)).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_read_as_it_is_written_and_known_by_its_version() {
        let ada = Who {
            player: PlayerId::random(),
            name: "Ada".to_owned(),
        };
        let list = written(std::slice::from_ref(&ada));
        assert_ne!(list, written(std::slice::from_ref(&ada)));
        let Others { version, players } = read(list.as_bytes());
        assert_eq!(version, &list.as_bytes()[..VERSION]);
        assert_eq!(players, BTreeMap::from([(ada.player, ada)]));
        for bad in ["", "garbage", "garbage that is longer"] {
            assert!(read(bad.as_bytes()).players.is_empty());
        }
    }
}
