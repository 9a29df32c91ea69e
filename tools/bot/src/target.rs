//! Where a bot goes: to this machine, and nowhere else.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use url::{Host, Url};

/// A replica, or Traefik in front of all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// What is connected to.
    pub address: SocketAddr,
    /// What the `Host` header says; Traefik routes by it.
    pub host: String,
}

/// Why nothing is sent there.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TargetError {
    /// The text is no URL.
    #[error("{0:?} is not a URL: {1}")]
    NoUrl(String, url::ParseError),
    /// It is one of another protocol.
    #[error("{0:?}: it must begin with http://, as in http://webserver.localhost:8000")]
    NotHttp(String),
    /// It says more than where to go.
    #[error("{0:?}: it must have a host and a port and no more, as in http://127.0.0.1:8000")]
    TooMuch(String),
    /// It leads away from this machine.
    #[error(
        "{0} is not this machine. This tool makes load for your own machine only, so it must be 127.0.0.1, [::1], localhost or a name that ends in .localhost"
    )]
    Elsewhere(String),
}

impl Target {
    /// Reads a target from a URL such as `http://webserver.localhost:8000`.
    ///
    /// Names that end in `.localhost` are connected to at 127.0.0.1. The system's resolver is never asked: glibc
    /// does not know these names, and any other name could lead to a machine that is not yours.
    ///
    /// # Errors
    /// When it is not a plain `http` URL, or leads away from this machine.
    pub fn parse(text: &str) -> Result<Target, TargetError> {
        let url = Url::parse(text).map_err(|error| TargetError::NoUrl(text.to_owned(), error))?;
        if url.scheme() != "http" {
            return Err(TargetError::NotHttp(text.to_owned()));
        }
        if url.path() != "/" || url.query().is_some() || !url.username().is_empty() {
            return Err(TargetError::TooMuch(text.to_owned()));
        }
        let Some(host) = url.host() else {
            return Err(TargetError::TooMuch(text.to_owned()));
        };
        let ip = match &host {
            Host::Domain(name) if *name == "localhost" || name.ends_with(".localhost") => {
                Some(IpAddr::V4(Ipv4Addr::LOCALHOST))
            }
            Host::Domain(_) => None,
            Host::Ipv4(ip) => Some(IpAddr::V4(*ip)),
            Host::Ipv6(ip) => Some(IpAddr::V6(*ip)),
        };
        let Some(ip) = ip.filter(IpAddr::is_loopback) else {
            return Err(TargetError::Elsewhere(host.to_string()));
        };
        let port = url.port_or_known_default().unwrap_or(80);
        let host = match url.port() {
            Some(port) => format!("{host}:{port}"),
            None => host.to_string(),
        };
        Ok(Target {
            address: SocketAddr::new(ip, port),
            host,
        })
    }

    /// The target at an address such as a replica's own.
    ///
    /// # Errors
    /// When it is no address, or not one of this machine.
    pub fn at(address: &str) -> Result<Target, TargetError> {
        Target::parse(&format!("http://{address}"))
    }

    /// The URL of `path`, with the address as a number.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_this_machine_lead_to_loopback() {
        let cases = [
            (
                "http://webserver.localhost:8000",
                "127.0.0.1:8000",
                "webserver.localhost:8000",
            ),
            (
                "http://webserver.localhost",
                "127.0.0.1:80",
                "webserver.localhost",
            ),
            ("http://localhost:81/", "127.0.0.1:81", "localhost:81"),
            ("http://127.0.0.9:82", "127.0.0.9:82", "127.0.0.9:82"),
            ("http://[::1]:83", "[::1]:83", "[::1]:83"),
        ];
        for (url, address, host) in cases {
            let target = Target::parse(url).unwrap();
            assert_eq!(target.address.to_string(), address, "{url}");
            assert_eq!(target.host, host, "{url}");
        }
    }

    #[test]
    fn everything_else_is_refused() {
        for url in [
            "http://example.com",
            "http://localhost.example.com",
            "http://notlocalhost:1",
            "http://192.168.1.1:80",
            "http://0.0.0.0:80",
            "http://[2001:db8::1]:80",
        ] {
            let error = Target::parse(url).unwrap_err().to_string();
            assert!(error.contains("your own machine only"), "{url}: {error}");
        }
        for url in [
            "https://localhost",
            "ws://localhost",
            "localhost:80",
            "http://localhost/ws",
        ] {
            assert!(Target::parse(url).is_err(), "{url}");
        }
    }
}
