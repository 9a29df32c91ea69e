//! The way to a match.

use std::{
    io,
    net::{IpAddr, SocketAddr},
};

use tokio::net::{TcpSocket, TcpStream};

use super::client::{GameClient, GameError};
use crate::socket::ConnectError;

/// Where a match is, and from where its player comes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Way {
    /// Where Traefik is.
    pub address: SocketAddr,
    /// The host of the page.
    pub host: String,
    /// Where the game server has its sockets.
    pub path: String,
    /// The player's own address, by which a test tells its packets from others; if it is none, the system chooses.
    pub from: Option<IpAddr>,
}

impl Way {
    /// Opens a socket there. Nothing is said yet.
    ///
    /// # Errors
    /// When nobody listens there, or the server refuses.
    pub async fn open(&self) -> Result<GameClient, GameError> {
        let address = self.address;
        let connection = self.connect().await;
        let connection =
            connection.map_err(|reason| ConnectError::Connection { address, reason })?;
        GameClient::over(connection, &self.host, &self.path).await
    }

    async fn connect(&self) -> io::Result<TcpStream> {
        let socket = if self.address.is_ipv4() {
            TcpSocket::new_v4()?
        } else {
            TcpSocket::new_v6()?
        };
        if let Some(from) = self.from {
            socket.bind(SocketAddr::new(from, 0))?;
        }
        let stream = socket.connect(self.address).await?;
        // Nagle's algorithm would hold small frames back.
        stream.set_nodelay(true)?;
        Ok(stream)
    }
}
