//! Opens a WebSocket in somebody's name. Nothing here knows what is said over it.

use std::{io, net::SocketAddr};

use reqwest::StatusCode;
use tokio::net::{TcpSocket, TcpStream};
use tokio_tungstenite::{
    WebSocketStream, client_async_with_config,
    tungstenite::{self, ClientRequestBuilder, http, protocol::WebSocketConfig},
};

/// Bytes that each socket reads into. The library's default of 128 KiB would be 1.3 GB for 10,000 sockets.
const BUFFER: usize = 4 * 1024;

/// A client's side of a WebSocket.
pub type Socket = WebSocketStream<TcpStream>;

/// The request that turns a connection into a WebSocket.
#[derive(Clone, Copy, Debug)]
pub struct Upgrade<'a> {
    /// What the `Host` header says.
    pub host: &'a str,
    /// The path, with its query.
    pub path: &'a str,
    /// The `Cookie` header.
    pub cookie: &'a str,
}

/// Why there is no WebSocket.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// There is no connection.
    #[error("cannot connect to {address}: {reason}")]
    Connection {
        /// Who was called.
        address: SocketAddr,
        /// What the system says.
        reason: io::Error,
    },
    /// The host and the path are no URL.
    #[error("not a host: {0}")]
    Host(http::uri::InvalidUri),
    /// The server answered the request, and not with a WebSocket.
    #[error("{status} {body}")]
    Refused {
        /// The answer's status.
        status: StatusCode,
        /// The answer's body.
        body: String,
    },
    /// The connection was lost, or the answer is not one of WebSockets.
    #[error("{0}")]
    Protocol(Box<tungstenite::Error>),
}

/// Connects to an address. `receive_buffer` is what the kernel may keep for a client that does not read, in bytes; if it
/// is none, the kernel decides.
///
/// # Errors
/// When nobody listens there.
pub async fn connect(
    address: SocketAddr,
    receive_buffer: Option<u32>,
) -> Result<TcpStream, ConnectError> {
    let connected = async {
        let socket = if address.is_ipv4() {
            TcpSocket::new_v4()?
        } else {
            TcpSocket::new_v6()?
        };
        if let Some(bytes) = receive_buffer {
            // Must be set before connecting: the window is negotiated then.
            socket.set_recv_buffer_size(bytes)?;
        }
        let stream = socket.connect(address).await?;
        // Nagle's algorithm would hold small frames back.
        stream.set_nodelay(true)?;
        Ok(stream)
    };
    let connected: io::Result<TcpStream> = connected.await;
    connected.map_err(|reason| ConnectError::Connection { address, reason })
}

/// Asks for a WebSocket over a connection, and returns before anything was said over it.
///
/// # Errors
/// When the server refuses.
pub async fn upgrade(stream: TcpStream, request: Upgrade<'_>) -> Result<Socket, ConnectError> {
    let uri = format!("ws://{}{}", request.host, request.path).parse();
    let uri = uri.map_err(ConnectError::Host)?;
    let request = ClientRequestBuilder::new(uri).with_header("Cookie", request.cookie);
    let config = WebSocketConfig::default()
        .read_buffer_size(BUFFER)
        .write_buffer_size(0);
    match client_async_with_config(request, stream, Some(config)).await {
        Ok((socket, _)) => Ok(socket),
        Err(tungstenite::Error::Http(answer)) => {
            let body = answer.body().as_deref().unwrap_or_default();
            Err(ConnectError::Refused {
                status: answer.status(),
                body: String::from_utf8_lossy(body).trim().to_owned(),
            })
        }
        Err(error) => Err(ConnectError::Protocol(Box::new(error))),
    }
}
