//! Which of its own addresses a machine is reached at.

use std::{io, net::IpAddr};

use tokio::net::{UdpSocket, lookup_host};

/// The address of this machine on the network that leads to `host`.
///
/// A container may be on several networks, and its host name may resolve to the wrong one. The kernel's
/// routing table knows the right one: connecting a UDP socket sends nothing, it only asks for the route.
///
/// # Errors
/// When `host` cannot be resolved, or no route leads there.
pub async fn towards(host: &str, port: u16) -> io::Result<IpAddr> {
    let mut last_error = io::Error::other(format!("{host} has no address"));
    for target in lookup_host((host, port)).await? {
        let any: IpAddr = match target {
            std::net::SocketAddr::V4(_) => std::net::Ipv4Addr::UNSPECIFIED.into(),
            std::net::SocketAddr::V6(_) => std::net::Ipv6Addr::UNSPECIFIED.into(),
        };
        let socket = UdpSocket::bind((any, 0)).await?;
        match socket.connect(target).await {
            Ok(()) => return Ok(socket.local_addr()?.ip()),
            Err(error) => last_error = error,
        }
    }
    Err(last_error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_way_to_loopback_is_loopback() {
        let ip = towards("127.0.0.1", 8500).await.unwrap();
        assert!(ip.is_loopback());
    }
}
