//! What the kernel knows of a process: its memory and its processor time. Linux only.

use std::time::Duration;

use anyhow::bail;

/// Whether this system tells what this module asks.
pub const AVAILABLE: bool = cfg!(target_os = "linux");

/// Resident memory of the processes together, in bytes.
///
/// # Errors
/// When a process has ended, and on other systems than Linux.
#[cfg(target_os = "linux")]
pub fn resident(pids: &[u32]) -> anyhow::Result<u64> {
    let mut kilobytes = 0;
    for pid in pids {
        let status = linux::process(*pid)?.status()?;
        let Some(resident) = status.vmrss else {
            bail!("the kernel tells no VmRSS of process {pid}");
        };
        kilobytes += resident;
    }
    Ok(kilobytes * 1_024)
}

/// Processor time that the processes have used together, user and system.
///
/// # Errors
/// When a process has ended, and on other systems than Linux.
#[cfg(target_os = "linux")]
pub fn processor_time(pids: &[u32]) -> anyhow::Result<Duration> {
    let mut ticks = 0;
    for pid in pids {
        let stat = linux::process(*pid)?.stat()?;
        ticks += stat.utime + stat.stime;
    }
    Ok(Duration::from_millis(
        ticks * 1_000 / procfs::ticks_per_second(),
    ))
}

#[cfg(target_os = "linux")]
mod linux {
    use anyhow::Context;
    use procfs::process::Process;

    pub fn process(pid: u32) -> anyhow::Result<Process> {
        Process::new(i32::try_from(pid)?)
            .with_context(|| format!("process {pid} cannot be read; has it ended?"))
    }
}

#[cfg(not(target_os = "linux"))]
pub fn resident(_pids: &[u32]) -> anyhow::Result<u64> {
    bail!("memory of a server is read from /proc, which only Linux has")
}

#[cfg(not(target_os = "linux"))]
pub fn processor_time(_pids: &[u32]) -> anyhow::Result<Duration> {
    bail!("processor time of a server is read from /proc, which only Linux has")
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use procfs::{
        FromRead,
        process::{Stat, Status},
    };

    use super::*;

    /// The second field is the program's name, which may hold blanks and brackets.
    #[test]
    fn the_kernels_files_are_understood() {
        let stat = "7 (a ) b) S 1 7 7 0 -1 4194560 123 0 0 0 250 50 0 0 20 0 1 0 9 9 0 0 0 0 0 0 0 0 0 0 0 0 0 17 0 0 0";
        let stat = Stat::from_read(stat.as_bytes()).unwrap();
        assert_eq!(stat.utime + stat.stime, 300);
        let own = std::fs::read("/proc/self/status").unwrap();
        assert!(Status::from_read(&own[..]).unwrap().vmrss > Some(100));
        // A process that is ending has a status, and no memory any more.
        let own = String::from_utf8(own).unwrap();
        let ending: String = own
            .split_inclusive('\n')
            .filter(|line| !line.starts_with("VmRSS:"))
            .collect();
        let ending = Status::from_read(ending.as_bytes()).unwrap();
        assert_eq!(ending.vmrss, None);
    }

    #[test]
    fn this_process_has_memory() {
        let own = [std::process::id()];
        assert!(resident(&own).unwrap() > 100_000);
        assert!(processor_time(&own).is_ok());
    }
}
