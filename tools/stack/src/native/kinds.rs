//! Every kind of server that the native engine can run.

use super::{consul::CONSUL, kind::ServerKind, redis::REDIS, traefik::TRAEFIK};
use crate::topology::{Service, Topology};

/// In the order in which they are started: Traefik asks Consul, and replicas ask all of them.
pub(crate) const KINDS: &[&ServerKind] = &[
    &REDIS, // lesson 4
    &CONSUL, &TRAEFIK,
];

/// The kinds that a system needs, in the order of their start.
#[must_use]
pub fn needed_by(topology: &Topology) -> Vec<&'static ServerKind> {
    let needed = |kind: &&ServerKind| topology.services_of(kind.image).next().is_some();
    KINDS.iter().copied().filter(needed).collect()
}

/// The services that only Docker runs: those whose image is of no kind that is known here.
pub fn docker_only(topology: &Topology) -> impl Iterator<Item = &str> {
    let is_known = |service: &Service| KINDS.iter().any(|kind| service.has_image(kind.image));
    topology
        .foreign_services()
        .filter(move |(_, service)| !is_known(service))
        .map(|(name, _)| name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::topology::workspace_root;

    #[test]
    fn whoever_has_a_password_is_given_one_in_the_compose_file() {
        let topology = Topology::load(&workspace_root()).unwrap();
        for kind in needed_by(&topology) {
            let Some(variable) = kind.password else {
                continue;
            };
            for (name, service) in topology.services_of(kind.image) {
                let written = service.environment().get(variable);
                assert!(written.is_some(), "{name} has no password");
            }
        }
    }

    #[test]
    fn no_container_goes_through_a_proxy() {
        let topology = Topology::load(&workspace_root()).unwrap();
        let built = topology.built_services();
        let built = built.map(|name| (name, topology.built_service(name).unwrap()));
        for (name, service) in topology.foreign_services().chain(built) {
            for variable in ["NO_PROXY", "no_proxy"] {
                let value = service.environment().get(variable);
                assert_eq!(value.map(String::as_str), Some("*"), "{name}: {variable}");
            }
        }
    }

    #[test]
    fn a_system_needs_what_its_compose_file_names() {
        let topology = Topology::load(&workspace_root()).unwrap();
        let needed = needed_by(&topology);
        let programs: Vec<&str> = needed.iter().map(|kind| kind.program).collect();
        assert!(programs.ends_with(&["consul", "traefik"]), "{programs:?}");
        for name in docker_only(&topology) {
            assert!(topology.built_service(name).is_err());
        }
    }
}
