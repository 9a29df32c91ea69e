//! The seat of one player, and where others may watch.

use protocol::PlayerId;

use crate::{
    directory::Directory,
    directory_error::DirectoryError,
    ids::{MatchId, ServerId},
    scripts::{LEAVE, SEAT_OF, WATCHABLE},
};

/// A match that may be watched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// On which server.
    pub server: ServerId,
    /// Which one.
    pub id: MatchId,
    /// When that was found, in seconds by Redis' clock.
    pub now: u64,
}

/// Where a player sits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seat {
    /// On which server.
    pub server: ServerId,
    /// In which match.
    pub id: MatchId,
    /// Which one.
    pub seat: u8,
    /// Whether the player has come. Until then it is held.
    pub taken: bool,
}

impl Directory {
    /// The match that has the most players, if there is one that is played.
    ///
    /// # Errors
    /// When the directory does not answer.
    pub async fn watchable(&self) -> Result<Option<Place>, DirectoryError> {
        let place: Option<(String, String, u64)> = self.run(&WATCHABLE, |_| ()).await?;
        let place = place.map(|(server, id, now)| {
            let (server, id) = (server.parse().ok()?, id.parse().ok()?);
            Some(Place { server, id, now })
        });
        let place = place.map(|place| place.ok_or(DirectoryError::Unreadable));
        place.transpose()
    }

    /// The seat of a player, if the server's lease runs.
    ///
    /// # Errors
    /// When the directory does not answer.
    pub async fn seat_of(&self, player: PlayerId) -> Result<Option<Seat>, DirectoryError> {
        let seat: Option<(String, String, u8, String)> = self
            .run(&SEAT_OF, |call| {
                call.arg(player.to_string());
            })
            .await?;
        let seat = seat.map(|(server, id, seat, kind)| {
            let (server, id) = (server.parse().ok()?, id.parse().ok()?);
            let taken = kind == "taken";
            Some(Seat {
                server,
                id,
                seat,
                taken,
            })
        });
        let seat = seat.map(|seat| seat.ok_or(DirectoryError::Unreadable));
        seat.transpose()
    }

    /// Gives the seat of a player up, if there is one, and their place in line. Whoever sits there is evicted with the server's next report.
    ///
    /// # Errors
    /// When the directory does not answer.
    pub async fn leave(&self, player: PlayerId) -> Result<(), DirectoryError> {
        self.run(&LEAVE, |call| {
            call.arg(player.to_string());
        })
        .await
    }
}
