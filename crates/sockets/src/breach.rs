//! How a client may break the rules of WebSockets, and what it is told then.

use protocol::CloseReason;
use tokio_tungstenite::tungstenite::{Error, error::ProtocolError};

use crate::outbound::SocketError;

/// Why a socket ends from which nothing can be read any more. Whoever broke a rule is told which kind it was, as RFC 6455 wants it;
/// whoever just vanished is gone.
pub(crate) fn reason(error: axum::Error) -> SocketError {
    let Ok(error) = error.into_inner().downcast::<Error>() else {
        return SocketError::Gone;
    };
    match *error {
        Error::Protocol(ProtocolError::ResetWithoutClosingHandshake) => SocketError::Gone,
        Error::Protocol(_) => CloseReason::ProtocolError.into(),
        Error::Capacity(_) => CloseReason::TooLarge.into(),
        Error::Utf8(_) => CloseReason::NotText.into(),
        _ => SocketError::Gone,
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use tokio_tungstenite::tungstenite::error::CapacityError;

    use super::*;

    #[test]
    fn whoever_breaks_a_rule_is_told_which() {
        let of = |error: Error| reason(axum::Error::new(error));
        let reset = ProtocolError::ResetWithoutClosingHandshake;
        assert_eq!(of(Error::Protocol(reset)), SocketError::Gone);
        assert_eq!(
            of(io::Error::from(io::ErrorKind::BrokenPipe).into()),
            SocketError::Gone
        );
        let rule = ProtocolError::NonZeroReservedBits;
        assert_eq!(of(Error::Protocol(rule)), CloseReason::ProtocolError.into());
        assert_eq!(of(Error::Utf8(String::new())), CloseReason::NotText.into());
        let size = CapacityError::MessageTooLong {
            size: 2,
            max_size: 1,
        };
        assert_eq!(of(Error::Capacity(size)), CloseReason::TooLarge.into());
    }
}
