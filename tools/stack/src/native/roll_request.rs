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
use crate::{
    autoscale::{Autoscaler, Options},
    console::Console,
    roll::Replicas,
    topology::Topology,
};

/// A stack, and who follows its matches if that was asked for. Both start and stop replicas, so both are run by [`roll_when_asked`].
///
/// # Errors
/// When the system lets no client be made.
pub(super) fn with_autoscaler(
    stack: Stack,
    options: &Options,
    console: &Console,
) -> anyhow::Result<(Stack, Autoscaler)> {
    let autoscaler = Autoscaler::new(options, &stack.address(), console)?;
    Ok((stack, autoscaler))
}

/// Builds and replaces what [`ask_to_roll`] asks for, whenever it does, until `stop` is over. Then it gives the stack back.
///
/// What goes wrong meanwhile is told, and ends nothing.
///
/// # Errors
/// When it cannot listen for requests.
pub(super) async fn roll_when_asked(
    (mut stack, mut autoscaler): (Stack, Autoscaler),
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
            () = autoscaler.due() => {
                tokio::select! {
                    () = &mut stop => return Ok(stack),
                    () = autoscaler.follow(&mut stack) => continue,
                }
            }
        }
        let rolled = tokio::select! {
            () = &mut stop => return Ok(stack),
            rolled = roll(&mut stack) => rolled,
        };
        match rolled {
            Ok(services) => stack.tell(&format!("Every replica of {services} is a new one.")),
            Err(error) => stack.tell(&format!("{error:#}")),
        }
    }
}

/// Builds and replaces what was asked for, and says what that was.
async fn roll(stack: &mut Stack) -> anyhow::Result<String> {
    let services = asked_for(&stack.topology)?;
    let all = services.join(" and ");
    stack.tell(&format!("Building {all}."));
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
    Ok(all)
}

/// The services that shall be rolled: the one that was asked for, or else all that are built here.
fn asked_for(topology: &Topology) -> anyhow::Result<Vec<String>> {
    let asked = fs::read_to_string(request_file(&topology.root)).unwrap_or_default();
    if asked.is_empty() {
        return Ok(topology.built_services().map(str::to_owned).collect());
    }
    topology.built_service(&asked)?;
    Ok(vec![asked])
}

/// Asks the system of the repository in `root` that runs natively to replace the replicas of `service`, or of all services. It
/// tells each step where it runs. Gives `false` if none runs.
///
/// # Errors
/// When that cannot be found out, or it cannot be told.
pub fn ask_to_roll(root: &Path, service: Option<&str>) -> anyhow::Result<bool> {
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
            let request = request_file(root);
            fs::write(&request, service.unwrap_or_default())
                .with_context(|| format!("cannot write {}", request.display()))?;
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

/// Where it stands what is to be replaced. A signal can say nothing but that it has come.
fn request_file(root: &Path) -> PathBuf {
    root.join("target/native.roll")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::topology::workspace_root;

    #[test]
    fn only_a_system_that_runs_is_asked() {
        let root = tempfile::tempdir().unwrap();
        assert!(!ask_to_roll(root.path(), None).unwrap());
        let running = say_that_it_runs(root.path()).unwrap();
        assert!(running.is_some());
        assert!(say_that_it_runs(root.path()).unwrap().is_none());
        drop(running);
        assert!(!ask_to_roll(root.path(), None).unwrap());
    }

    #[test]
    fn one_service_is_replaced_or_all_are() {
        let root = tempfile::tempdir().unwrap();
        let mut topology = Topology::load(&workspace_root()).unwrap();
        let all: Vec<String> = topology.built_services().map(str::to_owned).collect();
        topology.root = root.path().to_owned();
        let request = request_file(root.path());
        fs::create_dir_all(request.parent().unwrap()).unwrap();
        assert_eq!(
            asked_for(&topology).unwrap(),
            all,
            "nobody has said anything"
        );
        for service in &all {
            fs::write(&request, service).unwrap();
            assert_eq!(asked_for(&topology).unwrap(), [service.as_str()]);
        }
        fs::write(&request, "nobody").unwrap();
        let error = asked_for(&topology).unwrap_err().to_string();
        assert!(error.contains("nobody"), "{error}");
        fs::write(&request, "").unwrap();
        assert_eq!(asked_for(&topology).unwrap(), all);
    }
}
