//! Who is here, over all replicas.
//!
//! A shared counter would be wrong for ever after the first crash: who died cannot count itself down. So each replica
//! writes down its own players under a *lease*, a key that Redis deletes unless it is renewed. A replica that dies
//! takes its players off the list by doing nothing.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Duration,
};

use parking_lot::Mutex;
use redis::{AsyncCommands, RedisResult, aio::ConnectionManager};
use tokio::{
    sync::{Notify, watch},
    time::{MissedTickBehavior, interval, sleep, timeout},
};

use crate::{
    names::{PRESENCE, REPLICAS, lease},
    redis_client::ANSWER_WITHIN,
};

/// How often a lease is renewed.
const RENEW_EVERY: Duration = Duration::from_secs(1);

/// How long a lease lasts, in seconds. Four renewals may fail before a replica's players are taken for gone.
const LEASE_SECONDS: u64 = 5;

/// Changes within this time are told together. When a thousand players arrive at once, everybody is told a few times
/// who is here, and not a thousand times.
const GATHER: Duration = Duration::from_millis(200);

/// The most names that are told. A list of ten thousand helps nobody, and would be sent to ten thousand.
const MAX_NAMES: usize = 100;

/// Who is here, to be shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Present {
    /// How many names there are. Somebody with two windows counts once.
    pub count: usize,
    /// The names in their order, or the first hundred of them.
    pub names: Vec<String>,
}

/// The list, as one replica sees it. Clones share it.
#[derive(Clone)]
pub struct Presence(Arc<Shared>);

struct Shared {
    commands: ConnectionManager,
    key: String,
    replica: String,
    /// This replica's players, and how many sockets each has here.
    local: Mutex<BTreeMap<String, usize>>,
    changed: Notify,
    present: watch::Sender<Arc<Present>>,
}

/// One socket of a player. When it is dropped, the player has left by this way.
pub struct PresenceGuard {
    presence: Presence,
    name: String,
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
    pub fn enter(&self, name: &str) -> PresenceGuard {
        *self.0.local.lock().entry(name.to_owned()).or_default() += 1;
        self.refresh();
        PresenceGuard {
            presence: self.clone(),
            name: name.to_owned(),
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
        let mut written = None;
        loop {
            tokio::select! {
                _ = renewals.tick() => {}
                () = self.0.changed.notified() => sleep(GATHER).await,
            }
            let names = self.names();
            let is_news = written.as_ref() != Some(&names);
            // While Redis is away the last list stays. The subscription's task logs that it is.
            let exchanged = timeout(ANSWER_WITHIN, self.exchange(&names, is_news));
            if let Ok(Ok(present)) = exchanged.await {
                written = Some(names);
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

    /// Writes down who is here, and reads who is here or elsewhere.
    async fn exchange(&self, names: &[String], is_news: bool) -> RedisResult<Present> {
        let (key, replica) = (&self.0.key, &self.0.replica);
        let mut commands = self.0.commands.clone();
        let list = serde_json::to_string(names).unwrap_or_default();
        let mut write = redis::pipe();
        write.atomic();
        write.set_ex(key, list, LEASE_SECONDS).ignore();
        write.sadd(REPLICAS, replica).ignore();
        if is_news {
            write.publish(PRESENCE, replica).ignore();
        }
        write.smembers(REPLICAS);
        let (replicas,): (Vec<String>,) = write.query_async(&mut commands).await?;
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
        Ok(merge(lists.iter().flatten()))
    }

    fn names(&self) -> Vec<String> {
        self.0.local.lock().keys().cloned().collect()
    }
}

impl Drop for PresenceGuard {
    fn drop(&mut self) {
        let mut local = self.presence.0.local.lock();
        if let Some(sockets) = local.get_mut(&self.name) {
            *sockets -= 1;
            if *sockets == 0 {
                local.remove(&self.name);
            }
        }
        drop(local);
        self.presence.refresh();
    }
}

/// One list out of each replica's. What cannot be read counts as nobody.
fn merge<'a>(lists: impl Iterator<Item = &'a String>) -> Present {
    let all: BTreeSet<String> = lists
        .flat_map(|list| serde_json::from_str::<Vec<String>>(list).unwrap_or_default())
        .collect();
    Present {
        count: all.len(),
        names: all.into_iter().take(MAX_NAMES).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn somebody_on_two_replicas_counts_once() {
        let lists = [
            r#"["Ada","Bob"]"#.to_owned(),
            r#"["Bob","Cem"]"#.to_owned(),
            "garbage".to_owned(),
        ];
        let present = merge(lists.iter());
        assert_eq!(present.count, 3);
        assert_eq!(present.names, ["Ada", "Bob", "Cem"]);
    }

    #[test]
    fn a_long_list_is_cut_and_counted_in_full() {
        let names: Vec<String> = (0..300).map(|number| format!("p{number:03}")).collect();
        let list = serde_json::to_string(&names).unwrap();
        let present = merge([&list].into_iter());
        assert_eq!((present.count, present.names.len()), (300, MAX_NAMES));
    }
}
