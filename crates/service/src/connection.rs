//! What is set on every connection, and what a handler can know about the one its request came on.

use std::{io, net::SocketAddr};

use axum::{
    extract::connect_info::Connected,
    serve::{IncomingStream, Listener},
};
use tokio::net::{TcpListener, TcpStream};

/// Accepts connections with Nagle's algorithm off.
///
/// Nagle's algorithm holds a small packet back in the hope of a larger one. Answers here are small, and a
/// held-back answer is up to 40 ms of waiting for nothing.
///
/// axum has `tap_io` for this. It is no help here: axum itself says what [`Connected`] is for what `tap_io` gives, so that
/// [`LocalAddress`] could not.
pub struct WithoutDelay(pub TcpListener);

impl Listener for WithoutDelay {
    type Io = TcpStream;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (TcpStream, SocketAddr) {
        // axum's own implementation for a TcpListener also waits and goes on when no file descriptor is left.
        let (stream, peer) = Listener::accept(&mut self.0).await;
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!("cannot turn off Nagle's algorithm on a connection: {error}");
        }
        (stream, peer)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.0.local_addr()
    }
}

/// The server's end of the connection: the address that answered.
///
/// The address it listens on would not do. In a container that is 0.0.0.0, the same on every replica.
#[derive(Clone, Copy, Debug)]
pub struct LocalAddress(pub SocketAddr);

impl Connected<IncomingStream<'_, WithoutDelay>> for LocalAddress {
    fn connect_info(stream: IncomingStream<'_, WithoutDelay>) -> LocalAddress {
        // The local address of an accepted connection is known. Were it not, "unspecified" says just that.
        let unknown = SocketAddr::from(([0, 0, 0, 0], 0));
        LocalAddress(stream.io().local_addr().unwrap_or(unknown))
    }
}
