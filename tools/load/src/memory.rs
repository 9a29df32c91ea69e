//! What the kernel knows of a process: its memory and its processor time. Linux only.

use std::{fs, time::Duration};

use anyhow::{Context, bail};
use nix::unistd::{SysconfVar, sysconf};

/// Whether this system tells what this module asks.
pub const AVAILABLE: bool = cfg!(target_os = "linux");

/// Resident memory of the processes together, in bytes (`VmRSS` of `/proc/PID/status`).
///
/// # Errors
/// When a process has ended, and on other systems than Linux.
pub fn resident(pids: &[u32]) -> anyhow::Result<u64> {
    let mut sum = 0;
    for pid in pids {
        sum += parse_resident(&read(*pid, "status")?)
            .with_context(|| format!("/proc/{pid}/status names no VmRSS"))?;
    }
    Ok(sum)
}

/// Processor time that the processes have used together, user and system.
///
/// # Errors
/// When a process has ended, and on other systems than Linux.
pub fn processor_time(pids: &[u32]) -> anyhow::Result<Duration> {
    let per_second = sysconf(SysconfVar::CLK_TCK)
        .ok()
        .flatten()
        .and_then(|ticks| u64::try_from(ticks).ok())
        .unwrap_or(100);
    let mut ticks = 0;
    for pid in pids {
        ticks += parse_ticks(&read(*pid, "stat")?)
            .with_context(|| format!("/proc/{pid}/stat has another form than expected"))?;
    }
    Ok(Duration::from_millis(ticks * 1_000 / per_second))
}

fn read(pid: u32, file: &str) -> anyhow::Result<String> {
    if !AVAILABLE {
        bail!("memory and processor time of a server are read from /proc, which only Linux has");
    }
    fs::read_to_string(format!("/proc/{pid}/{file}"))
        .with_context(|| format!("process {pid} cannot be read; has it ended?"))
}

fn parse_resident(status: &str) -> Option<u64> {
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kilobytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes * 1_024)
}

/// User and system time are the 14th and 15th field. The second is the program's name, which may hold blanks
/// and brackets, so fields are counted from behind its last bracket.
fn parse_ticks(stat: &str) -> Option<u64> {
    let (_, fields) = stat.rsplit_once(") ")?;
    let mut fields = fields.split(' ').skip(11);
    let user: u64 = fields.next()?.parse().ok()?;
    let system: u64 = fields.next()?.parse().ok()?;
    Some(user + system)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kernels_files_are_understood() {
        assert_eq!(
            parse_resident("VmPeak:\t  9 kB\nVmRSS:\t   2044 kB\n"),
            Some(2_093_056)
        );
        assert_eq!(parse_resident("Name:\tx\n"), None);
        let stat = "7 (a ) b) S 1 7 7 0 -1 4194560 123 0 0 0 250 50 0 0 20 0 1 0 9 9";
        assert_eq!(parse_ticks(stat), Some(300));
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn this_process_has_memory() {
        let own = [std::process::id()];
        assert!(resident(&own).unwrap() > 100_000);
        assert!(processor_time(&own).is_ok());
    }
}
