//! A match goes on on another server: its own was lost, or has handed it over. With each report a server tells how its matches stand exactly,
//! so that others can do so.
//!
//! Whose a match is, is said by a server and an *epoch*, which grows whenever the match goes to another server. Whoever names an older
//! epoch is *fenced*: it has had the match, and has it no more.

use crate::{
    checkpoint::Checkpoint,
    directory::Directory,
    directory_error::DirectoryError,
    ids::{MatchId, ServerId},
    renew::{HeldSeat, read_seat},
    scripts::{GIVE_UP, HAND_OVER, TAKE_OVER},
};

/// A match that a server has to go on with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TakenOver {
    /// Which one.
    pub id: MatchId,
    /// The epoch at which it is this server's.
    pub epoch: u32,
    /// Where it goes on.
    pub checkpoint: Checkpoint,
    /// The seats that players sit in. The checkpoint may be older, and say otherwise.
    pub seats: Vec<HeldSeat>,
    /// The seats whose goats have no lives left.
    pub out: Vec<u8>,
    /// Whether the server before has stopped it at exactly this tick. Otherwise that was lost, and may have been some ticks further.
    pub is_handed_over: bool,
}

/// What has become of a match that was handed over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HandedOver {
    /// It is that server's.
    To(ServerId),
    /// No server has room for it, or can read it. The first that has and can takes it over.
    Waiting,
    /// It was not this server's any more.
    Fenced,
}

/// Whether the end of a match was recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finished {
    /// This server's result is the match's.
    Recorded,
    /// The match was not this server's any more, and nobody may be told this result.
    Fenced,
}

impl Directory {
    /// Gives a server matches to go on with: those that are its own already, because they were handed over to it or an answer was lost,
    /// and at most `room` of those that have no server. None if the server is not ready.
    ///
    /// A match is given again until the server reports it, so the server may have it already. For some seconds after the directory was
    /// away, none is taken from a server: each may say first what it has.
    ///
    /// # Errors
    /// When the directory does not answer.
    pub async fn take_over(
        &self,
        server: &ServerId,
        version: u32,
        room: u32,
    ) -> Result<Vec<TakenOver>, DirectoryError> {
        let taken: Vec<Row> = self
            .run(&TAKE_OVER, |call| {
                call.arg(server).arg(version).arg(room);
            })
            .await?;
        let taken = taken.into_iter().map(read);
        taken
            .collect::<Option<_>>()
            .ok_or(DirectoryError::Unreadable)
    }

    /// Hands a match over to the fullest server that has room for it. It must not be played here from before this was asked.
    ///
    /// # Errors
    /// When the directory does not answer. To ask again gives the same answer.
    pub async fn hand_over(
        &self,
        server: &ServerId,
        id: &MatchId,
        epoch: u32,
        checkpoint: &Checkpoint,
    ) -> Result<HandedOver, DirectoryError> {
        let (what, to): (String, String) = self
            .run(&HAND_OVER, |call| {
                call.arg(server).arg(id).arg(epoch);
                call.arg(checkpoint.version).arg(checkpoint.tick);
                call.arg(&checkpoint.bytes[..]);
            })
            .await?;
        match what.as_str() {
            "to" => {
                let to = to.parse().map_err(|_| DirectoryError::Unreadable)?;
                Ok(HandedOver::To(to))
            }
            "waiting" => Ok(HandedOver::Waiting),
            "fenced" => Ok(HandedOver::Fenced),
            _ => Err(DirectoryError::Unreadable),
        }
    }

    /// Ends a match that cannot be gone on with, and says so in its result. Its checkpoint is set aside for a day, with the reason.
    ///
    /// # Errors
    /// When the directory does not answer.
    pub async fn give_up(
        &self,
        server: &ServerId,
        id: &MatchId,
        epoch: u32,
        why: &str,
    ) -> Result<(), DirectoryError> {
        self.run(&GIVE_UP, |call| {
            call.arg(server).arg(id).arg(epoch).arg(why);
        })
        .await
    }
}

/// A match as the script says it: its id and epoch; the version, the tick and the bytes of its checkpoint; of each seat its number, the
/// player and the nonce; which seats are out; and whether it was handed over.
type Row = (
    String,
    u32,
    u32,
    u32,
    Vec<u8>,
    Vec<(u8, String, String)>,
    Vec<u8>,
    bool,
);

fn read((id, epoch, version, tick, bytes, seats, out, is_handed_over): Row) -> Option<TakenOver> {
    let seats = seats
        .into_iter()
        .map(|(seat, player, nonce)| read_seat((id.clone(), seat, player, nonce)));
    Some(TakenOver {
        seats: seats.collect::<Option<_>>()?,
        id: id.parse().ok()?,
        epoch,
        checkpoint: Checkpoint {
            version,
            tick,
            bytes,
        },
        out,
        is_handed_over,
    })
}
