//! One match from its first ticket to the end of its last socket.

use std::{sync::Arc, time::Duration};

use matches::MatchId;
use tokio::{
    select, spawn,
    task::{JoinError, coop::unconstrained},
    time::{Instant, sleep_until, timeout},
};
use tracing::{error, info};

use super::{
    claims::Claim,
    play::{Ending, Setup, play},
    registrar::Outcome,
    room::Room,
    rooms::{Claimed, Rooms},
};

/// How long a result is shown. Then everybody has to go, and the memory is free.
const RESULT: Duration = Duration::from_secs(10);

/// How long the directory may take to hear of an end, before those are told who are here. Then it hears of it while they know already.
const TOLD_WITHIN: Duration = Duration::from_millis(200);

/// Why a match ends without a result, as a word for programs and in a sentence.
type Why = (&'static str, &'static str);

const DESERTED: Why = ("deserted", "all players have left this match");
const FAULT: Why = (
    "fault",
    "this match ended by a fault of the server; play again for a seat in another one",
);

/// The room of a match that somebody has a ticket for, with a note that the ticket is being looked at. The first one of a match
/// has it begin. None if there is no such seat.
pub fn claim(rooms: &Arc<Rooms>, id: &MatchId, seat: usize) -> Option<(Arc<Room>, Claim)> {
    let Claimed {
        room,
        claim,
        is_new,
    } = rooms.claim(id, seat)?;
    if is_new {
        spawn(run(Arc::clone(rooms), Arc::clone(&room)));
    }
    Some((room, claim))
}

/// Leads a match.
async fn run(rooms: Arc<Rooms>, room: Arc<Room>) {
    while !somebody_comes(&room).await {
        // The ticket was not accepted.
        if rooms.remove_unclaimed(&room) {
            return;
        }
    }
    let (number, seed) = rooms.next();
    // On the wire there is less room, and behind the largest number comes 0.
    if !gather(&room, number as u16, rooms.config.gather).await {
        // Whoever has still a ticket for it begins anew with it, so the directory is not told that it is over.
        rooms.remove(&room);
        room.settle();
        room.cancel(DESERTED);
        return linger(&room, Instant::now() + RESULT).await;
    }
    let setup = Setup {
        seed,
        period: rooms.config.period(),
        panic_at_tick: rooms.config.panic_at_tick.filter(|_| number == 1),
    };
    info!(id = %room.id, number, seed, "a match begins");
    // A task of its own, so that its end is its own, however it ends. tokio makes a task that does much wait by telling it that
    // nothing is ready. This one would take that for sockets that do not keep up.
    let played = spawn(unconstrained(play(Arc::clone(&room), setup))).await;
    let (winner, why) = ending(&room, played);
    let outcome = Outcome {
        winner,
        tick: room.settle(),
        cancelled: why.map(|(code, _)| code),
    };
    let told = room.registrar.finished(&room.id, outcome);
    // Whoever asks for another match as soon as this one is told to be over must not be led back into it.
    let _ = timeout(TOLD_WITHIN, told).await;
    let closes_at = Instant::now() + RESULT;
    match why {
        Some(why) => room.cancel(why),
        None => room.end(winner, closes_at),
    }
    linger(&room, closes_at).await;
    rooms.remove(&room);
}

/// Waits for the first player. Gives `false` if nobody is on the way any more.
async fn somebody_comes(room: &Room) -> bool {
    while room.is_deserted() {
        if !room.is_claimed() {
            return false;
        }
        room.changed().await;
    }
    true
}

/// Waits for more players, until it is time, or until players have all seats. Gives `false` if nobody is left or on the way.
async fn gather(room: &Room, number: u16, at_most: Duration) -> bool {
    let starts_at = Instant::now() + at_most;
    room.gather(number, starts_at);
    loop {
        room.look_for_absent();
        if room.is_deserted() && !room.is_claimed() {
            return false;
        }
        if room.is_full() || Instant::now() >= starts_at {
            return true;
        }
        let overdue = room.next_overdue().unwrap_or(starts_at);
        select! {
            () = sleep_until(starts_at.min(overdue)) => {}
            () = room.changed() => {}
        }
    }
}

/// Who has won, if somebody has, and why there is no result, if there is none.
fn ending(room: &Room, played: Result<Ending, JoinError>) -> (Option<u8>, Option<Why>) {
    let id = &room.id;
    match played {
        Ok(Ending::Won(winner)) => {
            info!(%id, winner, "a match has ended");
            (Some(winner), None)
        }
        Ok(Ending::Drawn) => {
            info!(%id, "a match has ended, and nobody has won");
            (None, None)
        }
        Ok(Ending::Deserted) => {
            info!(%id, "a match ended, because no player was left");
            (None, Some(DESERTED))
        }
        Err(error) => {
            error!(%id, %error, "a match ended by a fault of this server");
            room.counters.faults.add(1);
            (None, Some(FAULT))
        }
    }
}

/// Lets everybody look at how it has ended, for as long as somebody is there, and then closes their sockets.
async fn linger(room: &Room, closes_at: Instant) {
    while !room.is_empty() {
        select! {
            () = sleep_until(closes_at) => return room.close(),
            () = room.changed() => {}
        }
    }
}
