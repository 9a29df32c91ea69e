//! A full disk, without filling one: a process whose files may not grow.

use std::{fs, path::Path};

use anyhow::Context;

/// Why that cannot be done here, if it cannot.
#[must_use]
pub fn cannot() -> Option<&'static str> {
    if cfg!(target_os = "linux") {
        None
    } else {
        Some("only Linux lets the files of a running process be limited")
    }
}

/// Lets no file of process `pid` grow beyond what the largest in `folder` has now. The process must not die of
/// SIGXFSZ; crate `stack` starts each Redis so.
///
/// # Errors
/// When the system refuses.
pub fn fill(pid: u32, folder: &Path) -> anyhow::Result<()> {
    let size = largest(folder).with_context(|| format!("cannot look into {}", folder.display()))?;
    limit(pid, Some(size))
}

/// Lets the files of process `pid` grow again.
///
/// # Errors
/// When the system refuses.
pub fn empty(pid: u32) -> anyhow::Result<()> {
    limit(pid, None)
}

/// Bytes of the largest file in a folder, and in those below it.
fn largest(folder: &Path) -> std::io::Result<u64> {
    let mut largest = 0;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let data = entry.metadata()?;
        let size = if data.is_dir() {
            self::largest(&entry.path())?
        } else {
            data.len()
        };
        largest = largest.max(size);
    }
    Ok(largest)
}

/// Only the soft limit is changed: who lowers the hard one cannot raise it again.
#[cfg(target_os = "linux")]
fn limit(pid: u32, bytes: Option<u64>) -> anyhow::Result<()> {
    use rlimit::{Resource, prlimit};
    let pid = i32::try_from(pid).context("a process id that is too large")?;
    let (mut soft, mut hard) = (0, 0);
    prlimit(pid, Resource::FSIZE, None, Some((&mut soft, &mut hard)))
        .context("the limit of a process's files cannot be read")?;
    let soft = bytes.unwrap_or(hard);
    prlimit(pid, Resource::FSIZE, Some((soft, hard)), None)
        .context("the limit of a process's files cannot be set")
}

#[cfg(not(target_os = "linux"))]
fn limit(_: u32, _: Option<u64>) -> anyhow::Result<()> {
    anyhow::bail!("{}", cannot().unwrap_or_default())
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::process::{Command, Stdio};

    use super::*;

    #[test]
    fn a_full_disk_can_be_emptied_again() {
        let folder = stack::workspace_root().join("redis");
        let size = largest(&folder).unwrap();
        assert!(size > 0);
        // It reads until its input ends, and it ends when the pipe is dropped.
        let mut reader = Command::new("cat").stdin(Stdio::piped()).spawn().unwrap();
        let soft = |pid: u32| {
            let (mut soft, mut hard) = (0, 0);
            let pid = i32::try_from(pid).unwrap();
            let limits = Some((&mut soft, &mut hard));
            rlimit::prlimit(pid, rlimit::Resource::FSIZE, None, limits).unwrap();
            (soft, hard)
        };
        let before = soft(reader.id());
        fill(reader.id(), &folder).unwrap();
        assert_eq!(soft(reader.id()), (size, before.1));
        empty(reader.id()).unwrap();
        assert_eq!(soft(reader.id()), (before.1, before.1));
        drop(reader.stdin.take());
        assert!(reader.wait().unwrap().success());
    }
}
