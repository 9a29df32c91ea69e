//! Servers freeze, die, end and are replaced, in any order, while everybody plays. Nobody gets another seat for it, and each match has one
//! result.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Duration,
};

use anyhow::ensure;
use matches::{AllocateError, Directory, Finished, LEASE, MatchId, ServerId};
use parking_lot::Mutex;
use protocol::PlayerId;
use stack::until;
use tokio::{
    task::JoinSet,
    time::{Instant, sleep},
};

use super::{result, server::Server};
use crate::lesson_9::directory::fake::{alone, ask, players};

/// How long anything happens.
const WALK: Duration = Duration::from_secs(12);

/// How often a server says what it has, and how many ticks it plays in between.
const ROUND: Duration = Duration::from_millis(150);
const TICKS: u32 = 40;

/// What is seen of all of it.
#[derive(Default)]
struct Seen {
    servers: BTreeMap<ServerId, Server>,
    frozen: BTreeSet<ServerId>,
    results: BTreeMap<MatchId, u32>,
    /// The highest epoch at which a match was played, and its last tick there.
    played: BTreeMap<MatchId, (u32, u32)>,
    /// Who was led from one match to another.
    led: Vec<(PlayerId, MatchId, MatchId)>,
    faults: Vec<String>,
}

type Shared = Arc<Mutex<Seen>>;

/// The life of one server: it says what it has, plays, and goes on with matches of others, unless it is frozen. Freezing can come between
/// any two steps of it.
async fn live(seen: Shared, server: Server) {
    let is_frozen = || seen.lock().frozen.contains(&server.id);
    while seen.lock().servers.contains_key(&server.id) {
        let step = async {
            if !is_frozen() {
                server.renew().await?;
            }
            if !is_frozen() {
                server.take_over(9).await?;
            }
            anyhow::Ok(())
        };
        // What failed is said again.
        let is_answered = step.await.is_ok();
        if !is_frozen() && is_answered {
            play(&seen, &server);
        }
        sleep(ROUND).await;
    }
}

/// All that a server has gets further. Where it was played by two at once, the older one has gone on after the newer one had begun.
fn play(seen: &Shared, server: &Server) {
    let mut seen = seen.lock();
    for (id, epoch, tick) in server.matches() {
        server.play(&id, tick + TICKS);
        let before = seen.played.insert(id.clone(), (epoch, tick + TICKS));
        let Some((older, last)) = before else {
            continue;
        };
        if epoch < older {
            seen.faults
                .push(format!("{id} is played at epoch {epoch} after {older}"));
        } else if epoch == older && tick != last {
            seen.faults
                .push(format!("{id} is at {tick} after {last} of one epoch"));
        } else if tick + 2 * TICKS < last {
            seen.faults
                .push(format!("{id} goes back from {last} to {tick}"));
        }
    }
}

/// A player who asks again and again, and takes whatever seat that is.
async fn follow(seen: Shared, directory: Directory, player: PlayerId) -> (usize, usize) {
    let (mut last, mut entered, mut waited) = (None::<MatchId>, 0, 0);
    let end = Instant::now() + WALK;
    while Instant::now() < end {
        sleep(Duration::from_millis(u64::from(rand::random::<u8>()))).await;
        let seats = match directory.allocate(&ask(&[player])).await {
            Ok(seats) => seats,
            Err(AllocateError::Moving { .. }) => {
                waited += 1;
                continue;
            }
            Err(_) => continue,
        };
        let seat = &seats[0];
        let server = {
            let mut seen = seen.lock();
            if let Some(last) = last.take()
                && last != seat.id
            {
                seen.led.push((player, last, seat.id.clone()));
            }
            let server = seen.servers.get(&seat.server).cloned();
            server.filter(|server| !seen.frozen.contains(&server.id))
        };
        if let Some(server) = server
            && server.enter(seat).await.is_ok()
            && server
                .renew()
                .await
                .is_ok_and(|told| told.fenced.is_empty())
        {
            entered += 1;
            last = Some(seat.id.clone());
        }
    }
    (entered, waited)
}

/// One event after another, for a while, and until some match has changed hands.
async fn break_things(seen: Shared, directory: Directory, lives: &mut JoinSet<()>) -> usize {
    let end = Instant::now() + WALK;
    let mut events = 0;
    let mut thaws = JoinSet::new();
    let has_moved = || seen.lock().played.values().any(|(epoch, _)| *epoch > 1);
    while Instant::now() < end || !has_moved() && Instant::now() < end + 4 * WALK {
        sleep(Duration::from_millis(400)).await;
        let servers: Vec<Server> = {
            let seen = seen.lock();
            let well = seen.servers.values();
            let well = well.filter(|server| !seen.frozen.contains(&server.id));
            well.cloned().collect()
        };
        // Somebody must be left who takes over, and has room for everything.
        if servers.len() < 3 {
            continue;
        }
        events += 1;
        let victim = servers[usize::from(rand::random::<u8>()) % servers.len()].clone();
        match rand::random::<u8>() % 4 {
            0 => {
                seen.lock().frozen.insert(victim.id.clone());
                let seen = Arc::clone(&seen);
                thaws.spawn(async move {
                    // Shorter than the lease, or longer.
                    sleep(LEASE.mul_f32(0.5 + rand::random::<f32>())).await;
                    // What it does first it does without knowing that anything has happened.
                    for (id, epoch, tick) in victim.matches() {
                        if finish(&seen, &victim, &id).await {
                            let mut seen = seen.lock();
                            let newest = seen.played.get(&id).copied();
                            if newest.is_some_and(|(newest, _)| newest != epoch) {
                                let told = format!("{id} was ended at {epoch}, {tick}: {newest:?}");
                                seen.faults.push(told);
                            }
                        }
                    }
                    seen.lock().frozen.remove(&victim.id);
                });
            }
            1 => drop(seen.lock().servers.remove(&victim.id)),
            2 => {
                let matches = victim.matches();
                if let Some((id, ..)) = matches.first() {
                    finish(&seen, &victim, id).await;
                }
                continue;
            }
            _ => {
                // Nobody comes in any more, so nothing is there that nobody hands over.
                seen.lock().servers.remove(&victim.id);
                // What got no answer is asked again.
                while victim.drain().await.is_err() {}
                while let Some((id, ..)) = victim.matches().first() {
                    let _ = victim.hand_over(id).await;
                }
                while directory.withdraw(&victim.id).await.is_err() {}
            }
        }
        if seen.lock().servers.len() < 5
            && let Ok(server) = Server::ready(&directory, 20).await
        {
            start(&seen, server, lives);
        }
    }
    thaws.join_all().await;
    events
}

/// Ends a match. Gives whether that was recorded.
async fn finish(seen: &Shared, server: &Server, id: &MatchId) -> bool {
    let finished = server.finish(id, "{}").await;
    let is_recorded = matches!(finished, Ok(Finished::Recorded));
    if is_recorded {
        *seen.lock().results.entry(id.clone()).or_default() += 1;
    }
    is_recorded
}

fn start(seen: &Shared, server: Server, lives: &mut JoinSet<()>) {
    let mut all = seen.lock();
    all.servers.insert(server.id.clone(), server.clone());
    lives.spawn(live(Arc::clone(seen), server));
}

#[tokio::test]
async fn whatever_becomes_of_servers_each_match_has_one_owner_and_one_result() -> anyhow::Result<()>
{
    let (stack, directory) = alone().await?;
    let seen = Shared::default();
    let mut lives = JoinSet::new();
    for _ in 0..4 {
        start(&seen, Server::ready(&directory, 20).await?, &mut lives);
    }
    let mut follows = JoinSet::new();
    let all = players(64);
    for player in &all {
        follows.spawn(follow(Arc::clone(&seen), directory.clone(), *player));
    }
    let events = break_things(Arc::clone(&seen), directory.clone(), &mut lives).await;
    let (entered, waited) = follows
        .join_all()
        .await
        .into_iter()
        .fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
    // When all is quiet, everybody has a seat on a server that has the match.
    until("everybody having a seat", LEASE * 4, async || {
        for player in &all {
            let asked = directory.allocate(&ask(&[*player])).await;
            let seats = asked.map_err(|error| error.to_string())?;
            let server = seen.lock().servers.get(&seats[0].server).cloned();
            let server = server.ok_or_else(|| format!("{} is not there", seats[0].server))?;
            let entered = server.enter(&seats[0]).await;
            entered.map_err(|error| error.to_string())?;
        }
        Ok(())
    })
    .await?;
    // Who was led to another match had one that is over.
    let led = std::mem::take(&mut seen.lock().led);
    for (player, from, to) in &led {
        let result = result(&stack, from).await?;
        ensure!(!result.is_empty(), "{player} was led from {from} to {to}");
    }
    let seen = seen.lock();
    let moves: u32 = seen.played.values().map(|(epoch, _)| epoch - 1).sum();
    println!(
        "{events} events, {entered} seats entered, {waited} times somebody had to wait, {moves} moves, {} results, {} times somebody got another match",
        seen.results.len(),
        led.len()
    );
    ensure!(seen.faults.is_empty(), "{:#?}", seen.faults);
    ensure!(moves > 0, "nothing has moved");
    let twice = seen.results.iter().find(|(_, count)| **count != 1);
    ensure!(twice.is_none(), "{twice:?}");
    let mut owners = BTreeMap::new();
    for server in seen.servers.values() {
        for (id, epoch, _) in server.matches() {
            let other = owners.insert(id.clone(), server.id.clone());
            let twice = other.map(|other| (id, epoch, other, &server.id));
            ensure!(twice.is_none(), "a match is played twice: {twice:?}");
        }
    }
    Ok(())
}
