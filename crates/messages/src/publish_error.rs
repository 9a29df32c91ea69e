//! Why a message was not published.

use std::time::Duration;

use redis::{ErrorKind, RedisError, ServerErrorKind};

/// Why a message was not published.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PublishError {
    /// Redis did not answer, so nobody knows. Sent again under its key, the message is said once.
    #[error(
        "nobody confirmed this message, so it was most likely not sent; send it again under the same ref or key, \
         and it is said once"
    )]
    NoAnswer,
    /// The sender has said too much, and can go on after this time.
    #[error("this is more than may be said at once, so this message was not sent; wait a little")]
    TooMany(Duration),
    /// Redis is at its memory limit.
    #[error("the history is full, so this message was not sent; try again later")]
    Full,
    /// Redis has started, and still reads the history from its disk.
    #[error("the history is still being read, so this message was not sent; try again in a moment")]
    Loading,
    /// Redis takes nothing: its disk is full or broken, or it was told not to.
    #[error("the history cannot be written now, so this message was not sent; try again later")]
    Unwritable,
    /// Its key is that of another message.
    #[error("this key was used for another message; give each message one of its own")]
    KeyUsed,
}

impl From<&RedisError> for PublishError {
    /// An error that Redis itself answers means that nothing was done. With any other, the answer may have been lost
    /// after it was.
    fn from(error: &RedisError) -> PublishError {
        match (error.kind(), error.code()) {
            (_, Some("OOM")) => PublishError::Full,
            (ErrorKind::Server(ServerErrorKind::BusyLoading), _) => PublishError::Loading,
            (ErrorKind::Server(_) | ErrorKind::Extension, _) => PublishError::Unwritable,
            _ => PublishError::NoAnswer,
        }
    }
}

#[cfg(test)]
mod tests {
    use redis::make_extension_error;

    use super::*;

    #[test]
    fn what_redis_refuses_is_told_from_what_it_does_not_answer() {
        let refused = |code: &str| make_extension_error(code.to_owned(), None);
        for (error, expected) in [
            (refused("OOM"), PublishError::Full),
            (refused("MISCONF"), PublishError::Unwritable),
            (
                (ErrorKind::Server(ServerErrorKind::ReadOnly), "").into(),
                PublishError::Unwritable,
            ),
            (
                (ErrorKind::Server(ServerErrorKind::BusyLoading), "").into(),
                PublishError::Loading,
            ),
            (
                std::io::Error::from(std::io::ErrorKind::BrokenPipe).into(),
                PublishError::NoAnswer,
            ),
        ] {
            assert_eq!(PublishError::from(&error), expected, "{error}");
        }
    }
}
