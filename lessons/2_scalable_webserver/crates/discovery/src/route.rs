//! The way through Traefik to a service.
//!
//! Traefik reads its routes from tags in Consul's catalogue. So a route comes and goes with its service, and nobody edits
//! the proxy's configuration when one is added.

use crate::host_name::HostName;

/// One route: which requests it takes.
#[derive(Clone, Debug)]
pub struct Route {
    /// What Traefik calls its router.
    name: String,
    host: HostName,
}

impl Route {
    /// The route of all replicas of the service called `name`, for every path of `host`.
    #[must_use]
    pub fn new(name: &str, host: HostName) -> Route {
        let name = name.to_owned();
        Route { name, host }
    }
}

/// The tags that make Traefik route so to the replica that has them. They say everything about the routes and nothing
/// about the replica, so that they are byte-identical on all replicas that share a route.
#[must_use]
pub fn tags(routes: &[Route]) -> Vec<String> {
    let mut tags = vec!["traefik.enable=true".to_owned()];
    for Route { name, host } in routes {
        tags.push(format!("traefik.http.routers.{name}.rule=Host(`{host}`)"));
        tags.push(format!("traefik.http.routers.{name}.entrypoints=web"));
    }
    tags
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_service_has_these_tags() {
        let host = "webserver.localhost".parse().unwrap();
        let expected = [
            "traefik.enable=true",
            "traefik.http.routers.webserver.rule=Host(`webserver.localhost`)",
            "traefik.http.routers.webserver.entrypoints=web",
        ];
        assert_eq!(tags(&[Route::new("webserver", host)]), expected);
    }
}
