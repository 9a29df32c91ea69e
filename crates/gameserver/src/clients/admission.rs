//! From a ticket to a place.
//!
//! Three have a say. The signature says that a web server has led this player here. This server says whether it is meant, and whether that
//! was just now. And the directory says whether the seat is still held for this ticket, which it is once.
//!
//! Who was here before has a token instead. It is this server's own word, so nobody else is asked.

use std::{sync::Arc, time::SystemTime};

use matches::{
    MatchId,
    tickets::{self, Claims},
};
use protocol::game::ResumeToken;

use super::{place::Place, refusal::Refusal};
use crate::{
    app::App,
    fleet::takeover::look_for,
    matches::director,
    seats::{listener::Listener, player::Sitter},
};

/// Lets a player come back who shows a token for a seat.
///
/// # Errors
/// When the token is not accepted, and why.
pub fn resume(
    app: &App,
    (match_id, seat): (&str, u8),
    token: ResumeToken,
    listener: &Arc<dyn Listener>,
) -> Result<Place, Refusal> {
    let resumed = try_resume(app, (match_id, seat), token, listener);
    let counters = &app.rooms.counters;
    match resumed {
        Ok(_) => counters.resumed.add(1),
        Err(_) => counters.resumes_refused.add(1),
    }
    resumed
}

fn try_resume(
    app: &App,
    (match_id, seat): (&str, u8),
    token: ResumeToken,
    listener: &Arc<dyn Listener>,
) -> Result<Place, Refusal> {
    // By then the match may be another server's, and what is played there must not be told here otherwise.
    if !app.link.lease.is_live() {
        return Err(Refusal::DIRECTORY_AWAY);
    }
    // There was never a match under what is no id.
    let id: MatchId = match_id.parse().map_err(|_| Refusal::MATCH_OVER)?;
    let room = app.rooms.get(&id).ok_or_else(|| not_here(app, &id))?;
    let at = room.resume(seat, token, listener)?;
    Ok(Place::new(room, at))
}

/// Lets somebody in who shows a ticket.
///
/// # Errors
/// When the ticket is not accepted, and why.
pub async fn admit(
    app: &App,
    ticket: &str,
    listener: &Arc<dyn Listener>,
) -> Result<Place, Refusal> {
    let admitted = try_admit(app, ticket, listener).await;
    if admitted.is_err() {
        app.rooms.counters.tickets_refused.add(1);
    }
    admitted
}

async fn try_admit(
    app: &App,
    ticket: &str,
    listener: &Arc<dyn Listener>,
) -> Result<Place, Refusal> {
    let kid = tickets::kid_of(ticket)?;
    let key = app.keys.get(&kid).await?.ok_or(Refusal::UNKNOWN_KEY)?;
    let claims = tickets::verify(ticket, &key, &app.link.server, SystemTime::now())?;
    if !app.link.lease.is_live() {
        return Err(Refusal::DIRECTORY_AWAY);
    }
    match claims.seat {
        Some(seat) => sit_down(app, seat.into(), claims, listener).await,
        None => watch(app, &claims, listener),
    }
}

/// Takes the seat in the directory, and then here.
async fn sit_down(
    app: &App,
    seat: usize,
    claims: Claims,
    listener: &Arc<dyn Listener>,
) -> Result<Place, Refusal> {
    if app.rooms.get(&claims.id).is_none() {
        // It may have been handed over to this server a moment ago.
        look_for(&claims.id, &app.link, &app.rooms, &app.replica).await?;
        if app.rooms.get(&claims.id).is_none() && app.rooms.is_closed() {
            return Err(Refusal::DRAINING);
        }
        if app.rooms.has_moved(&claims.id) {
            return Err(Refusal::MOVED);
        }
    }
    let claim = director::claim(&app.rooms, &claims.id, seat);
    let (room, _claim) = claim.ok_or(Refusal::SEAT_LOST)?;
    if room.is_over() {
        return Err(Refusal::MATCH_OVER);
    }
    app.link.claim(&claims).await?;
    let sitter = Sitter {
        player: claims.player,
        name: claims.name,
        nonce: claims.nonce,
    };
    // From here on nothing waits, so no report can say that nobody is on the seat.
    // It may be too late for it since the directory was asked. Who has the ticket gets another seat, once the directory has heard of it, too.
    let at = room.sit_down(seat, sitter, listener)?;
    Ok(Place::new(room, at))
}

fn watch(app: &App, claims: &Claims, listener: &Arc<dyn Listener>) -> Result<Place, Refusal> {
    let room = app.rooms.get(&claims.id);
    let room = room.ok_or_else(|| not_here(app, &claims.id))?;
    if room.is_halted() {
        return Err(Refusal::MOVED);
    }
    let at = room.watch(listener);
    Ok(Place::new(room, at))
}

/// Why there is no such match here.
fn not_here(app: &App, id: &MatchId) -> Refusal {
    if app.rooms.has_moved(id) {
        Refusal::MOVED
    } else {
        Refusal::MATCH_OVER
    }
}
