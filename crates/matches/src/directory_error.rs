//! Why the directory did not do what it was asked for.

use redis::{ErrorKind, RedisError};

/// Why the directory did not do what it was asked for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DirectoryError {
    /// Redis did not answer, so nobody knows whether it was done. Everything may be asked again.
    #[error("the directory of game servers does not answer; try again in a moment")]
    NoAnswer,
    /// Redis is at its memory limit.
    #[error("the directory of game servers is full; try again later")]
    Full,
    /// Redis has answered that it does not do it, and why.
    #[error("the directory of game servers refuses this: {0}")]
    Refused(String),
    /// What stands there is nothing that this build knows.
    #[error("the directory of game servers says what this build does not understand")]
    Unreadable,
}

impl From<RedisError> for DirectoryError {
    fn from(error: RedisError) -> DirectoryError {
        match (error.kind(), error.code()) {
            (_, Some("OOM")) => DirectoryError::Full,
            (ErrorKind::Server(_) | ErrorKind::Extension, _) => {
                DirectoryError::Refused(error.to_string())
            }
            _ => DirectoryError::NoAnswer,
        }
    }
}

#[cfg(test)]
mod tests {
    use redis::make_extension_error;

    use super::*;

    #[test]
    fn what_redis_refuses_is_told_from_what_it_does_not_answer() {
        let full = make_extension_error("OOM".to_owned(), None);
        assert_eq!(DirectoryError::from(full), DirectoryError::Full);
        let refused = make_extension_error("MISCONF".to_owned(), None);
        let refused = DirectoryError::from(refused);
        assert!(matches!(refused, DirectoryError::Refused(_)), "{refused:?}");
        let lost = std::io::Error::from(std::io::ErrorKind::BrokenPipe);
        assert_eq!(
            DirectoryError::from(RedisError::from(lost)),
            DirectoryError::NoAnswer
        );
    }
}
