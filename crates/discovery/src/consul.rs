//! The calls to Consul, with a reason at each edge of the library that makes them.

use std::{fmt, future::Future, net::IpAddr, str::FromStr, time::Duration};

use anyhow::{Context, anyhow, bail};
use consulrs::{
    api::{
        self,
        check::common::AgentServiceCheck,
        service::requests::{ReadServiceRequest, RegisterServiceRequest},
    },
    client::{ConsulClient, ConsulClientSettings},
    error::ClientError,
    service,
};
use url::Url;

use crate::{address, route, service::Service};

/// consulrs sets no timeout of its own, so a Consul that accepts and never answers would hang a call for
/// ever. A healthy agent answers in a few milliseconds.
const CALL_TIMEOUT: Duration = Duration::from_secs(1);

/// Where Consul's HTTP API is, such as `http://consul:8500`.
///
/// Checked when it is parsed because consulrs panics on an address without a scheme.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsulUrl(Url);

impl FromStr for ConsulUrl {
    type Err = String;

    fn from_str(text: &str) -> Result<ConsulUrl, String> {
        let example = "such as http://consul:8500";
        let url = Url::parse(text)
            .map_err(|error| format!("it must be an address {example}: {error}"))?;
        let bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
        let secret = !url.username().is_empty() || url.password().is_some();
        if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
            Err(format!(
                "it must begin with http:// or https:// and name a host, {example}"
            ))
        } else if !bare || secret {
            Err(format!(
                "it must have nothing but a scheme, a host and a port, {example}"
            ))
        } else {
            Ok(ConsulUrl(url))
        }
    }
}

impl fmt::Display for ConsulUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.as_str().trim_end_matches('/'))
    }
}

/// The three calls of Consul's agent API that a replica needs.
pub struct Consul {
    url: ConsulUrl,
    client: ConsulClient,
}

impl Consul {
    pub fn new(url: ConsulUrl) -> anyhow::Result<Consul> {
        // Every field is given. consulrs' builder would read those left out from the environment, and then
        // a stray CONSUL_HTTP_ADDR would win over this service's own configuration.
        let settings = ConsulClientSettings {
            address: url.to_string(),
            ca_certs: Vec::new(),
            client_cert: None,
            client_key: None,
            token: None,
            verify: true,
            version: 1,
        };
        let failed = "cannot set up the client for Consul";
        let mut client = ConsulClient::new(settings).context(failed)?;
        // Its own HTTP client would go through a proxy that the environment names, and Docker can put one into every
        // container. A proxy knows no Consul.
        #[expect(
            clippy::disallowed_methods,
            reason = "the other client is made with another version"
        )]
        let http = reqwest::Client::builder()
            .no_proxy()
            .build()
            .context(failed)?;
        client.http.http = http;
        Ok(Consul { url, client })
    }

    pub fn url(&self) -> &ConsulUrl {
        &self.url
    }

    /// Adds the service to the agent's catalogue, or replaces what stands there under the same id.
    pub async fn register(&self, service: &Service) -> anyhow::Result<()> {
        let address = match service.address {
            Some(address) => address,
            None => self.own_address().await?,
        };
        let mut request = RegisterServiceRequest::builder();
        request
            .id(&service.id)
            .address(address.to_string())
            .port(service.port)
            .tags(tags(service))
            .check(check(service, address));
        within(service::register(
            &self.client,
            &service.name,
            Some(&mut request),
        ))
        .await?;
        Ok(())
    }

    /// Whether the agent still knows the service.
    pub async fn knows(&self, id: &str) -> anyhow::Result<bool> {
        let mut request = ReadServiceRequest::builder();
        let request = request
            .name(id)
            .build()
            .map_err(|error| anyhow!("{error}"))?;
        // `consulrs::service::read` cannot parse the answer for a service that has an address. Only the
        // status matters here, so the answer is taken raw.
        match within(api::exec_with_raw(&self.client, request)).await {
            Ok(_) => Ok(true),
            Err(CallError::Refused { code: 404, .. }) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Removes the service from the agent's catalogue. A service that is not there counts as removed.
    pub async fn deregister(&self, id: &str) -> anyhow::Result<()> {
        match within(service::deregister(&self.client, id, None)).await {
            Ok(_) | Err(CallError::Refused { code: 404, .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    async fn own_address(&self) -> anyhow::Result<IpAddr> {
        let url = &self.url.0;
        let (Some(host), Some(port)) = (url.host_str(), url.port_or_known_default()) else {
            bail!("{} names no host", self.url);
        };
        // The brackets of an IPv6 address belong to URLs only.
        let host = host.trim_matches(['[', ']']);
        match tokio::time::timeout(CALL_TIMEOUT, address::towards(host, port)).await {
            Ok(found) => found.with_context(|| format!("no route leads to {host}")),
            Err(_) => bail!("looking up {host} took longer than {CALL_TIMEOUT:?}"),
        }
    }
}

/// What Traefik reads of the routes, and one tag for this start, which Traefik does not read.
///
/// Traefik is woken when a check changes, or the names and tags of services. A replica that comes back under its old id
/// with another address may change none of these, because Consul keeps the state of its check. Then Traefik would go on with
/// the address of the dead for as long as nothing else happens. A tag that is new at each start wakes it.
fn tags(service: &Service) -> Vec<String> {
    let mut tags = route::tags(&service.routes);
    tags.push(format!("started-at={}", service.started_at));
    tags
}

fn check(service: &Service, address: IpAddr) -> AgentServiceCheck {
    let check = &service.check;
    let (id, started_at) = (&service.id, &service.started_at);
    let seconds = |duration: Duration| format!("{}ms", duration.as_millis());
    let target = std::net::SocketAddr::new(address, service.port);
    AgentServiceCheck {
        // A fixed id: registering again then keeps the check's state instead of starting it anew.
        check_id: Some(format!("service:{}", service.id)),
        name: Some(format!("GET {}", check.path)),
        http: Some(format!(
            "http://{target}{}?replica={id}&started_at={started_at}",
            check.path
        )),
        interval: Some(seconds(check.interval)),
        timeout: Some(seconds(check.timeout)),
        deregister_critical_service_after: Some(seconds(check.deregister_after)),
        // The replica serves before it registers, so it need not wait for its first check to get traffic.
        status: Some("passing".to_owned()),
        ..AgentServiceCheck::default()
    }
}

/// How a call to Consul can fail, in words that fit into a log line.
#[derive(Debug, thiserror::Error)]
enum CallError {
    #[error("Consul answered {code}: {message}")]
    Refused { code: u16, message: String },
    #[error("Consul did not answer within {CALL_TIMEOUT:?}")]
    Silent,
    #[error("{0}")]
    Unreachable(String),
}

async fn within<T>(call: impl Future<Output = Result<T, ClientError>>) -> Result<T, CallError> {
    match tokio::time::timeout(CALL_TIMEOUT, call).await {
        Err(_) => Err(CallError::Silent),
        Ok(Ok(value)) => Ok(value),
        Ok(Err(ClientError::APIError { code, message })) => Err(CallError::Refused {
            code,
            message: message.unwrap_or_default().trim().to_owned(),
        }),
        Ok(Err(error)) => Err(CallError::Unreachable(root_cause(&error))),
    }
}

/// The innermost cause, such as "Connection refused": the outer layers only say that a request failed.
fn root_cause(error: &dyn std::error::Error) -> String {
    let mut cause = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_that_would_make_the_client_panic_are_refused() {
        let bad = [
            "",
            "consul:8500",
            "localhost",
            "ftp://consul:8500",
            "http://",
            "http://u:p@consul:8500",
            "http://consul:8500/v1",
        ];
        for text in bad {
            assert!(text.parse::<ConsulUrl>().is_err(), "{text:?} was accepted");
        }
        let good: ConsulUrl = "http://consul:8500".parse().unwrap();
        assert_eq!(good.to_string(), "http://consul:8500");
    }
}
