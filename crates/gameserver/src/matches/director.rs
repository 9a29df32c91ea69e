//! One match from its first ticket to the end of its last socket.

use std::{sync::Arc, time::Duration};

use game::State;
use matches::{Finished, MatchId, TakenOver};
use tokio::{
    select, spawn,
    task::{JoinError, coop::unconstrained},
    time::{Instant, sleep_until},
};
use tracing::{error, info};

use super::{
    checkpoint::{self, BadCheckpoint, Saved},
    claims::Claim,
    play::{Ending, Setup, play},
    possession::Turn,
    registrar::Outcome,
    room::Room,
    rooms::{Claimed, Rooms},
};

/// How long a result is shown. Then everybody has to go, and the memory is free.
const RESULT: Duration = Duration::from_secs(10);

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
        spawn(run(Arc::clone(rooms), Arc::clone(&room), None));
    }
    Some((room, claim))
}

/// Goes on with a match that was another server's until now. One that is here already goes on as it does.
///
/// # Errors
/// When its checkpoint is none.
pub fn adopt(rooms: &Arc<Rooms>, taken: &TakenOver) -> Result<(), BadCheckpoint> {
    let saved = checkpoint::read(&taken.id, &taken.checkpoint.bytes)?;
    if let Some(room) = rooms.adopt(taken, &saved) {
        let (id, epoch, tick) = (&taken.id, taken.epoch, taken.checkpoint.tick);
        let was_handed_over = taken.is_handed_over;
        info!(%id, epoch, tick, was_handed_over, "a match goes on here");
        spawn(run(Arc::clone(rooms), room, Some(saved)));
    }
    Ok(())
}

/// Leads a match.
async fn run(rooms: Arc<Rooms>, room: Arc<Room>, saved: Option<Saved>) {
    let begun = match saved {
        Some(Saved {
            number,
            seed,
            state: Some(state),
            ..
        }) => Some((number, seed, state)),
        saved => {
            let number = saved.map(|saved| (saved.number, saved.seed));
            begin(&rooms, &room, number).await
        }
    };
    let Some((number, seed, state)) = begun else {
        return;
    };
    let setup = Setup {
        seed,
        period: rooms.config.period(),
        panic_at_tick: rooms.config.panic_at_tick.filter(|_| number == 1),
    };
    // A task of its own, so that its end is its own, however it ends. tokio makes a task that does much wait by telling it that
    // nothing is ready. This one would take that for sockets that do not keep up.
    let played = spawn(unconstrained(play(Arc::clone(&room), setup, state))).await;
    let Some((winner, why)) = ending(&room, played) else {
        return;
    };
    let outcome = Outcome {
        winner,
        tick: room.settle(),
        cancelled: why.map(|(code, _)| code),
    };
    let told = room.registrar.finished(&room.id, room.epoch, outcome);
    // Nobody is told before the directory knows it, however long that takes: another server may have the match by now, and it may end
    // otherwise there. And whoever asks for another match as soon as this one is told to be over must not be led back into it.
    if !matches!(told.await, Ok(Finished::Recorded)) {
        info!(id = %room.id, "a match has ended here that was another server's");
        room.counters.fenced.add(1);
        return rooms.move_away(&room);
    }
    let closes_at = Instant::now() + RESULT;
    match why {
        Some(why) => room.cancel(why),
        None => room.end(winner, closes_at),
    }
    rooms.note_end();
    linger(&room, closes_at).await;
    rooms.remove(&room);
}

/// Waits for players, and has the match begin: under this number and this seed, if it had some on another server. None if nobody came, or if it
/// goes on elsewhere.
async fn begin(
    rooms: &Arc<Rooms>,
    room: &Arc<Room>,
    number: Option<(u16, u32)>,
) -> Option<(u16, u32, State)> {
    while !somebody_comes(room).await {
        // The ticket was not accepted.
        if rooms.remove_unclaimed(room) {
            return None;
        }
    }
    let (number, seed) = number.unwrap_or_else(|| rooms.next());
    match gather(room, (number, seed), rooms.config.gather).await {
        Gathered::Ready => {}
        Gathered::Moved => return None,
        Gathered::Deserted => {
            // Whoever has still a ticket for it begins anew with it, so the directory is not told that it is over.
            rooms.remove_idle(room);
            room.settle();
            room.cancel(DESERTED);
            linger(room, Instant::now() + RESULT).await;
            return None;
        }
    }
    info!(id = %room.id, number, seed, "a match begins");
    let state = State::new(seed, room.config.seats.into());
    room.begin(&state);
    Some((number, seed, state))
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

/// What has come of gathering.
enum Gathered {
    /// It is time, or players have all seats.
    Ready,
    /// Nobody is left or on the way.
    Deserted,
    /// The match goes on on another server.
    Moved,
}

/// Waits for more players.
async fn gather(room: &Room, number: (u16, u32), at_most: Duration) -> Gathered {
    let starts_at = Instant::now() + at_most;
    room.gather(number, starts_at);
    loop {
        match room.turn() {
            Turn::Play => {}
            Turn::Moved => return Gathered::Moved,
            Turn::HoldStill => {
                room.changed().await;
                continue;
            }
        }
        room.look_for_absent();
        if room.is_deserted() && !room.is_claimed() {
            return Gathered::Deserted;
        }
        if room.is_full() || Instant::now() >= starts_at {
            return Gathered::Ready;
        }
        let overdue = room.next_overdue().unwrap_or(starts_at);
        select! {
            () = sleep_until(starts_at.min(overdue)) => {}
            () = room.changed() => {}
        }
    }
}

/// Who has won, if somebody has, and why there is no result, if there is none. None if the match goes on elsewhere.
fn ending(room: &Room, played: Result<Ending, JoinError>) -> Option<(Option<u8>, Option<Why>)> {
    let id = &room.id;
    match played {
        Ok(Ending::Moved) => None,
        Err(_) if room.is_halted() => None,
        Ok(Ending::Won(winner)) => {
            info!(%id, winner, "a match has ended");
            Some((Some(winner), None))
        }
        Ok(Ending::Drawn) => {
            info!(%id, "a match has ended, and nobody has won");
            Some((None, None))
        }
        Ok(Ending::Deserted) => {
            info!(%id, "a match ended, because no player was left");
            Some((None, Some(DESERTED)))
        }
        Err(error) => {
            error!(%id, %error, "a match ended by a fault of this server");
            room.counters.faults.add(1);
            Some((None, Some(FAULT)))
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
