//! Accepts connections and serves each, with a deadline for whatever its client lets it wait for.
//!
//! Every connection costs memory and an open file. axum's own server keeps one for as long as the client likes: one that
//! sends the first half of a header and no more, or never reads its answer, stays for ever, and a few thousand of them leave no
//! place for anybody else. So the loop is our own, with hyper's deadlines, which axum's has no way to set.

use std::{
    net::{IpAddr, SocketAddr},
    pin::pin,
    time::Duration,
};

use axum::{Router, extract::ConnectInfo, serve::Listener};
use hyper::server::conn::http1;
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    service::TowerToHyperService,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::watch,
};
use tokio_io_timeout::TimeoutStream;
use tower_http::add_extension::AddExtension;
use tracing::debug;

/// How long a client may take for the head of a request, and how long a connection may be idle between two of them. A proxy
/// that keeps connections must close them before, or its next request meets one that is being closed: see `idleConnTimeout`
/// in `traefik/traefik.yml`.
const HEAD_WITHIN: Duration = Duration::from_secs(10);

/// How long a client may take nothing of what it asked for.
const TAKES_NOTHING: Duration = Duration::from_secs(10);

/// What a connection may buffer of a head that is not complete, in bytes. Browsers send one or two thousand.
const MAX_HEAD: usize = 32 * 1024;

/// The server's end of the connection: the address that answered.
///
/// The address it listens on would not do. In a container that is 0.0.0.0, the same on every replica.
#[derive(Clone, Copy, Debug)]
pub struct LocalAddress(pub SocketAddr);

/// The other end of the connection: who asked. Behind a proxy that is the proxy, which says in a header for whom it asks.
#[derive(Clone, Copy, Debug)]
pub struct PeerAddress(pub IpAddr);

/// Serves `router` to whoever connects, until `stopped`; then finishes the requests that have begun.
pub async fn serve(mut listener: TcpListener, router: Router, stopped: impl Future<Output = ()>) {
    let (stop, _) = watch::channel(());
    let mut stopped = pin!(stopped);
    loop {
        // axum's way to accept waits and goes on when no file descriptor is left.
        let (stream, peer) = tokio::select! {
            accepted = Listener::accept(&mut listener) => accepted,
            () = &mut stopped => break,
        };
        let service = AddExtension::new(router.clone(), ConnectInfo(local_address(&stream)));
        let service = AddExtension::new(service, ConnectInfo(PeerAddress(peer.ip())));
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEAD_WITHIN)
            .max_buf_size(MAX_HEAD)
            .serve_connection(
                TokioIo::new(with_deadline(stream)),
                TowerToHyperService::new(service),
            )
            .with_upgrades();
        let mut told = stop.subscribe();
        tokio::spawn(async move {
            let mut connection = pin!(connection);
            let ended = tokio::select! {
                ended = connection.as_mut() => ended,
                _ = told.changed() => {
                    connection.as_mut().graceful_shutdown();
                    connection.await
                }
            };
            if let Err(error) = ended {
                debug!("a connection ended: {error}");
            }
        });
    }
    drop(listener);
    stop.send_replace(());
    // Each connection has a receiver, until it has ended or was upgraded.
    stop.closed().await;
}

/// A stream whose writes fail when the other side takes nothing for too long.
///
/// Reading has no limit here: what is to be read has one each, and a connection that was upgraded may be silent.
fn with_deadline(stream: TcpStream) -> std::pin::Pin<Box<TimeoutStream<TcpStream>>> {
    // Nagle's algorithm holds a small packet back in the hope of a larger one. Answers here are small, and a held-back
    // answer is up to 40 ms of waiting for nothing.
    if let Err(error) = stream.set_nodelay(true) {
        debug!("cannot turn off Nagle's algorithm on a connection: {error}");
    }
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(TAKES_NOTHING));
    // Its timers may not move in memory.
    Box::pin(stream)
}

fn local_address(stream: &TcpStream) -> LocalAddress {
    // The local address of an accepted connection is known. Were it not, "unspecified" says just that.
    let unknown = SocketAddr::from(([0, 0, 0, 0], 0));
    LocalAddress(stream.local_addr().unwrap_or(unknown))
}
