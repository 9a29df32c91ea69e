//! Who is here, over all replicas.
//!
//! A shared counter would be wrong for ever after the first crash: who died cannot count itself down. So each replica
//! writes down its own players under a *lease*, a key that Redis deletes unless it is renewed. A replica that dies
//! takes its players off the list by doing nothing.
//!
//! A Redis that is full takes no list, but it still renews a lease. So whoever was here stays on the list, and only those
//! who come and go meanwhile are told late.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Duration,
};

use parking_lot::Mutex;
use protocol::{PlayerId, Who};
use redis::{AsyncCommands, ErrorKind, RedisResult, aio::ConnectionManager};
use tokio::{
    sync::{Notify, watch},
    time::{MissedTickBehavior, interval, sleep, timeout},
};
use tracing::{info, warn};

use crate::{
    names::{PRESENCE, REPLICAS, lease},
    redis_client::ANSWER_WITHIN,
};

/// How often a lease is renewed.
const RENEW_EVERY: Duration = Duration::from_secs(1);

/// How long a lease lasts, in seconds. Four renewals may fail before a replica's players are taken for gone.
const LEASE_SECONDS: i64 = 5;

/// Changes within this time are told together. When a thousand players arrive at once, everybody is told a few times
/// who is here, and not a thousand times.
const GATHER: Duration = Duration::from_millis(200);

/// The most players that are told. A list of ten thousand helps nobody, and would be sent to ten thousand.
const MAX_PLAYERS: usize = 100;

/// Who is here, to be shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Present {
    /// How many there are. Somebody with two windows counts once.
    pub count: usize,
    /// They, or the first hundred of them, in the order of their ids.
    pub players: Vec<Who>,
}

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
        let (mut written, mut known) = (None, None);
        loop {
            tokio::select! {
                _ = renewals.tick() => {}
                () = self.0.changed.notified() => sleep(GATHER).await,
            }
            let players = self.players();
            let is_news = written.as_ref() != Some(&players);
            // While Redis is away the last list stays. The subscription's task logs that it is.
            let exchanged = timeout(ANSWER_WITHIN, self.exchange(&players, is_news));
            if let Ok(Ok((present, refusal))) = exchanged.await {
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

    /// Renews the lease, writes down who is here if that is news, and reads who is here or elsewhere. Gives that, and why
    /// Redis did not take the news, if it did not.
    async fn exchange(
        &self,
        players: &[Who],
        is_news: bool,
    ) -> RedisResult<(Present, Option<String>)> {
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
        let replicas: Vec<String> = commands.smembers(REPLICAS).await?;
        let keys: Vec<String> = replicas.iter().map(|replica| lease(replica)).collect();
        let lists: Vec<Option<String>> = commands.mget(&keys).await?;
        // A lease that has run out leaves its name in the set, which would grow with every container.
        let gone: Vec<&String> = replicas
            .iter()
            .zip(&lists)
            .filter_map(|(replica, list)| list.is_none().then_some(replica))
            .collect();
        if !gone.is_empty() {
            let _: () = commands.srem(REPLICAS, gone).await?;
        }
        // Its own players a replica knows by itself, whatever Redis took.
        let own = serde_json::to_string(players).unwrap_or_default();
        let others = replicas.iter().zip(&lists);
        let others = others.filter(|(replica, _)| **replica != self.0.replica);
        let others = others.filter_map(|(_, list)| list.as_ref());
        Ok((merge(others.chain([&own])), refusal))
    }

    /// Writes down who is here, and tells the other replicas that it is news.
    async fn write(&self, players: &[Who]) -> RedisResult<()> {
        let (key, replica) = (&self.0.key, &self.0.replica);
        let list = serde_json::to_string(players).unwrap_or_default();
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

/// One list out of each replica's. What cannot be read counts as nobody.
fn merge<'a>(lists: impl Iterator<Item = &'a String>) -> Present {
    let all: BTreeSet<Who> = lists
        .flat_map(|list| serde_json::from_str::<Vec<Who>>(list).unwrap_or_default())
        .collect();
    Present {
        count: all.len(),
        players: all.into_iter().take(MAX_PLAYERS).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(numbers: impl IntoIterator<Item = u64>) -> String {
        let who = |number| Who {
            player: format!("{number:016x}").parse().unwrap(),
            name: "Ada".to_owned(),
        };
        let players: Vec<Who> = numbers.into_iter().map(who).collect();
        serde_json::to_string(&players).unwrap()
    }

    #[test]
    fn somebody_on_two_replicas_counts_once_and_a_namesake_by_himself() {
        let lists = [list([1, 2]), list([2, 3]), "garbage".to_owned()];
        let present = merge(lists.iter());
        assert_eq!((present.count, present.players.len()), (3, 3));
    }

    #[test]
    fn a_long_list_is_cut_and_counted_in_full() {
        let present = merge([&list(0..300)].into_iter());
        assert_eq!((present.count, present.players.len()), (300, MAX_PLAYERS));
    }
}
