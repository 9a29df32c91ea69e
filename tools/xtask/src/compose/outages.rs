//! What must hold when a server that all replicas share restarts under load.

use std::{
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use anyhow::{Context, anyhow, ensure};
use course::report::Done;
use stack::{Compose, until};
use tokio::{
    task::JoinHandle,
    time::{MissedTickBehavior, interval, sleep},
};

use super::player::Player;

/// From one message of a session to its next. It is allowed five a second.
const PACE: Duration = Duration::from_millis(250);

/// How soon an acknowledged message is known everywhere, or not at all. It takes milliseconds.
const REACHES_WITHIN: Duration = Duration::from_secs(2);

/// The same where it must be so, on a machine that may be busy.
const KNOWN_WITHIN: Duration = Duration::from_secs(30);

/// Restarts the Redis of the sessions while somebody asks who they are. Each answer must be right, or say that the
/// server cannot tell, and afterwards the login must still be there.
pub async fn sessions(compose: &Compose, replicas: usize) -> anyhow::Result<Done> {
    let player = Player::log_in(compose, "Ada").await?;
    let asking = {
        let player = player.clone();
        Repeat::start(Duration::from_millis(20), move |_| {
            let player = player.clone();
            async move { player.is_known().await }
        })
    };
    restart(compose, "sessions").await?;
    // Each replica in its turn.
    until(
        "knowing the player again",
        Duration::from_secs(30),
        async || {
            for _ in 0..replicas * 3 {
                match player.is_known().await {
                    Ok(true) => {}
                    Ok(false) => return Err("a replica cannot tell yet".to_owned()),
                    Err(error) => return Err(format!("{error:#}")),
                }
            }
            Ok(())
        },
    )
    .await?;
    let answers = asking.finish().await?;
    let known = answers.iter().filter(|known| **known).count();
    ensure!(
        known > 0,
        "none of {} answers knew the player",
        answers.len()
    );
    Ok(Done::Passed)
}

/// Restarts the Redis between the replicas while somebody speaks. What was acknowledged before that, and after the
/// recovery, must be known to every replica.
pub async fn pubsub(compose: &Compose, replicas: usize) -> anyhow::Result<Done> {
    let player = Player::log_in(compose, "Ada").await?;
    let mut said = said_by(&player, "before").await?;
    known_to_all(&player, replicas, &said, KNOWN_WITHIN).await?;
    // Another one speaks meanwhile: each session has a rate of its own.
    let speaking = {
        let player = Player::log_in(compose, "Bob").await?;
        Repeat::start(PACE, move |number| {
            let player = player.clone();
            async move { player.say(&format!("meanwhile {number}")).await }
        })
    };
    restart(compose, "pubsub").await?;
    recovered(&player, replicas).await?;
    speaking.finish().await?;
    said.extend(said_by(&player, "after").await?);
    known_to_all(&player, replicas, &said, KNOWN_WITHIN).await?;
    Ok(Done::Passed)
}

/// Speaks until every replica takes messages, and each of them reaches all.
///
/// One message that reaches all is not enough. After Redis' return each replica refuses messages for two seconds of its
/// own, so one may take them while another still settles. So each replica must take one, with no failure in between.
async fn recovered(player: &Player, replicas: usize) -> anyhow::Result<()> {
    let mut ready = BTreeSet::new();
    let mut failure = None;
    // Which replica answers is up to Traefik, and others ask it meanwhile.
    for number in 0..60 {
        let reached = match player.say(&format!("probe {number}")).await? {
            // What is said while a replica has not come back is lost to it; a later lesson's subject.
            Some(taken) => known_to_all(player, replicas, &[taken.id].into(), REACHES_WITHIN)
                .await
                .map(|()| taken.replica),
            None => Err(anyhow!("a replica takes no message")),
        };
        match reached {
            Ok(replica) => {
                ready.insert(replica);
                if ready.len() == replicas {
                    return Ok(());
                }
                sleep(PACE).await;
            }
            Err(reason) => {
                ready.clear();
                failure = Some(reason);
                sleep(Duration::from_secs(1)).await;
            }
        }
    }
    let failure = failure.unwrap_or_else(|| anyhow!("nothing failed"));
    Err(failure.context(format!(
        "not every replica takes messages that reach all again; {ready:?} do"
    )))
}

/// Says eight things at a steady pace, all of which must be acknowledged, and gives their ids.
pub async fn said_by(player: &Player, when: &str) -> anyhow::Result<BTreeSet<String>> {
    let mut ids = BTreeSet::new();
    let mut ticks = interval(PACE);
    for number in 0..8 {
        ticks.tick().await;
        let taken = player.say(&format!("{when} {number}")).await?;
        let taken = taken.with_context(|| format!("nothing could be said {when} the restart"))?;
        ids.insert(taken.id);
    }
    Ok(ids)
}

async fn known_to_all(
    player: &Player,
    replicas: usize,
    said: &BTreeSet<String>,
    within: Duration,
) -> anyhow::Result<()> {
    until(
        "every replica's knowing each acknowledged message",
        within,
        async || {
            let heard = player.heard(replicas * 3).await;
            let heard = heard.map_err(|error| format!("{error:#}"))?;
            if heard.len() == replicas && heard.values().all(|ids| ids.is_superset(said)) {
                return Ok(());
            }
            let missing = |ids: &BTreeSet<String>| said.difference(ids).count();
            let missing = heard.iter().map(|(replica, ids)| (replica, missing(ids)));
            Err(format!(
                "of {} messages are missing: {:?}",
                said.len(),
                missing.collect::<Vec<_>>()
            ))
        },
    )
    .await
}

pub async fn restart(compose: &Compose, service: &str) -> anyhow::Result<()> {
    compose.run(&["restart", service]).await.map(drop)
}

/// Something that is done again and again, until it fails or is to end.
pub struct Repeat<T> {
    stop: Arc<AtomicBool>,
    task: JoinHandle<anyhow::Result<Vec<T>>>,
}

impl<T: Send + 'static> Repeat<T> {
    pub fn start<F>(pause: Duration, act: impl Fn(usize) -> F + Send + 'static) -> Repeat<T>
    where
        F: Future<Output = anyhow::Result<T>> + Send,
    {
        let stop = Arc::new(AtomicBool::new(false));
        let ended = Arc::clone(&stop);
        let task = tokio::spawn(async move {
            let mut results = Vec::new();
            let mut ticks = interval(pause);
            ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
            while !ended.load(Ordering::Relaxed) {
                ticks.tick().await;
                results.push(act(results.len()).await?);
            }
            Ok(results)
        });
        Repeat { stop, task }
    }

    /// Ends it, and gives what came of it.
    pub async fn finish(self) -> anyhow::Result<Vec<T>> {
        self.stop.store(true, Ordering::Relaxed);
        self.task.await.context("it panicked")?
    }
}
