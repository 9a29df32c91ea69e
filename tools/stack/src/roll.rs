//! A rolling deploy: every replica is replaced by a new one, one after another, and no request is lost.

/// What a rolling deploy does to the replicas of a system. Each engine does it in its own way.
pub(crate) trait Replicas {
    /// The ids of the replicas of `service` that run, the oldest first.
    async fn running(&self, service: &str) -> anyhow::Result<Vec<String>>;

    /// Starts one more, of what was built last, and gives its id.
    async fn start(&mut self, service: &str) -> anyhow::Result<String>;

    /// Waits until a replica is ready and has got a request through Traefik.
    async fn is_routed(&self, service: &str, id: &str) -> anyhow::Result<()>;

    /// Stops a replica with SIGTERM, waits until it has ended, and forgets it.
    async fn end(&mut self, id: &str) -> anyhow::Result<()>;

    /// Tells whoever watches.
    fn tell(&self, sentence: &str);
}

/// Replaces every replica of `service` that runs, the oldest first, and gives the ids of the new ones.
///
/// First one more is started. Only when Traefik sends requests to it, an old one is stopped with SIGTERM, which
/// leaves the routes before it stops serving. So there are never fewer replicas than before.
///
/// # Errors
/// When a new replica does not get so far; that one is ended again, and the old ones stay. Or when an old one
/// cannot be stopped.
pub(crate) async fn replace_all(
    system: &mut impl Replicas,
    service: &str,
) -> anyhow::Result<Vec<String>> {
    let mut new = Vec::new();
    for leaving in system.running(service).await? {
        let coming = system.start(service).await?;
        system.tell(&format!("{coming} has started."));
        if let Err(error) = system.is_routed(service, &coming).await {
            system.end(&coming).await?;
            return Err(error.context(format!("{coming} was ended again, and {leaving} stays")));
        }
        system.tell(&format!("{coming} gets requests, so {leaving} leaves."));
        system.end(&leaving).await?;
        system.tell(&format!("{leaving} has ended."));
        new.push(coming);
    }
    Ok(new)
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use anyhow::bail;

    use super::*;

    /// Writes down what is done. Its replicas have numbers, and the one called `bad` gets no requests.
    struct Notes {
        running: Vec<String>,
        started: usize,
        bad: &'static str,
        fewest: RefCell<usize>,
    }

    impl Replicas for Notes {
        async fn running(&self, _: &str) -> anyhow::Result<Vec<String>> {
            Ok(self.running.clone())
        }

        async fn start(&mut self, service: &str) -> anyhow::Result<String> {
            self.started += 1;
            let id = format!("{service}-{}", self.started);
            self.running.push(id.clone());
            Ok(id)
        }

        async fn is_routed(&self, _: &str, id: &str) -> anyhow::Result<()> {
            if id == self.bad {
                bail!("no request in time");
            }
            Ok(())
        }

        async fn end(&mut self, id: &str) -> anyhow::Result<()> {
            self.running.retain(|running| running != id);
            let fewest = self.running.len().min(*self.fewest.borrow());
            self.fewest.replace(fewest);
            Ok(())
        }

        fn tell(&self, _: &str) {}
    }

    fn three(bad: &'static str) -> Notes {
        Notes {
            running: ["a", "b", "c"].map(str::to_owned).into(),
            started: 0,
            bad,
            fewest: RefCell::new(usize::MAX),
        }
    }

    #[tokio::test]
    async fn each_is_replaced_and_there_are_never_fewer() {
        let mut system = three("none");
        let new = replace_all(&mut system, "new").await.unwrap();
        assert_eq!(new, ["new-1", "new-2", "new-3"]);
        assert_eq!(system.running, new);
        assert_eq!(system.fewest.take(), 3);
    }

    #[tokio::test]
    async fn a_new_one_that_gets_no_requests_is_ended_and_the_old_ones_stay() {
        let mut system = three("new-2");
        let error = replace_all(&mut system, "new").await.unwrap_err();
        assert_eq!(error.to_string(), "new-2 was ended again, and b stays");
        assert_eq!(system.running, ["b", "c", "new-1"]);
    }
}
