//! What a system that was ended by force has left running, and its end.

use std::{
    fs::{self, File, TryLockError},
    io::Read,
    os::unix::fs::FileExt,
    path::{Path, PathBuf},
    process::Stdio,
};

use anyhow::Context;
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};

/// The file that the system itself holds, in the folder of its run.
const ITSELF: &str = "up";

/// The folder of one run of the system, with a file for the system itself and one for each of its processes.
///
/// Whoever runs holds a lock on its file, and a process has it as its standard input. The operating system takes the lock away
/// when the process ends, however it ends, so what a file says of a process is never of another one that has its number by now.
#[derive(Debug)]
pub struct Run {
    folder: PathBuf,
    _itself: File,
}

/// The file of one process.
#[derive(Debug)]
pub(super) struct Record(File);

impl Run {
    /// Ends what earlier runs of the repository in `root` have left, and begins one. Gives how many processes were ended, too.
    ///
    /// # Errors
    /// When the files cannot be written, or a process cannot be ended.
    pub(super) fn begin(root: &Path) -> anyhow::Result<(Run, usize)> {
        let all = root.join("target/native");
        let ended = end_leftovers(&all)?;
        let folder = all.join(std::process::id().to_string());
        fs::create_dir_all(&folder).with_context(|| cannot_write(&folder))?;
        let itself = locked(&folder.join(ITSELF))?;
        let run = Run {
            folder,
            _itself: itself,
        };
        Ok((run, ended))
    }

    /// The file for a process of this name. It is the process that holds it, once this value is dropped.
    ///
    /// # Errors
    /// When it cannot be written, or a process of this name runs.
    pub(super) fn record(&self, name: &str) -> anyhow::Result<Record> {
        locked(&self.folder.join(name)).map(Record)
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        // Everything has ended. What cannot be removed is found at the next start.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

impl Record {
    /// The file as the standard input of the process that it is for.
    pub(super) fn stdin(&self) -> std::io::Result<Stdio> {
        self.0.try_clone().map(Stdio::from)
    }

    /// Writes down which process it is.
    pub(super) fn write(&self, process: u32) -> std::io::Result<()> {
        self.0.set_len(0)?;
        self.0.write_all_at(process.to_string().as_bytes(), 0)
    }
}

/// Ends every process of a run whose system has ended, and removes their files.
fn end_leftovers(all: &Path) -> anyhow::Result<usize> {
    let mut ended = 0;
    let Ok(runs) = fs::read_dir(all) else {
        return Ok(ended);
    };
    for run in runs {
        let run = run?.path();
        let itself = run.join(ITSELF);
        if itself.exists() && is_held(&itself)? {
            continue;
        }
        for file in fs::read_dir(&run).with_context(|| format!("cannot read {}", run.display()))? {
            let file = file?.path();
            if is_held(&file)? {
                end(&file)?;
                ended += 1;
            }
        }
        fs::remove_dir_all(&run).with_context(|| format!("cannot remove {}", run.display()))?;
    }
    Ok(ended)
}

/// Ends the process that holds this file, and waits until it is gone.
fn end(path: &Path) -> anyhow::Result<()> {
    let mut file = File::open(path).with_context(|| format!("cannot open {}", path.display()))?;
    let mut text = String::new();
    file.read_to_string(&mut text)?;
    // One that was ended by force before it was written down has no number here.
    let Ok(process) = text.parse() else {
        return Ok(());
    };
    kill(Pid::from_raw(process), Signal::SIGKILL)
        .with_context(|| format!("process {process} was left running, and cannot be ended"))?;
    // The system gives the lock to us as soon as the process is gone.
    file.lock()
        .with_context(|| format!("cannot lock {}", path.display()))
}

fn is_held(path: &Path) -> anyhow::Result<bool> {
    let file = File::open(path).with_context(|| format!("cannot open {}", path.display()))?;
    match file.try_lock() {
        Ok(()) => Ok(false),
        Err(TryLockError::WouldBlock) => Ok(true),
        Err(TryLockError::Error(error)) => {
            Err(error).with_context(|| format!("cannot lock {}", path.display()))
        }
    }
}

fn locked(path: &Path) -> anyhow::Result<File> {
    let mut options = File::options();
    let options = options.create(true).read(true).write(true).truncate(false);
    let file = options.open(path).with_context(|| cannot_write(path))?;
    file.try_lock()
        .map_err(std::io::Error::from)
        .with_context(|| format!("cannot lock {}", path.display()))?;
    Ok(file)
}

fn cannot_write(path: &Path) -> String {
    format!("cannot write {}", path.display())
}

#[cfg(test)]
mod tests {
    use std::{
        os::unix::process::ExitStatusExt,
        process::{Child, Command},
        thread,
        time::{Duration, Instant},
    };

    use super::*;

    /// A process that ends only when it is made to, at the latest when the test has failed.
    struct Endless(Child);

    impl Endless {
        fn start(record: &Record) -> Self {
            let mut sleep = Command::new("sleep");
            let child = sleep.arg("600").stdin(record.stdin().unwrap()).spawn();
            let child = child.unwrap();
            record.write(child.id()).unwrap();
            Self(child)
        }
    }

    impl Drop for Endless {
        fn drop(&mut self) {
            let _ = self.0.kill();
            let _ = self.0.wait();
        }
    }

    /// Ends what was left, when it is seen that its system has ended.
    ///
    /// Each program that another test of this process starts has copies of our files for a moment, and with them the locks.
    fn end_leftovers_in_time(all: &Path) -> usize {
        let begun = Instant::now();
        loop {
            let ended = end_leftovers(all).unwrap();
            if ended > 0 || begun.elapsed() > Duration::from_secs(20) {
                return ended;
            }
            thread::sleep(Duration::from_millis(10));
        }
    }

    #[test]
    fn what_was_left_is_ended_at_the_next_start_and_nothing_else() {
        let root = tempfile::tempdir().unwrap();
        let (run, ended) = Run::begin(root.path()).unwrap();
        assert_eq!(ended, 0);
        let record = run.record("replica").unwrap();
        let mut child = Endless::start(&record);
        let all = root.path().join("target/native");
        assert_eq!(end_leftovers(&all).unwrap(), 0, "its system still runs");
        assert!(child.0.try_wait().unwrap().is_none());

        // As SIGKILL does it: the files stay, and the locks of the system are gone.
        let folder = run.folder.clone();
        let kept = tempfile::tempdir().unwrap();
        fs::rename(&folder, kept.path().join("run")).unwrap();
        drop((run, record));
        fs::rename(kept.path().join("run"), &folder).unwrap();
        assert_eq!(end_leftovers_in_time(&all), 1);
        assert_eq!(child.0.wait().unwrap().signal(), Some(9));
        assert!(!folder.exists());
    }
}
