//! A game server says what it has, and the directory is repaired by that.

use protocol::PlayerId;
use serde::Serialize;

use crate::{
    checkpoint::Checkpoint,
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
    /// The newest version of a checkpoint that it reads, and the one that it writes.
    pub version: u32,
    /// The matches that it has.
    pub matches: Vec<MatchReport>,
}

/// One match of a game server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MatchReport {
    /// Which one.
    pub id: MatchId,
    /// The epoch at which it is this server's: 1 at first.
    pub epoch: u32,
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
    /// Matches of the report that are not this server's any more. They must not be played here, and nobody is told a result of them.
    pub fenced: Vec<MatchId>,
    /// Redis' clock, in milliseconds.
    pub now: u64,
}

impl Directory {
    /// Renews a game server's lease, repairs the directory by what the server has, and keeps these checkpoints of its matches.
    ///
    /// A checkpoint is kept where its match is this server's, at the epoch of the report.
    ///
    /// # Errors
    /// When the directory does not answer.
    pub async fn renew(
        &self,
        report: &Report,
        checkpoints: &[(MatchId, Checkpoint)],
    ) -> Result<Renewed, DirectoryError> {
        let report = serde_json::to_string(report).map_err(|_| DirectoryError::Unreadable)?;
        let (now, evicted, fenced): (u64, Vec<Row>, Vec<String>) = self
            .run(&RENEW, |call| {
                call.arg(report);
                for (id, checkpoint) in checkpoints {
                    call.arg(id).arg(checkpoint.version).arg(checkpoint.tick);
                    call.arg(&checkpoint.bytes[..]);
                }
            })
            .await?;
        let evicted = evicted.into_iter().map(read_seat).collect::<Option<_>>();
        let fenced = fenced.iter().map(|id| id.parse().ok());
        let fenced = fenced.collect::<Option<_>>();
        Ok(Renewed {
            evicted: evicted.ok_or(DirectoryError::Unreadable)?,
            fenced: fenced.ok_or(DirectoryError::Unreadable)?,
            now,
        })
    }
}

/// A seat as a script says it: the match, the seat's number, the player and the nonce.
pub(crate) type Row = (String, u8, String, String);

/// Reads a seat, if it is one.
pub(crate) fn read_seat((id, seat, player, nonce): Row) -> Option<HeldSeat> {
    Some(HeldSeat {
        id: id.parse().ok()?,
        seat,
        player: player.parse().ok()?,
        nonce: nonce.parse().ok()?,
    })
}
