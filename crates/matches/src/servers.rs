//! What a game server says between its reports: that a seat is free, that a match is over, that all of them are.

use crate::{
    directory::Directory,
    directory_error::DirectoryError,
    ids::{MatchId, ServerId},
    renew::HeldSeat,
    scripts::{FINISH, RELEASE, WITHDRAW},
    takeover::Finished,
};

impl Directory {
    /// Gives up a seat whose player has gone, or whose goat is `out` for good; nobody gets such a seat.
    ///
    /// # Errors
    /// When the directory does not answer.
    pub async fn release(
        &self,
        server: &ServerId,
        seat: &HeldSeat,
        out: bool,
    ) -> Result<(), DirectoryError> {
        self.run(&RELEASE, |call| {
            call.arg(server).arg(&seat.id).arg(seat.seat);
            call.arg(seat.player.to_string()).arg(seat.nonce).arg(out);
        })
        .await
    }

    /// Ends a match: its seats are free, its party is dissolved, and its result, in JSON, is recorded once.
    ///
    /// # Errors
    /// When the directory does not answer. To ask again gives the same answer.
    pub async fn finish(
        &self,
        server: &ServerId,
        id: &MatchId,
        epoch: u32,
        result: &str,
    ) -> Result<Finished, DirectoryError> {
        let is_recorded: bool = self
            .run(&FINISH, |call| {
                call.arg(server).arg(id).arg(epoch).arg(result);
            })
            .await?;
        Ok(if is_recorded {
            Finished::Recorded
        } else {
            Finished::Fenced
        })
    }

    /// Takes a server out of the directory with all its matches. It does not come back. What was handed over to it and not taken up yet
    /// waits for another server.
    ///
    /// # Errors
    /// When the directory does not answer.
    pub async fn withdraw(&self, server: &ServerId) -> Result<(), DirectoryError> {
        self.run(&WITHDRAW, |call| {
            call.arg(server);
        })
        .await
    }
}
