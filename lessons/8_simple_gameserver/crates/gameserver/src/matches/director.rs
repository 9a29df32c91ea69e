//! One match after another, for as long as there are players.

use std::{sync::Arc, time::Duration};

use tokio::{
    select, spawn,
    task::{JoinError, coop::unconstrained},
    time::{Instant, sleep, sleep_until},
};
use tracing::{error, info};

use super::{
    config::MatchesConfig,
    phase::Phase,
    play::{Ending, Setup, play},
    room::Room,
};

/// How long a result is shown.
const RESULT: Duration = Duration::from_secs(5);

/// Why a match ends without a result, as a word for programs and in a sentence.
const DESERTED: (&str, &str) = (
    "deserted",
    "all players have left; a match begins when somebody comes",
);
const FAULT: (&str, &str) = (
    "fault",
    "this match ended by a fault of the server; the next one begins soon",
);

/// Starts to wait for players.
pub fn start(room: &Arc<Room>, config: &MatchesConfig) {
    let first_seed = config.seed.unwrap_or_else(rand::random);
    spawn(run(Arc::clone(room), config.clone(), first_seed));
}

async fn run(room: Arc<Room>, config: MatchesConfig, first_seed: u32) {
    loop {
        room.rest();
        while room.is_deserted() {
            room.changed().await;
        }
        while let Some(number) = gather(&room, config.gather).await {
            let setup = Setup {
                seed: first_seed.wrapping_add(u32::from(number.wrapping_sub(1))),
                period: config.period(),
                panic_at_tick: config.panic_at_tick.filter(|_| number == 1),
            };
            info!(number, seed = setup.seed, "a match begins");
            // A task of its own, so that its end is its own, however it ends. tokio makes a task that does much wait by telling it that
            // nothing is ready. This one would take that for sockets that do not keep up.
            let played = spawn(unconstrained(play(Arc::clone(&room), setup))).await;
            conclude(&room, number, played).await;
        }
    }
}

/// Waits for more players, until it is time, or until players have all seats. Gives the match's number; none if nobody is left.
async fn gather(room: &Room, at_most: Duration) -> Option<u16> {
    if room.is_deserted() {
        return None;
    }
    let starts_at = Instant::now() + at_most;
    let number = room.gather(starts_at);
    while !room.is_full() {
        select! {
            () = sleep_until(starts_at) => break,
            () = room.changed() => {}
        }
        if room.is_deserted() {
            return None;
        }
    }
    Some(number)
}

/// Tells how a match has ended, and waits until the next one may gather.
async fn conclude(room: &Room, number: u16, played: Result<Ending, JoinError>) {
    let winner = match played {
        Ok(Ending::Won(seat)) => Some(seat),
        Ok(Ending::Drawn) => None,
        Ok(Ending::Deserted) => {
            info!(number, "a match ended, because no player was left");
            return room.cancel(Phase::Idle, DESERTED);
        }
        Err(error) => {
            error!(number, %error, "a match ended by a fault of this server");
            room.counters.faults.add(1);
            room.cancel(Phase::Failed, FAULT);
            return sleep(RESULT).await;
        }
    };
    info!(number, winner, "a match has ended");
    let next_at = Instant::now() + RESULT;
    room.end(winner, next_at);
    sleep_until(next_at).await;
}
