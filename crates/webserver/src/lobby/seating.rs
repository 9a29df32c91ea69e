//! Who is seated when somebody presses *Play*.

use matches::{Allocation, Ask, PartyCode, Seat};
use protocol::PlayerId;
use service::ApiError;
use tracing::error;

use crate::{
    app::App,
    lobby::refusals::{broken, in_party, not_in_party, party_dissolved, refused, unavailable},
};

/// A seat for one player, who is in no party: else friends who wait for each other would be torn apart by a second tab. Whoever sits in a match
/// without the party gets that seat again, because the match may have moved to another server since.
///
/// # Errors
/// When the player is in one, or there is no seat.
pub async fn seat_alone(app: &App, player: PlayerId) -> Result<Allocation, ApiError> {
    let directory = &app.lobby.directory;
    let (party, own) = tokio::try_join!(directory.party_of(player), directory.seat_of(player))
        .map_err(|error| unavailable(&error))?;
    if let Some(party) = party {
        let sits_apart = |own: Seat| own.taken && Some(&own.id) != party.id.as_ref();
        if !own.is_some_and(sits_apart) {
            return Err(in_party());
        }
    }
    seat(app, vec![player], None).await
}

/// Seats for all of a party who have none yet, and the seat of the one who asks.
///
/// There is no leader. Whoever asks first seats all, and the others get their own tickets by asking the same.
///
/// # Errors
/// When the player is not in it, or there are no seats for all.
pub async fn seat_party(
    app: &App,
    player: PlayerId,
    code: PartyCode,
) -> Result<Allocation, ApiError> {
    let directory = &app.lobby.directory;
    let (party, own) = tokio::try_join!(directory.party_of(player), directory.seat_of(player))
        .map_err(|error| unavailable(&error))?;
    let party = party.ok_or_else(party_dissolved)?;
    if party.code != code {
        return Err(not_in_party());
    }
    let is_there = own
        .as_ref()
        .is_some_and(|own| Some(&own.id) == party.id.as_ref());
    // A seat elsewhere in which nobody has arrived yet is none that one would miss. From one that is played nobody is torn away.
    if own.is_some_and(|own| !own.taken) && !is_there {
        let left = directory.leave(player).await;
        left.map_err(|error| unavailable(&error))?;
    }
    let mut players = vec![player];
    // Whoever has a seat already gets it again, whether or not there is room for those who have come since.
    if !is_there {
        let members = party.members.iter().map(|member| member.player);
        players.extend(members.filter(|member| *member != player));
    }
    seat(app, players, Some(code)).await
}

/// Seats for these, of whom the first is the one who asks, and gets the answer.
async fn seat(
    app: &App,
    players: Vec<PlayerId>,
    party: Option<PartyCode>,
) -> Result<Allocation, ApiError> {
    let asker = players[0];
    let ask = Ask {
        players,
        party,
        placement: app.lobby.placement.into(),
    };
    let seated = app.lobby.directory.allocate(&ask).await;
    let seated = seated.map_err(|error| refused(error, asker))?;
    let own = seated.into_iter().find(|seat| seat.player == asker);
    own.ok_or_else(|| {
        error!("seats were given, and none of them to the one who asked");
        broken()
    })
}
