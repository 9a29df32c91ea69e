//! Where a request comes from.

use std::{
    convert::Infallible,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
};

use axum::{
    extract::{ConnectInfo, FromRequestParts},
    http::{HeaderMap, HeaderName, request::Parts},
};

use service::PeerAddress;

/// The header in which proxies say for whom they ask.
const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The address of a client, for limits.
///
/// It is the last that stands in `X-Forwarded-For`: that one was written by Traefik, and all before it by whoever asked
/// Traefik. Who asks past Traefik, from the same network, needs no such header, and is known by the connection's own address.
///
/// Of an address of IPv6 the first half is kept. A household has a whole network of these, so to limit each of its addresses
/// would limit nobody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ClientAddress(IpAddr);

impl<S: Send + Sync> FromRequestParts<S> for ClientAddress {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<ClientAddress, Infallible> {
        let peer = parts.extensions.get::<ConnectInfo<PeerAddress>>();
        let peer = peer.map(|ConnectInfo(PeerAddress(address))| *address);
        let address = forwarded(&parts.headers).or(peer);
        Ok(network(address.unwrap_or(Ipv4Addr::UNSPECIFIED.into())))
    }
}

fn forwarded(headers: &HeaderMap) -> Option<IpAddr> {
    let last = headers.get_all(X_FORWARDED_FOR).iter().next_back()?;
    let last = last.to_str().ok()?.rsplit(',').next()?;
    last.trim().parse().ok()
}

fn network(address: IpAddr) -> ClientAddress {
    ClientAddress(match address.to_canonical() {
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() >> 64 << 64).into(),
        v4 => v4,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_last_proxys_word_counts() {
        let headers = |values: &[&str]| {
            let values = values.iter().map(|value| value.parse().unwrap());
            values
                .map(|value| (X_FORWARDED_FOR, value))
                .collect::<HeaderMap>()
        };
        let address = |text: &str| Some(text.parse::<IpAddr>().unwrap());
        for (sent, read) in [
            (&["10.0.0.7"][..], address("10.0.0.7")),
            (&["1.2.3.4, 10.0.0.7"], address("10.0.0.7")),
            (&["1.2.3.4", "10.0.0.7"], address("10.0.0.7")),
            (&["2001:db8::7"], address("2001:db8::7")),
            (&["1.2.3.4, nonsense"], None),
            (&[], None),
        ] {
            assert_eq!(forwarded(&headers(sent)), read, "{sent:?}");
        }
    }

    #[test]
    fn a_household_is_one_address() {
        let of = |text: &str| network(text.parse().unwrap());
        assert_eq!(of("2001:db8::7"), of("2001:db8::8:9"));
        assert_ne!(of("2001:db8::7"), of("2001:db8:0:1::7"));
        assert_eq!(of("::ffff:10.0.0.7"), of("10.0.0.7"));
        assert_ne!(of("10.0.0.7"), of("10.0.0.8"));
    }
}
