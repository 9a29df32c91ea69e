//! The way through Traefik to a service, or to one instance of it.
//!
//! Traefik reads its routes from tags in Consul's catalogue. So a route comes and goes with its service, and nobody edits
//! the proxy's configuration when one is added.

use std::time::Duration;

use crate::{host_name::HostName, segment::Segment};

/// One route: which requests it takes, and what Traefik does when a replica does not answer.
#[derive(Clone, Debug)]
pub struct Route {
    /// What Traefik calls its router, and the group of servers behind it.
    name: String,
    host: HostName,
    /// Where its paths begin; all paths of the host if there is none.
    prefix: Option<String>,
    /// How a request is tried again.
    pub retry: Retry,
    /// How Traefik finds out by itself whether a replica lives.
    pub check: RouteCheck,
}

/// How a request is tried again that a replica did not answer. Both names are of traefik/dynamic/failures.yml.
#[derive(Clone, Copy, Debug)]
pub struct Retry {
    /// The middleware that tries again.
    pub middleware: &'static str,
    /// How long Traefik waits for a replica before it gives it up.
    pub transport: &'static str,
}

/// Traefik's own health check.
///
/// It knows before the catalogue does, and in time for the second try. Its passive check would be simpler, but that takes
/// a replica out for its own 503: one Redis away, all are out.
///
/// It cannot ask for one replica as Consul's does, because it is the same for all. It need not: Traefik asks only those that
/// pass there.
#[derive(Clone, Copy, Debug)]
pub struct RouteCheck {
    /// The path that answers 2xx while the replica can serve.
    pub path: &'static str,
    /// Time from one check to the next, in whole milliseconds.
    pub interval: Duration,
    /// How long one check may take before it counts as failed, in whole milliseconds.
    pub timeout: Duration,
}

impl Route {
    /// The route of all replicas of the service called `name`, for every path of `host`.
    #[must_use]
    pub fn new(name: &str, host: HostName) -> Route {
        Route {
            name: name.to_owned(),
            host,
            prefix: None,
            retry: Retry {
                middleware: "retry@file",
                transport: "fast@file",
            },
            check: RouteCheck {
                path: "/health/live",
                interval: Duration::from_millis(500),
                timeout: Duration::from_secs(1),
            },
        }
    }

    /// The same for the paths `/<folder>/` of its host alone, so that several services can share a host.
    ///
    /// Of two rules that fit a request Traefik takes the longer one. So this one goes before that of the service that has the rest of the
    /// host, whichever of both was there first.
    #[must_use]
    pub fn under(self, folder: &Segment) -> Route {
        Route {
            prefix: Some(format!("/{folder}/")),
            ..self
        }
    }

    /// The route of one instance, `/<folder>/<id>/` of `host`, for who must reach this one and no other.
    ///
    /// Router and servers are named after the instance, which therefore needs an id that no service and no other
    /// instance has. The prefix ends with a slash, or else `/game/1` would take what is meant for `/game/12`, too.
    #[must_use]
    pub fn to_instance(folder: &Segment, id: &Segment, host: HostName) -> Route {
        Route {
            prefix: Some(format!("/{folder}/{id}/")),
            ..Route::new(&id.to_string(), host)
        }
    }

    // lesson 9
    /// The route of one instance among those that this one leads to, a folder below its own: `/game/<id>/`. None where this one has no
    /// folder. As for [`to_instance`](Self::to_instance), nothing else may have this id.
    #[must_use]
    pub fn below(&self, id: &Segment) -> Option<Route> {
        let prefix = self.prefix.as_ref()?;
        Some(Route {
            name: id.to_string(),
            prefix: Some(format!("{prefix}{id}/")),
            ..self.clone()
        })
    }

    fn rule(&self) -> String {
        let host = format!("Host(`{}`)", self.host);
        match &self.prefix {
            Some(prefix) => format!("{host} && PathPrefix(`{prefix}`)"),
            None => host,
        }
    }
}

/// The tags that make Traefik route so to the replica that has them. They say everything about the routes and nothing
/// about the replica, so that they are byte-identical on all replicas that share a route.
#[must_use]
pub fn tags(routes: &[Route]) -> Vec<String> {
    let mut tags = vec!["traefik.enable=true".to_owned()];
    for route in routes {
        let (name, check) = (&route.name, &route.check);
        let router = |key: &str, value: &str| format!("traefik.http.routers.{name}.{key}={value}");
        let servers = |key: &str, value: &str| {
            format!("traefik.http.services.{name}.loadbalancer.{key}={value}")
        };
        tags.push(router("rule", &route.rule()));
        tags.push(router("entrypoints", "web"));
        // Where there is one group of servers Traefik knows which is meant, and where there are more it does not guess.
        if routes.len() > 1 {
            tags.push(router("service", name));
        }
        tags.push(router("middlewares", route.retry.middleware));
        tags.push(servers("serverstransport", route.retry.transport));
        tags.push(servers("healthcheck.path", check.path));
        tags.push(servers("healthcheck.interval", &in_words(check.interval)));
        tags.push(servers("healthcheck.timeout", &in_words(check.timeout)));
    }
    tags
}

/// A duration as Traefik reads it.
fn in_words(duration: Duration) -> String {
    match duration.as_millis() {
        ms if ms % 1000 == 0 => format!("{}s", ms / 1000),
        ms => format!("{ms}ms"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn host() -> HostName {
        "webserver.localhost".parse().unwrap()
    }

    #[test]
    fn a_service_has_these_tags() {
        let expected = [
            "traefik.enable=true",
            "traefik.http.routers.webserver.rule=Host(`webserver.localhost`)",
            "traefik.http.routers.webserver.entrypoints=web",
            "traefik.http.routers.webserver.middlewares=retry@file",
            "traefik.http.services.webserver.loadbalancer.serverstransport=fast@file",
            "traefik.http.services.webserver.loadbalancer.healthcheck.path=/health/live",
            "traefik.http.services.webserver.loadbalancer.healthcheck.interval=500ms",
            "traefik.http.services.webserver.loadbalancer.healthcheck.timeout=1s",
        ];
        assert_eq!(tags(&[Route::new("webserver", host())]), expected);
    }

    #[test]
    fn a_service_may_have_one_folder_of_a_host() {
        let folder = "game".parse().unwrap();
        let tags = tags(&[Route::new("gameserver", host()).under(&folder)]);
        assert_eq!(
            tags[1],
            "traefik.http.routers.gameserver.rule=Host(`webserver.localhost`) && PathPrefix(`/game/`)"
        );
    }

    #[test]
    fn an_instance_has_a_route_of_its_own_beside_that_of_its_service() {
        let (folder, id) = ("game".parse().unwrap(), "goats-7".parse().unwrap());
        let routes = [
            Route::new("gameserver", host()),
            Route::to_instance(&folder, &id, host()),
        ];
        let expected = [
            "traefik.enable=true",
            "traefik.http.routers.gameserver.rule=Host(`webserver.localhost`)",
            "traefik.http.routers.gameserver.entrypoints=web",
            "traefik.http.routers.gameserver.service=gameserver",
            "traefik.http.routers.gameserver.middlewares=retry@file",
            "traefik.http.services.gameserver.loadbalancer.serverstransport=fast@file",
            "traefik.http.services.gameserver.loadbalancer.healthcheck.path=/health/live",
            "traefik.http.services.gameserver.loadbalancer.healthcheck.interval=500ms",
            "traefik.http.services.gameserver.loadbalancer.healthcheck.timeout=1s",
            "traefik.http.routers.goats-7.rule=Host(`webserver.localhost`) && PathPrefix(`/game/goats-7/`)",
            "traefik.http.routers.goats-7.entrypoints=web",
            "traefik.http.routers.goats-7.service=goats-7",
            "traefik.http.routers.goats-7.middlewares=retry@file",
            "traefik.http.services.goats-7.loadbalancer.serverstransport=fast@file",
            "traefik.http.services.goats-7.loadbalancer.healthcheck.path=/health/live",
            "traefik.http.services.goats-7.loadbalancer.healthcheck.interval=500ms",
            "traefik.http.services.goats-7.loadbalancer.healthcheck.timeout=1s",
        ];
        assert_eq!(tags(&routes), expected);
    }

    #[test]
    fn an_instance_may_have_its_own_route_alone() {
        let (folder, id) = ("game".parse().unwrap(), "a_b".parse().unwrap());
        let tags = tags(&[Route::to_instance(&folder, &id, host())]);
        assert_eq!(
            tags[1],
            "traefik.http.routers.a_b.rule=Host(`webserver.localhost`) && PathPrefix(`/game/a_b/`)"
        );
        assert!(!tags.iter().any(|tag| tag.contains(".service=")));
    }
}
