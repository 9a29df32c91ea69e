//! A game server says what it has, and the directory is repaired by that.

use protocol::PlayerId;
use serde::Serialize;

use crate::{
    directory::Directory,
    directory_error::DirectoryError,
    fleet::ServerState,
    ids::{MatchId, Nonce, ServerId},
    scripts::RENEW,
};

/// All that a game server has. It is told every half second.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Which server.
    pub server: ServerId,
    /// What it is doing: starting, ready or draining.
    pub state: ServerState,
    /// How many matches it has room for.
    pub capacity: u32,
    /// How many seats each has.
    pub seats: u8,
    /// The matches that it has.
    pub matches: Vec<MatchReport>,
}

/// One match of a game server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MatchReport {
    /// Which one.
    pub id: MatchId,
    /// Whether somebody may still enter it.
    pub open: bool,
    /// The seats that somebody sits in.
    pub taken: Vec<HeldSeat>,
    /// The seats for which a claim is under way.
    pub claiming: Vec<u8>,
    /// The seats whose goats have no lives left.
    pub out: Vec<u8>,
}

/// A seat that somebody sits in.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct HeldSeat {
    /// In which match.
    pub id: MatchId,
    /// Which one.
    pub seat: u8,
    /// Whose it is.
    pub player: PlayerId,
    /// Under which nonce it was taken.
    pub nonce: Nonce,
}

/// What the directory answers to a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Renewed {
    /// Seats whose players must go: they have pressed Leave, or sit elsewhere by now. Whoever has come into the seat under another nonce
    /// since is not meant.
    pub evicted: Vec<HeldSeat>,
    /// Redis' clock, in milliseconds.
    pub now: u64,
}

impl Directory {
    /// Renews a game server's lease, and repairs the directory by what the server has.
    ///
    /// # Errors
    /// When the directory does not answer.
    pub async fn renew(&self, report: &Report) -> Result<Renewed, DirectoryError> {
        let report = serde_json::to_string(report).map_err(|_| DirectoryError::Unreadable)?;
        let (now, evicted): (u64, Vec<Evicted>) = self
            .run(&RENEW, |call| {
                call.arg(report);
            })
            .await?;
        let evicted = evicted.into_iter().map(read);
        let evicted = evicted.collect::<Option<_>>();
        let evicted = evicted.ok_or(DirectoryError::Unreadable)?;
        Ok(Renewed { evicted, now })
    }
}

/// A seat as the script says it: the match, the seat's number, the player and the nonce.
type Evicted = (String, u8, String, String);

fn read((id, seat, player, nonce): Evicted) -> Option<HeldSeat> {
    Some(HeldSeat {
        id: id.parse().ok()?,
        seat,
        player: player.parse().ok()?,
        nonce: nonce.parse().ok()?,
    })
}
