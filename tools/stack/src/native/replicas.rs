//! The replicas of a stack: more of them, fewer of them, and waiting until requests reach them all.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use anyhow::{Context, bail};

use super::{replica::Replica, stack::Stack};
use crate::routing::all_answer;

/// How long a replica may take until Traefik sends requests to it.
pub(super) const ROUTED_WITHIN: Duration = Duration::from_secs(30);

/// The service that the course scales. Where no other is named, its replicas are meant.
const SCALED: &str = "webserver";

impl Stack {
    /// The replicas of the web server that run, or ran and were not removed.
    pub fn replicas(&self) -> impl Iterator<Item = &Replica> {
        self.replicas_of(SCALED)
    }

    /// The replicas of `service` that run, or ran and were not removed.
    pub fn replicas_of(&self, service: &str) -> impl Iterator<Item = &Replica> {
        let replicas = self.replicas.iter();
        replicas
            .filter(move |(of, _)| of == service)
            .map(|(_, replica)| replica)
    }

    /// The web server's replica at `index`, in the order of their start.
    ///
    /// # Errors
    /// When there is none.
    pub fn replica(&mut self, index: usize) -> anyhow::Result<&mut Replica> {
        let place = self.place(SCALED, index)?;
        Ok(&mut self.replicas[place].1)
    }

    /// Takes a replica of the web server out of the stack, to be stopped or killed by the caller.
    ///
    /// # Errors
    /// When there is none at `index`.
    pub fn take_replica(&mut self, index: usize) -> anyhow::Result<Replica> {
        let place = self.place(SCALED, index)?;
        Ok(self.replicas.remove(place).1)
    }

    /// The replica of this id, of whichever service.
    ///
    /// # Errors
    /// When there is none.
    pub fn called(&self, id: &str) -> anyhow::Result<&Replica> {
        Ok(&self.replicas[self.place_of(id)?].1)
    }

    /// Takes the replica of this id out of the stack, to be stopped or killed by the caller.
    ///
    /// # Errors
    /// When there is none.
    pub fn take_called(&mut self, id: &str) -> anyhow::Result<Replica> {
        let place = self.place_of(id)?;
        Ok(self.replicas.remove(place).1)
    }

    fn place(&self, service: &str, index: usize) -> anyhow::Result<usize> {
        let all = self.replicas.iter().enumerate();
        let mut places = all.filter(|(_, (of, _))| of == service).map(|(at, _)| at);
        let running = places.clone().count();
        match places.nth(index) {
            Some(place) => Ok(place),
            None => bail!("there is no replica {index}; {running} run"),
        }
    }

    fn place_of(&self, id: &str) -> anyhow::Result<usize> {
        let mut all = self.replicas.iter();
        let place = all.position(|(_, replica)| replica.id() == id);
        place.with_context(|| format!("there is no replica {id:?}"))
    }

    /// Starts one more replica of `service`, and waits until Traefik sends requests to it.
    ///
    /// # Errors
    /// When it does not start, with what it wrote last; or when it gets no request in time.
    pub async fn add_replica(&mut self, service: &str) -> anyhow::Result<String> {
        let id = self.start_replica(service).await?;
        self.settle().await?;
        Ok(id)
    }

    /// Waits until every replica that runs is ready and gets requests through Traefik.
    ///
    /// # Errors
    /// When that is not so within 30 seconds.
    pub async fn settle(&self) -> anyhow::Result<()> {
        for (_, replica) in &self.replicas {
            replica.ready(&self.http).await?;
        }
        let services: BTreeSet<&String> =
            self.replicas.iter().map(|(service, _)| service).collect();
        for service in services {
            // A published service is reached on its port; nothing routes to it.
            if self.topology.built_service(service)?.is_published() {
                continue;
            }
            let replicas = self.replicas.iter().filter(|(of, _)| of == service);
            let ids = replicas.map(|(_, replica)| replica.id().to_owned());
            all_answer(ids.collect(), ROUTED_WITHIN, || self.who_answers(service)).await?;
        }
        Ok(())
    }

    /// Starts one replica of `service` under this id, with these variables over all others, and does not wait until it
    /// gets requests. With `LISTEN` among them an address changes hands.
    ///
    /// # Errors
    /// When it does not start, with what it wrote last.
    pub async fn start_as(
        &mut self,
        service: &str,
        id: &str,
        variables: &[(&str, &str)],
    ) -> anyhow::Result<()> {
        let described = self.topology.built_service(service)?;
        let listen = if described.is_published() {
            self.published.address()
        } else {
            "127.0.0.1:0".to_owned()
        };
        let mut environment: BTreeMap<String, String> = described
            .environment()
            .iter()
            .map(|(name, value)| (name.clone(), self.network.value(value)))
            .collect();
        environment.insert("LISTEN".to_owned(), listen);
        if let Some(folder) = &self.client_folder {
            let folder = folder.to_string_lossy().into_owned();
            environment.insert("CLIENT_FOLDER".to_owned(), folder);
        }
        environment.extend(self.environment.clone());
        let variables = variables.iter();
        environment
            .extend(variables.map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        if let Some((wired, wire)) = &self.wire
            && wired == service
        {
            wire(id, &mut environment)?;
        }
        let sink = self.watch.as_ref().map(|watch| watch(id));
        let binary = self.built_binary(service).await?;
        let replica = Replica::start(id, &binary, environment, sink).await?;
        self.replicas.push((service.to_owned(), replica));
        Ok(())
    }

    pub(super) async fn start_replica(&mut self, service: &str) -> anyhow::Result<String> {
        let number = self.started.entry(service.to_owned()).or_default();
        *number += 1;
        let id = format!("{service}-{number}");
        self.start_as(service, &id, &[]).await?;
        Ok(id)
    }
}
