//! The clients of a run, each a task that holds a socket.

use std::{sync::Arc, time::Duration};

use bot::{Socket, ending::ending};
use futures_util::{SinkExt, StreamExt};
use tokio::{
    sync::{mpsc, watch},
    time::timeout,
};
use tokio_tungstenite::tungstenite::Message;

use crate::state::Shared;

/// How long the server may take to answer our close, at the end.
const CLOSED_WITHIN: Duration = Duration::from_secs(2);

/// How long a server is given to go on sending to a client that begins to read at last.
const SILENCE: Duration = Duration::from_secs(3);

/// What ends the clients: the other side is dropped, or sends something.
pub type Stop = watch::Receiver<()>;

/// Reads and checks all that comes, and sends what comes out of `texts`.
pub async fn check(
    index: u32,
    mut socket: Socket,
    mut texts: mpsc::UnboundedReceiver<String>,
    shared: Arc<Shared>,
    mut stop: Stop,
) {
    let mut unanswered = 0;
    let mut sends = true;
    let reason = loop {
        tokio::select! {
            frame = socket.next() => match frame {
                Some(Ok(Message::Text(text))) => {
                    unanswered -= shared.received(index, &text).min(unanswered);
                }
                frame => if let Some(reason) = ending(frame.as_ref()) { break reason },
            },
            text = texts.recv(), if sends => match text {
                Some(text) => {
                    unanswered += 1;
                    if let Err(error) = socket.send(Message::text(text)).await {
                        break error.to_string();
                    }
                }
                None => sends = false,
            },
            _ = stop.changed() => return leave(socket).await,
        }
    };
    let mut state = shared.state();
    state.ledger.close(index as usize);
    *state.closes.entry(reason).or_default() += 1;
    // Nobody will answer these any more, also those that were not handed to the socket yet.
    texts.close();
    while texts.try_recv().is_ok() {
        unanswered += 1;
    }
    state.abandoned += unanswered as u64;
}

/// Holds a socket and looks at nothing that comes.
pub async fn idle(mut socket: Socket, shared: Arc<Shared>, mut stop: Stop) {
    let reason = loop {
        tokio::select! {
            frame = socket.next() => if let Some(reason) = ending(frame.as_ref()) { break reason },
            _ = stop.changed() => return leave(socket).await,
        }
    };
    *shared.state().closes.entry(reason).or_default() += 1;
}

/// Reads at last what has come for a client that never read, and says how its socket ended.
pub async fn how_it_ended(mut socket: Socket) -> String {
    loop {
        match timeout(SILENCE, socket.next()).await {
            Ok(frame) => {
                if let Some(reason) = ending(frame.as_ref()) {
                    return reason;
                }
            }
            Err(_) => return STILL_OPEN.to_owned(),
        }
    }
}

/// How a slow client's socket ended that the server did not end.
pub const STILL_OPEN: &str = "still open";

async fn leave(mut socket: Socket) {
    let closing = async {
        if socket.close(None).await.is_ok() {
            while let Some(Ok(_)) = socket.next().await {}
        }
    };
    // A server that does not answer has been measured already.
    let _ = timeout(CLOSED_WITHIN, closing).await;
}
