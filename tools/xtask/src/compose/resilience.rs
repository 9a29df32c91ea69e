//! What nothing may be lost of: requests and messages, while replicas are killed and replaced and Redis restarts.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
    time::Duration,
};

use anyhow::{Context, bail, ensure};
use course::report::Done;
use serde_json::Value;
use stack::{Compose, Load, until};
use tokio::time::interval;

use super::{
    checks::get,
    outages::{Repeat, restart, said_by},
    player::Player,
};

const SERVICE: &str = "webserver";

/// The time from one message of a player to the next. It keeps well below the rate that a session is allowed.
const PAUSE: Duration = Duration::from_millis(500);

/// Ends a container with SIGKILL under load. Docker takes its address away with it, so nobody refuses a connection:
/// whoever tries to connect waits in vain.
pub async fn kill(compose: &Compose, replicas: usize) -> anyhow::Result<Done> {
    let load = load(compose);
    load.answered(500).await?;
    compose.server(SERVICE).await?.kill().await?;
    // Longer than it takes until both Traefik and Consul know.
    load.answered(3_000).await?;
    let tally = load.finish().await;
    ensure!(tally.failed == 0, "{tally:#?}");
    compose.up(false, &[(SERVICE, replicas)]).await?;
    Ok(Done::Passed)
}

/// Replaces every replica under load, while players speak.
pub async fn rolling(compose: &Compose, replicas: usize) -> anyhow::Result<Done> {
    let old = replicas_of(compose).await?;
    let load = load(compose);
    load.answered(500).await?;
    let talk = Talk::begin(compose).await?;
    println!();
    roll(compose).await?;
    load.answered(500).await?;
    let said = talk.end().await?;
    let tally = load.finish().await;
    ensure!(tally.failed == 0, "{tally:#?}");
    let again = said.again;
    ensure!(again == 0, "messages had to be sent {again} times again");
    let new = replicas_of(compose).await?;
    let all_are_new = new.len() == replicas && new.is_disjoint(&old);
    ensure!(all_are_new, "{new:?} run, after {old:?}");
    said.is_told_once(replicas).await
}

/// What a rolling deploy brings is seen from outside: its version, which is changed in one place.
pub async fn version(compose: &Compose, folder: &Path) -> anyhow::Result<Done> {
    let manifest = folder.join("Cargo.toml");
    let text = fs::read_to_string(&manifest)?;
    let line = text.lines().find(|line| line.starts_with("version = "));
    let line = line.context("Cargo.toml has no version")?;
    let new = "9.9.9";
    let changed = text.replacen(line, &format!("version = \"{new}\""), 1);
    fs::write(&manifest, changed)?;
    println!();
    compose.build(SERVICE).await?;
    roll(compose).await?;
    for _ in 0..9 {
        let answer = get(compose, "webserver.localhost", "/api/whoami").await?;
        let answer: Value = serde_json::from_str(&answer)?;
        ensure!(answer["version"] == new, "{answer}");
    }
    Ok(Done::Passed)
}

/// Restarts the Redis between the replicas while players speak. They may have to send a message again, and each is
/// told once.
pub async fn pubsub(compose: &Compose, replicas: usize) -> anyhow::Result<Done> {
    let talk = Talk::begin(compose).await?;
    said_by(&talk.listener, "before").await?;
    restart(compose, "pubsub").await?;
    talk.end().await?.is_told_once(replicas).await
}

fn load(compose: &Compose) -> Load {
    Load::start(&compose.address(), "webserver.localhost")
}

async fn roll(compose: &Compose) -> anyhow::Result<()> {
    let mut compose = compose.clone().watch(|step| println!("{step}"));
    compose.roll(SERVICE).await.map(drop)
}

/// The ids of all replicas that run.
async fn replicas_of(compose: &Compose) -> anyhow::Result<BTreeSet<String>> {
    let containers = compose.containers(SERVICE).await?;
    Ok(containers.into_iter().map(|(id, _)| id).collect())
}

/// Two players who speak all the time. Each message is sent again, under its key, until it is acknowledged.
struct Talk {
    listener: Player,
    begin: String,
    speaking: Vec<Repeat<(String, usize)>>,
}

impl Talk {
    async fn begin(compose: &Compose) -> anyhow::Result<Talk> {
        let listener = Player::log_in(compose, "Eve").await?;
        let (begin, _) = say(&listener, "begin").await?;
        let mut speaking = Vec::new();
        for name in ["Ada", "Bob"] {
            let player = Player::log_in(compose, name).await?;
            speaking.push(Repeat::start(PAUSE, move |number| {
                let player = player.clone();
                async move { say(&player, &format!("word-{number}")).await }
            }));
        }
        Ok(Talk {
            listener,
            begin,
            speaking,
        })
    }

    /// Lets each player end with something that is acknowledged.
    async fn end(self) -> anyhow::Result<Said> {
        let (mut ids, mut again) = (BTreeSet::new(), 0);
        for speaking in self.speaking {
            for (id, times) in speaking.finish().await? {
                ids.insert(id);
                again += times - 1;
            }
        }
        Ok(Said {
            listener: self.listener,
            begin: self.begin,
            ids,
            again,
        })
    }
}

/// Gives a message's id, and how often it was sent. The text is its key, too.
async fn say(player: &Player, text: &str) -> anyhow::Result<(String, usize)> {
    let mut ticks = interval(PAUSE);
    for times in 1..=100 {
        // No answer and a refusal come to the same: it is sent again.
        match player.say_under(text, text).await {
            Ok(Some(id)) => return Ok((id, times)),
            Ok(None) => println!("{text} is sent again: nobody could take it"),
            Err(error) => println!("{text} is sent again: {error:#}"),
        }
        ticks.tick().await;
    }
    bail!("{text} was not acknowledged in a hundred times");
}

/// What was acknowledged.
struct Said {
    listener: Player,
    begin: String,
    ids: BTreeSet<String>,
    again: usize,
}

impl Said {
    /// Waits until all replicas tell the same, and each of them, and makes sure that it is told once.
    async fn is_told_once(&self, replicas: usize) -> anyhow::Result<Done> {
        ensure!(!self.ids.is_empty(), "nobody said anything");
        let limit = Duration::from_secs(30);
        let told = until("every replica's telling it", limit, async || {
            let told = self.told_by_all(replicas).await;
            let told = told.map_err(|error| format!("{error:#}"))?;
            if self.ids.iter().all(|id| told.contains(id)) {
                Ok(told)
            } else {
                let said = self.ids.len();
                Err(format!(
                    "of {said} messages, and others, {} are told",
                    told.len()
                ))
            }
        })
        .await?;
        let once: BTreeSet<&String> = told.iter().collect();
        ensure!(
            once.len() == told.len(),
            "something is told twice: {told:?}"
        );
        Ok(Done::Passed)
    }

    /// What all replicas tell since the beginning. A page has 200 messages, and on a slow machine more is said than that.
    async fn told_by_all(&self, replicas: usize) -> anyhow::Result<Vec<String>> {
        let (mut told, mut after) = (Vec::new(), self.begin.clone());
        loop {
            let mut pages = BTreeMap::new();
            for _ in 0..replicas * 3 {
                let (replica, ids) = self.listener.heard_after(&after).await?;
                pages.insert(replica, ids);
            }
            let answer = pages.len();
            ensure!(answer == replicas, "{answer} of {replicas} replicas answer");
            let mut pages = pages.into_values();
            let page = pages.next().context("no replica answers")?;
            ensure!(
                pages.all(|other| other == page),
                "the replicas do not tell the same"
            );
            let Some(last) = page.last() else {
                return Ok(told);
            };
            after.clone_from(last);
            told.extend(page);
        }
    }
}
