//! How a system that runs in one terminal is asked from another to replace its replicas.

use std::{
    fs::{self, File, TryLockError},
    io::Write,
    path::{Path, PathBuf},
    pin::pin,
};

use anyhow::{Context, bail};
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use tokio::signal::unix::{SignalKind, signal};

use super::stack::Stack;
use crate::roll::Replicas;

/// Builds and replaces everything whenever [`ask_to_roll`] asks for it, until `stop` is over. Then it gives the stack back.
///
/// What goes wrong meanwhile is told, and ends nothing.
///
/// # Errors
/// When it cannot listen for requests.
pub(super) async fn roll_when_asked(
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
pub fn ask_to_roll(root: &Path) -> anyhow::Result<bool> {
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
        assert!(!ask_to_roll(root.path()).unwrap());
        let running = say_that_it_runs(root.path()).unwrap();
        assert!(running.is_some());
        assert!(say_that_it_runs(root.path()).unwrap().is_none());
        drop(running);
        assert!(!ask_to_roll(root.path()).unwrap());
    }
}
