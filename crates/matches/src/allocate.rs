//! Seats are given to a group: to all of it, in one match, or to nobody.

use std::time::Duration;

use protocol::PlayerId;

use crate::{
    directory::Directory,
    directory_error::DirectoryError,
    ids::{MatchId, Nonce, PartyCode, ServerId},
    scripts::ALLOCATE,
};

/// When to ask again. A place in line is kept for five seconds.
const RETRY_AFTER: Duration = Duration::from_secs(1);

/// When to ask again for a seat in a match that is moving. That takes some hundred milliseconds when it is handed over.
const MOVED_WITHIN: Duration = Duration::from_millis(250);

/// Who asks for seats.
#[derive(Clone, Debug)]
pub struct Ask {
    /// The group: 1 to 8 players, of whom the **first** is the one who asks.
    ///
    /// Whoever of the others has a seat in the match already keeps it as it is, and the ticket for it stays good.
    pub players: Vec<PlayerId>,
    /// Their party, if they are one. They are led into its match, and it is remembered which one that is.
    pub party: Option<PartyCode>,
    /// Where a new match is put.
    pub placement: Placement,
}

/// On which server a new match is put.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Placement {
    /// On the fullest that has room. So servers become empty, and can be stopped.
    #[default]
    Packed,
    /// On the emptiest. So a server that is lost takes few matches along.
    Spread,
}

/// The seat of one player.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allocation {
    /// Whose it is.
    pub player: PlayerId,
    /// On which server.
    pub server: ServerId,
    /// In which match.
    pub id: MatchId,
    /// Which one.
    pub seat: u8,
    /// Under which nonce it is held. The ticket has the same.
    pub nonce: Nonce,
    /// When it was given, in seconds by Redis' clock.
    pub issued_at: u64,
}

/// Why there are no seats for a group.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AllocateError {
    /// No match has so many free seats, and no server has room for a new one. The group is in line now, as long as it asks again.
    #[error("every game server is full; you are in line, so ask again in a moment")]
    Full {
        /// When to ask again.
        retry_after: Duration,
    },
    /// No game server is ready. The group is in line now, as long as it asks again.
    #[error("no game server is ready; ask again in a moment")]
    NoServers {
        /// When to ask again.
        retry_after: Duration,
    },
    /// The match in which they sit has no server at the moment, or one that takes nobody new. It will have another in a moment.
    #[error("your match is moving to another game server; ask again in a moment")]
    Moving {
        /// When to ask again.
        retry_after: Duration,
    },
    /// The match of the party has no seats for those who ask.
    #[error("the match of your party takes nobody more; wait until it is over, or play alone")]
    PartyMatchFull,
    /// There is no such party any more.
    #[error("this party is dissolved; a party ends with its match")]
    PartyDissolved,
    /// This player of the group sits in another match.
    #[error("somebody of the group plays in another match, and must leave it first")]
    Playing(PlayerId),
    /// The directory did not do it.
    #[error(transparent)]
    Directory(#[from] DirectoryError),
}

impl Directory {
    /// Gives seats to a group: to all of it, in one match, or to nobody.
    ///
    /// Whoever has a seat already, and asks again, gets the same one under a new nonce.
    ///
    /// # Errors
    /// When there are no seats for it, or the directory does not answer.
    pub async fn allocate(&self, ask: &Ask) -> Result<Vec<Allocation>, AllocateError> {
        if ask.players.is_empty() {
            return Ok(Vec::new());
        }
        let placement = match ask.placement {
            Placement::Packed => "packed",
            Placement::Spread => "spread",
        };
        let party = ask.party.as_ref().map_or("", PartyCode::bare);
        let (what, detail, given): (String, String, Vec<Given>) = self
            .run(&ALLOCATE, |call| {
                call.arg(placement).arg(party).arg(MatchId::random());
                for player in &ask.players {
                    call.arg(player.to_string()).arg(Nonce::random());
                }
            })
            .await?;
        let unreadable = || AllocateError::Directory(DirectoryError::Unreadable);
        match what.as_str() {
            "seated" => {
                let issued_at = detail.parse().map_err(|_| unreadable())?;
                let given = given.into_iter().map(|given| read(given, issued_at));
                given.collect::<Option<_>>().ok_or_else(unreadable)
            }
            "full" => Err(AllocateError::Full {
                retry_after: RETRY_AFTER,
            }),
            "no servers" => Err(AllocateError::NoServers {
                retry_after: RETRY_AFTER,
            }),
            "moving" => Err(AllocateError::Moving {
                retry_after: MOVED_WITHIN,
            }),
            "party full" => Err(AllocateError::PartyMatchFull),
            "dissolved" => Err(AllocateError::PartyDissolved),
            "playing" => Err(detail
                .parse()
                .map_or_else(|_| unreadable(), AllocateError::Playing)),
            _ => Err(unreadable()),
        }
    }
}

/// A seat as the script says it: the player, the server, the match, the seat's number, and the nonce.
type Given = (String, String, String, u8, String);

fn read((player, server, id, seat, nonce): Given, issued_at: u64) -> Option<Allocation> {
    Some(Allocation {
        player: player.parse().ok()?,
        server: server.parse().ok()?,
        id: id.parse().ok()?,
        seat,
        nonce: nonce.parse().ok()?,
        issued_at,
    })
}
