//! A ticket is used: the seat that was held for its player is taken.

use crate::{
    directory::{Directory, HOLD},
    directory_error::DirectoryError,
    ids::ServerId,
    scripts::CLAIM,
    tickets::Claims,
};

/// Why a ticket opens no seat.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ClaimError {
    /// It has opened one.
    #[error("this ticket has been used, or a newer one was given for its seat; ask for another")]
    Used,
    /// The seat was held, and nobody came in time.
    #[error("this ticket is too old, and its seat was held for {}s only; ask for another", HOLD.as_secs())]
    Expired,
    /// The match is on another server.
    #[error("this ticket is for a match on another server")]
    AnotherServer,
    /// The seat or its match is not there any more, or somebody else has it.
    #[error("the seat of this ticket is gone; ask for another")]
    Gone,
    /// The server takes nobody: it is about to end, or the directory counts it as lost.
    #[error("this server takes no players now; ask for a seat on another")]
    Draining,
    /// The directory did not do it.
    #[error(transparent)]
    Directory(#[from] DirectoryError),
}

impl Directory {
    /// Takes the seat of a ticket, which was held until now.
    ///
    /// # Errors
    /// When it is not held for this ticket, or the directory does not answer.
    pub async fn claim(&self, server: &ServerId, ticket: &Claims) -> Result<(), ClaimError> {
        // Whoever only watches has no seat that could be taken.
        let Some(seat) = ticket.seat else {
            return Ok(());
        };
        let claimed: String = self
            .run(&CLAIM, |call| {
                call.arg(server).arg(&ticket.id).arg(seat);
                call.arg(ticket.player.to_string()).arg(ticket.nonce);
                call.arg(ticket.issued_at);
            })
            .await?;
        match claimed.as_str() {
            "taken" => Ok(()),
            "used" => Err(ClaimError::Used),
            "expired" => Err(ClaimError::Expired),
            "another server" => Err(ClaimError::AnotherServer),
            "gone" => Err(ClaimError::Gone),
            "draining" => Err(ClaimError::Draining),
            _ => Err(DirectoryError::Unreadable.into()),
        }
    }
}
