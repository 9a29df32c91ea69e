//! What `docker-compose.yml` says, as far as the native engine follows it.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use anyhow::{Context, bail};
use serde::Deserialize;
use serde_yaml_ng::Value;

use crate::{compose_file::services, way::Way};

/// What `docker-compose.yml` says, as far as the native engine follows it.
#[derive(Clone, Debug)]
pub struct Topology {
    /// The folder that holds `docker-compose.yml`.
    pub root: PathBuf,
    services: BTreeMap<String, Service>,
}

/// One service of the compose file.
#[derive(Clone, Debug, Deserialize)]
pub struct Service {
    build: Option<Value>,
    image: Option<String>,
    #[serde(default)]
    environment: BTreeMap<String, String>,
    #[serde(default)]
    ports: Vec<String>,
}

impl Service {
    /// The environment of its containers, as it is written there.
    #[must_use]
    pub fn environment(&self) -> &BTreeMap<String, String> {
        &self.environment
    }

    /// Its image, with the version; none if this repository builds it.
    #[must_use]
    pub fn image(&self) -> Option<&str> {
        self.image.as_deref()
    }

    /// Whether its image is `name`, in any version.
    #[must_use]
    pub fn has_image(&self, name: &str) -> bool {
        let image = self.image.as_deref().unwrap_or_default();
        image.split(':').next() == Some(name)
    }

    /// How it is reached through Traefik, where it is called `name` and registers.
    #[must_use]
    pub fn way(&self, name: &str) -> Way {
        let variable = |name: &str| self.environment.get(name).map(String::as_str);
        match (variable("PUBLIC_HOST"), variable("PUBLIC_PATH")) {
            (Some(host), Some(folder)) => Way::to_folder(host, folder),
            _ => Way::to(name),
        }
    }

    /// Whether it has a host to itself. One that shares its host is there for what must stay in one place, so there is one replica of it
    /// where nothing else is asked for.
    #[must_use]
    pub fn has_own_host(&self) -> bool {
        !self.environment.contains_key("PUBLIC_PATH")
    }

    /// Whether its port is published on the machine. Then all its replicas want the same one.
    #[must_use]
    pub fn is_published(&self) -> bool {
        !self.ports.is_empty()
    }
}

impl Topology {
    /// Reads `docker-compose.yml` in `root`, with the files that it names.
    ///
    /// # Errors
    /// When a file is missing or does not have the form that this crate understands.
    pub fn load(root: &Path) -> anyhow::Result<Topology> {
        let services = serde_yaml_ng::from_value(Value::Mapping(services(root)?));
        Ok(Topology {
            root: root.to_owned(),
            services: services.context("docker-compose.yml has a form that is not understood")?,
        })
    }

    /// The services that this repository builds, in the order of their names. Each is a package of its own,
    /// with a binary of the same name.
    pub fn built_services(&self) -> impl Iterator<Item = &str> {
        self.services
            .iter()
            .filter(|(_, service)| service.build.is_some())
            .map(|(name, _)| name.as_str())
    }

    /// The services that this repository does not build, in the order of their names.
    pub fn foreign_services(&self) -> impl Iterator<Item = (&str, &Service)> {
        self.services
            .iter()
            .filter(|(_, service)| service.build.is_none())
            .map(|(name, service)| (name.as_str(), service))
    }

    /// The services whose image is `image`, in the order of their names.
    pub fn services_of(&self, image: &str) -> impl Iterator<Item = (&str, &Service)> {
        self.foreign_services()
            .filter(move |(_, service)| service.has_image(image))
    }

    /// A service that this repository builds.
    ///
    /// # Errors
    /// When there is none of that name; says which there are.
    pub fn built_service(&self, name: &str) -> anyhow::Result<&Service> {
        match self.services.get(name) {
            Some(service) if service.build.is_some() => Ok(service),
            _ => {
                let known: Vec<&str> = self.built_services().collect();
                let known = if known.is_empty() {
                    "none".to_owned()
                } else {
                    known.join(", ")
                };
                bail!("there is no service {name:?} to scale here; there is: {known}")
            }
        }
    }
}

/// Puts the defaults in place of `${NAME:-default}`, as Docker Compose does where the environment has no NAME.
#[must_use]
pub fn with_defaults(value: &str) -> String {
    let mut text = String::new();
    let mut rest = value;
    while let Some((before, (name, after))) = rest
        .split_once("${")
        .and_then(|(before, rest)| Some((before, rest.split_once('}')?)))
    {
        text.push_str(before);
        text.push_str(name.split_once(":-").map_or("", |(_, default)| default));
        rest = after;
    }
    text + rest
}

/// The root of this repository.
#[must_use]
pub fn workspace_root() -> PathBuf {
    // This crate is two folders below the root.
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .canonicalize()
        .unwrap_or_else(|_| ".".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_compose_file_of_this_repository_is_understood() {
        let topology = Topology::load(&workspace_root()).unwrap();
        for name in topology.built_services() {
            assert!(topology.built_service(name).is_ok());
        }
        let error = topology.built_service("nobody").unwrap_err();
        assert!(error.to_string().contains("\"nobody\""));
    }

    #[test]
    fn variables_have_their_defaults() {
        assert_eq!(with_defaults("plain"), "plain");
        assert_eq!(with_defaults("a ${B:-c-d} e ${F:-} g"), "a c-d e  g");
        assert_eq!(with_defaults("${B} open ${C"), " open ${C");
    }
}
