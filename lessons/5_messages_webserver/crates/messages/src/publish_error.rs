//! Why a message was not published.

/// Why a message was not published.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PublishError {
    /// Redis is away, or has only just come back. Nothing was sent.
    #[error("messages cannot be passed on now, so this one was not sent; try again in a moment")]
    Away,
    /// Redis did not answer. Most likely nothing was sent, but nobody can know.
    #[error(
        "nobody confirmed this message, so it was most likely not sent; look before you try again"
    )]
    NoAnswer,
}
