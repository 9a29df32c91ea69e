use std::fmt;

use redis::{ErrorKind, RedisError, ServerErrorKind};

/// Why a message was not published.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotSent {
    /// Redis did not answer, so nobody knows. Sent again under its key, the message is said once.
    NoAnswer,
    /// Redis is at its memory limit.
    Full,
    /// Redis has started, and still reads the history from its disk.
    Loading,
    /// Redis takes nothing: its disk is full or broken, or it was told not to.
    Unwritable,
    /// Its key is that of another message.
    KeyUsed,
}

impl fmt::Display for NotSent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            NotSent::NoAnswer => {
                "nobody confirmed this message, so it was most likely not sent; send it again under the same ref or key, \
                 and it is said once"
            }
            NotSent::Full => {
                "the history is full, so this message was not sent; try again later"
            }
            NotSent::Loading => {
                "the history is still being read, so this message was not sent; try again in a moment"
            }
            NotSent::Unwritable => {
                "the history cannot be written now, so this message was not sent; try again later"
            }
            NotSent::KeyUsed => {
                "this ref was used for another message; give each message one of its own"
            }
        })
    }
}

impl std::error::Error for NotSent {}

impl From<&RedisError> for NotSent {
    /// An error that Redis itself answers means that nothing was done. With any other, the answer may have been lost
    /// after it was.
    fn from(error: &RedisError) -> NotSent {
        match (error.kind(), error.code()) {
            (_, Some("OOM")) => NotSent::Full,
            (ErrorKind::Server(ServerErrorKind::BusyLoading), _) => NotSent::Loading,
            (ErrorKind::Server(_) | ErrorKind::Extension, _) => NotSent::Unwritable,
            _ => NotSent::NoAnswer,
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
            (refused("OOM"), NotSent::Full),
            (refused("MISCONF"), NotSent::Unwritable),
            (
                (ErrorKind::Server(ServerErrorKind::ReadOnly), "").into(),
                NotSent::Unwritable,
            ),
            (
                (ErrorKind::Server(ServerErrorKind::BusyLoading), "").into(),
                NotSent::Loading,
            ),
            (
                std::io::Error::from(std::io::ErrorKind::BrokenPipe).into(),
                NotSent::NoAnswer,
            ),
        ] {
            assert_eq!(NotSent::from(&error), expected, "{error}");
        }
    }
}
