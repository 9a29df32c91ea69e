use std::{fmt, net::IpAddr, str::FromStr, time::Duration};

/// One replica of a service, as the others shall find it.
#[derive(Clone, Debug)]
pub struct Service {
    /// Unique among all replicas of all services. Two replicas with one id overwrite each other, and the
    /// last writer wins.
    pub id: String,
    /// Shared by all replicas of the service. Traefik makes one upstream of everything with the same name.
    pub name: String,
    /// Where the replica can be reached. `None` lets the crate find it out when it registers.
    pub address: Option<IpAddr>,
    /// The port that the replica really bound.
    pub port: u16,
    /// Byte-identical on all replicas of a service: they describe the route to the service, not the
    /// replica. Traefik drops a route whose replicas disagree on it.
    pub tags: Vec<String>,
    /// How Consul finds out whether the replica lives.
    pub check: HealthCheck,
}

/// An HTTP check that Consul runs against the replica.
#[derive(Clone, Debug)]
pub struct HealthCheck {
    /// The path that answers 2xx while the replica can serve, such as `/health/live`.
    pub path: String,
    /// Time from one check to the next.
    pub interval: Duration,
    /// How long one check may take before it counts as failed.
    pub timeout: Duration,
    /// After this long in a failed state Consul removes the replica. Consul takes no less than a minute and
    /// looks only now and then, so this tidies up after the dead. It is no substitute for deregistering.
    pub deregister_after: Duration,
}

/// The tags that make Traefik route `host` to the service called `name`.
///
/// Traefik reads its routes from these tags. So a route comes and goes with its service, and nobody edits
/// the proxy's configuration when one is added.
#[must_use]
pub fn traefik_tags(name: &str, host: &HostName) -> Vec<String> {
    vec![
        "traefik.enable=true".to_owned(),
        format!("traefik.http.routers.{name}.rule=Host(`{host}`)"),
        format!("traefik.http.routers.{name}.entrypoints=web"),
        // lesson 7
        // What Traefik does when a replica does not answer. Both stand in traefik/dynamic/failures.yml.
        format!("traefik.http.routers.{name}.middlewares=retry@file"),
        format!("traefik.http.services.{name}.loadbalancer.serverstransport=fast@file"),
        // lesson 7
        // Traefik looks for itself, too: it knows before the catalogue does, and in time for the second try. Its
        // passive check would be simpler, but that takes a replica out for its own 503: one Redis away, all are out.
        format!("traefik.http.services.{name}.loadbalancer.healthcheck.path=/health/live"),
        format!("traefik.http.services.{name}.loadbalancer.healthcheck.interval=500ms"),
        format!("traefik.http.services.{name}.loadbalancer.healthcheck.timeout=1s"),
    ]
}

/// A host name such as `webserver.localhost`: labels of letters, digits and hyphens, separated by dots.
///
/// Checked because it is written into a rule of Traefik's own language, where a stray backtick would change
/// what the rule means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostName(String);

impl FromStr for HostName {
    type Err = String;

    fn from_str(text: &str) -> Result<HostName, String> {
        let label_is_valid = |label: &str| {
            (1..=63).contains(&label.len())
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b == b'-')
        };
        if text.len() <= 253 && text.split('.').all(label_is_valid) {
            Ok(HostName(text.to_ascii_lowercase()))
        } else {
            Err("a host name such as webserver.localhost is accepted: labels of letters, digits and hyphens, separated by dots".to_owned())
        }
    }
}

impl fmt::Display for HostName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn host_names_that_could_break_out_of_a_rule_are_refused() {
        for bad in ["", "a..b", "-a", "a b", "x`) || PathPrefix(`/", "ü.de"] {
            assert!(bad.parse::<HostName>().is_err(), "{bad:?} was accepted");
        }
        let good: HostName = "Webserver.localhost".parse().unwrap();
        assert_eq!(good.to_string(), "webserver.localhost");
    }
}
