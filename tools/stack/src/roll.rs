//! A rolling deploy: every replica is replaced by a new one, one after another, and no request is lost.

use std::{
    fs::{self, File, TryLockError},
    io::Write,
    path::{Path, PathBuf},
    pin::pin,
    time::Duration,
};

use anyhow::{Context, bail, ensure};
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use tokio::signal::unix::{SignalKind, signal};

use crate::{build, stack::Stack, wait::until};

/// How long a new replica may take until Traefik sends requests to it.
const ROUTED_WITHIN: Duration = Duration::from_secs(30);

impl Stack {
    /// Builds `service` anew. Replicas that start from now on are of that build, and those that run stay as they are.
    ///
    /// The client is not built anew: replicas read its files from one folder, also those that run.
    ///
    /// # Errors
    /// When it cannot be built. Then everything is as before.
    pub async fn rebuild(&self, service: &str) -> anyhow::Result<()> {
        self.topology.built_service(service)?;
        let built = build::anew(&self.topology.root, self.target.as_deref(), service).await;
        built.map(drop)
    }

    /// Replaces every replica of `service` that runs, the oldest first, and gives the ids of the new ones.
    ///
    /// First one more is started. Only when Traefik sends requests to it, an old one is stopped with SIGTERM, which
    /// leaves the routes before it stops serving. So there are never fewer replicas than before.
    ///
    /// # Errors
    /// When a new replica does not get so far; that one is ended again, and the old ones stay. Or when an old one
    /// cannot be stopped.
    pub async fn roll(&mut self, service: &str) -> anyhow::Result<Vec<String>> {
        let described = self.topology.built_service(service)?;
        ensure!(
            !described.is_published(),
            "{service} is published on a port, which an old and a new replica cannot share"
        );
        let old: Vec<String> = self
            .replicas
            .iter()
            .filter(|(of, _)| of == service)
            .map(|(_, replica)| replica.id().to_owned())
            .collect();
        let mut new = Vec::new();
        for leaving in old {
            let coming = self.start_replica(service).await?;
            self.tell(&format!("{coming} has started."));
            if let Err(error) = self.is_routed(service, &coming).await {
                self.end(&coming).await?;
                return Err(error.context(format!("{coming} was ended again, and {leaving} stays")));
            }
            self.tell(&format!("{coming} gets requests, so {leaving} leaves."));
            self.end(&leaving).await?;
            self.tell(&format!("{leaving} has ended."));
            new.push(coming);
        }
        Ok(new)
    }

    /// Waits until a replica is ready and has got a request through Traefik.
    async fn is_routed(&self, service: &str, id: &str) -> anyhow::Result<()> {
        let found = self.replicas().find(|replica| replica.id() == id);
        let replica = found.with_context(|| format!("{id} does not run"))?;
        replica.ready(&self.client).await?;
        until(
            &format!("routing to {id}"),
            ROUTED_WITHIN,
            async || match self.who_answers(service).await {
                Ok(answered) if answered == id => Ok(()),
                Ok(answered) => Err(format!("{answered} answers")),
                Err(error) => Err(format!("{error:#}")),
            },
        )
        .await
    }

    /// Takes a replica out of the stack and stops it in order.
    async fn end(&mut self, id: &str) -> anyhow::Result<()> {
        let index = self.replicas().position(|replica| replica.id() == id);
        let index = index.with_context(|| format!("{id} does not run"))?;
        self.take_replica(index)?.stop().await.map(drop)
    }

    /// Tells whoever watches this stack.
    fn tell(&self, sentence: &str) {
        if let Some(watch) = &self.options.watch {
            watch("roll")(sentence);
        }
    }
}

/// Builds and replaces everything whenever [`ask`] asks for it, until `stop` is over. Then it gives the stack back.
///
/// What goes wrong meanwhile is told, and ends nothing.
///
/// # Errors
/// When it cannot listen for requests.
pub(crate) async fn when_asked(
    mut stack: Stack,
    stop: impl Future<Output = ()>,
) -> anyhow::Result<Stack> {
    let mut asked = signal(SignalKind::user_defined1()).context("cannot listen for signals")?;
    let running = say_that_it_runs(&stack.topology.root)?;
    if running.is_none() {
        stack.tell("Another one runs already, which is the one that will be asked to roll.");
    }
    let mut stop = pin!(stop);
    loop {
        tokio::select! {
            () = &mut stop => return Ok(stack),
            _ = asked.recv() => {}
        }
        let rolled = tokio::select! {
            () = &mut stop => return Ok(stack),
            rolled = roll_everything(&mut stack) => rolled,
        };
        match rolled {
            Ok(()) => stack.tell("Every replica is a new one."),
            Err(error) => stack.tell(&format!("{error:#}")),
        }
    }
}

async fn roll_everything(stack: &mut Stack) -> anyhow::Result<()> {
    let services: Vec<String> = stack.topology.built_services().map(str::to_owned).collect();
    stack.tell("Building.");
    for service in &services {
        // Everything is built before anything is replaced.
        if stack.rebuild(service).await.is_err() {
            bail!(
                "{service} cannot be built, so every replica stays as it was; cargo build says why"
            );
        }
    }
    for service in &services {
        stack.roll(service).await?;
    }
    Ok(())
}

/// Asks the system of the repository in `root` that runs natively to replace its replicas. It tells each step where
/// it runs. Gives `false` if none runs.
///
/// # Errors
/// When that cannot be found out, or it cannot be told.
pub fn ask(root: &Path) -> anyhow::Result<bool> {
    let path = lock_file(root);
    if !path.exists() {
        return Ok(false);
    }
    let file = File::open(&path).with_context(|| format!("cannot open {}", path.display()))?;
    match file.try_lock_shared() {
        // Left behind by one that has ended; the number in it may be another program's by now.
        Ok(()) => Ok(false),
        Err(TryLockError::Error(error)) => {
            Err(error).with_context(|| format!("cannot lock {}", path.display()))
        }
        Err(TryLockError::WouldBlock) => {
            let text = fs::read_to_string(&path)?;
            let pid = text.trim().parse().context("it has only just started")?;
            kill(Pid::from_raw(pid), Signal::SIGUSR1)
                .with_context(|| format!("cannot tell process {pid}"))?;
            Ok(true)
        }
    }
}

/// Writes this process's id into a file and locks it. The system releases the lock when this process ends, however
/// it ends; so whoever finds the file can tell whether the number in it is still true. Gives nothing if another
/// process has done so.
fn say_that_it_runs(root: &Path) -> anyhow::Result<Option<File>> {
    let path = lock_file(root);
    let at = || format!("cannot write {}", path.display());
    fs::create_dir_all(path.parent().unwrap_or(root)).with_context(at)?;
    let mut options = File::options();
    let options = options.create(true).write(true).truncate(false);
    let mut file = options.open(&path).with_context(at)?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Ok(None),
        Err(TryLockError::Error(error)) => return Err(error).with_context(at),
    }
    file.set_len(0).with_context(at)?;
    write!(file, "{}", std::process::id()).with_context(at)?;
    Ok(Some(file))
}

fn lock_file(root: &Path) -> PathBuf {
    root.join("target/native.pid")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_system_that_runs_is_asked() {
        let root = tempfile::tempdir().unwrap();
        assert!(!ask(root.path()).unwrap());
        let running = say_that_it_runs(root.path()).unwrap();
        assert!(running.is_some());
        assert!(say_that_it_runs(root.path()).unwrap().is_none());
        drop(running);
        assert!(!ask(root.path()).unwrap());
    }
}
