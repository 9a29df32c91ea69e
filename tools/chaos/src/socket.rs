//! Opens a WebSocket through Traefik.

use std::time::Duration;

use futures_util::StreamExt;
use load::Session;
use tokio::{net::TcpStream, time::timeout};
use tokio_tungstenite::{
    WebSocketStream, client_async_with_config,
    tungstenite::{
        self, ClientRequestBuilder, Message,
        protocol::{CloseFrame, WebSocketConfig},
    },
};

use crate::wire::Frame;

/// How long an opening may take, from the first packet to the server's welcome.
const OPENED_WITHIN: Duration = Duration::from_secs(5);

/// Bytes that each socket reads into. The library's default is 128 KiB.
const BUFFER: usize = 4 * 1024;

/// A client's side of a WebSocket.
pub type Socket = WebSocketStream<TcpStream>;

/// Why a socket could not be opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The answer's status, if there was an answer.
    pub status: Option<u16>,
    /// In words.
    pub reason: String,
}

impl Refusal {
    fn of(reason: impl ToString) -> Refusal {
        Refusal {
            status: None,
            reason: reason.to_string(),
        }
    }
}

/// Opens `path` and waits for the welcome, which is the first frame. Gives the replica that said it, too.
///
/// # Errors
/// When the server refuses, closes, or says nothing for five seconds.
pub async fn open(session: &Session, path: &str) -> Result<(Socket, String), Refusal> {
    let opening = async {
        let mut socket = connect(session, path).await?;
        let replica = welcome(&mut socket).await?;
        Ok((socket, replica))
    };
    let opened = timeout(OPENED_WITHIN, opening).await;
    opened.unwrap_or_else(|_| Err(Refusal::of("no welcome within 5 s")))
}

async fn connect(session: &Session, path: &str) -> Result<Socket, Refusal> {
    let target = &session.target;
    let stream = TcpStream::connect(target.address).await;
    let stream = stream.map_err(Refusal::of)?;
    stream.set_nodelay(true).map_err(Refusal::of)?;
    let uri = format!("ws://{}{path}", target.host).parse();
    let uri = uri.map_err(|error| Refusal::of(format!("no address of a socket: {error}")))?;
    let request = ClientRequestBuilder::new(uri).with_header("Cookie", &session.cookie);
    let config = WebSocketConfig::default()
        .read_buffer_size(BUFFER)
        .write_buffer_size(0);
    match client_async_with_config(request, stream, Some(config)).await {
        Ok((socket, _)) => Ok(socket),
        Err(tungstenite::Error::Http(answer)) => Err(Refusal {
            status: Some(answer.status().as_u16()),
            reason: answer.status().to_string(),
        }),
        Err(error) => Err(Refusal::of(error)),
    }
}

async fn welcome(socket: &mut Socket) -> Result<String, Refusal> {
    loop {
        match socket.next().await {
            Some(Ok(Message::Text(text))) => {
                let frame: Frame<'_> = serde_json::from_str(&text)
                    .map_err(|error| Refusal::of(format!("a frame that is no JSON: {error}")))?;
                if frame.kind == "welcome" {
                    return Ok(frame.replica.unwrap_or_default().into_owned());
                }
                return Err(Refusal::of(format!("{} came before welcome", frame.kind)));
            }
            frame => {
                if let Some(reason) = end(frame.as_ref()) {
                    return Err(Refusal::of(reason));
                }
            }
        }
    }
}

/// How a socket ends, if this ends it. The code comes first, so that ends can be counted by it.
#[must_use]
pub fn end(frame: Option<&Result<Message, tungstenite::Error>>) -> Option<String> {
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
