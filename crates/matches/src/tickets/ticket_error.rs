//! Why a ticket is not accepted.

/// Why a ticket is not accepted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TicketError {
    /// It cannot be read.
    #[error("this is no ticket; POST /api/play gives one")]
    Malformed,
    /// Nobody who may has signed it, or it was changed afterwards.
    #[error(
        "this ticket's signature is not that of a web server here; POST /api/play gives another"
    )]
    Signature,
    /// It is for another server.
    #[error("this ticket is for another server; open the path that was given with it")]
    AnotherServer,
    /// By this server's clock it is not from now.
    #[error(
        "by this server's clock this ticket {0}; POST /api/play gives another, and if that does not help, set the clocks of the \
         servers right"
    )]
    Clock(String),
}
