//! How a socket ends, in words that can be counted.

use tokio_tungstenite::tungstenite::{self, Message, protocol::CloseFrame};

/// How a socket ends, if this is its end. The code comes first, so that ends can be counted by it.
#[must_use]
pub fn ending(frame: Option<&Result<Message, tungstenite::Error>>) -> Option<String> {
    match frame {
        Some(Ok(Message::Close(frame))) => Some(close_reason(frame.as_ref())),
        Some(Ok(_)) => None,
        Some(Err(error)) => Some(error.to_string()),
        None => Some("closed without a word".to_owned()),
    }
}

fn close_reason(frame: Option<&CloseFrame>) -> String {
    match frame {
        Some(frame) if frame.reason.is_empty() => u16::from(frame.code).to_string(),
        Some(frame) => format!("{} {}", u16::from(frame.code), frame.reason),
        None => "closed without a code".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_close_is_counted_by_its_code() {
        let close = |reason: &'static str| {
            let frame = CloseFrame {
                code: 4001.into(),
                reason: reason.into(),
            };
            ending(Some(&Ok(Message::Close(Some(frame)))))
        };
        assert_eq!(close("").as_deref(), Some("4001"));
        assert_eq!(close("too slow").as_deref(), Some("4001 too slow"));
        let without = ending(Some(&Ok(Message::Close(None))));
        assert_eq!(without.as_deref(), Some("closed without a code"));
        assert_eq!(ending(None).as_deref(), Some("closed without a word"));
        assert_eq!(ending(Some(&Ok(Message::text("hello")))), None);
    }
}
