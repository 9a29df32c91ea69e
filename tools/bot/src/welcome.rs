//! Opens a socket up to the server's welcome, which is the first frame.

use std::time::Duration;

use futures_util::StreamExt;
use protocol::{ParseFrameError, ServerFrame};
use reqwest::StatusCode;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;

use crate::{
    ending::ending,
    session::Session,
    socket::{self, ConnectError, Socket},
};

/// An open socket, and the replica that holds its other end.
#[derive(Debug)]
pub struct Opened {
    /// The socket, of which the first frame has been read.
    pub socket: Socket,
    /// The replica that said welcome.
    pub replica: String,
}

/// Why a socket could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// There is no socket.
    #[error(transparent)]
    Connect(#[from] ConnectError),
    /// The server was too slow.
    #[error("no welcome within {} s", .0.as_secs())]
    TooSlow(Duration),
    /// The server said something else.
    #[error("another frame came before welcome")]
    NotWelcome,
    /// The server said what cannot be read.
    #[error("a frame that is not understood: {0}")]
    NoFrame(ParseFrameError),
    /// The server closed the socket.
    #[error("{0}")]
    Ended(String),
}

impl OpenError {
    /// The status of the server's answer, if it gave one instead of a socket.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        match self {
            OpenError::Connect(ConnectError::Refused { status, .. }) => Some(*status),
            _ => None,
        }
    }
}

/// Opens a socket at `path` and waits for the welcome, both together for `limit` at most.
///
/// # Errors
/// When the server refuses, closes, or says nothing in time.
pub async fn open(session: &Session, path: &str, limit: Duration) -> Result<Opened, OpenError> {
    let opened = timeout(limit, async {
        let stream = socket::connect(session.target.address, None).await?;
        let mut socket = socket::upgrade(stream, session.upgrade(path)).await?;
        let replica = welcome(&mut socket).await?;
        Ok(Opened { socket, replica })
    });
    opened.await.unwrap_or(Err(OpenError::TooSlow(limit)))
}

async fn welcome(socket: &mut Socket) -> Result<String, OpenError> {
    loop {
        match socket.next().await {
            Some(Ok(Message::Text(text))) => {
                return match ServerFrame::parse(&text).map_err(OpenError::NoFrame)? {
                    ServerFrame::Welcome { replica, .. } => Ok(replica.into_owned()),
                    _ => Err(OpenError::NotWelcome),
                };
            }
            frame => {
                if let Some(ending) = ending(frame.as_ref()) {
                    return Err(OpenError::Ended(ending));
                }
            }
        }
    }
}
