//! What a game server says between its reports: that a seat is free, that a match is over, that all of them are.

use crate::{
    directory::Directory,
    directory_error::DirectoryError,
    ids::{MatchId, ServerId},
    renew::HeldSeat,
    scripts::{FINISH, RELEASE, WITHDRAW},
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
    /// When the directory does not answer.
    pub async fn finish(
        &self,
        server: &ServerId,
        id: &MatchId,
        result: &str,
    ) -> Result<(), DirectoryError> {
        self.run(&FINISH, |call| {
            call.arg(server).arg(id).arg(result);
        })
        .await
    }

    /// Takes a server out of the directory with all its matches. It does not come back.
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
