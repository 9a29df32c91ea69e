//! What this process takes of the machine, as Linux tells it in `/proc`.

use std::fs;

use crate::registry::{Kind, Labels, read};

/// In what Linux counts the time of a processor towards programs: hundredths of a second, on every machine.
const TICKS_PER_SECOND: f64 = 100.0;

/// Has it told what this process takes, and which `version` of the program it is.
pub fn measure_process(version: &'static str) {
    read(
        Kind::Gauge,
        "build_info",
        "Which build this is.",
        move || vec![(vec![("version", version)], 1.0)],
    );
    one(
        Kind::Counter,
        "process_cpu_seconds",
        "Seconds of a processor that this process has used.",
        || Some(stat()?.processor_seconds),
    );
    one(
        Kind::Gauge,
        "process_start_time_seconds",
        "When this process started, in seconds since 1970.",
        start_time,
    );
    one(
        Kind::Gauge,
        "process_resident_memory_bytes",
        "Memory of this process that is in the machine's memory.",
        resident_bytes,
    );
    one(
        Kind::Gauge,
        "process_open_fds",
        "Files and connections that this process has open.",
        open_files,
    );
}

/// A number that may not be known, and is left out then.
fn one(
    kind: Kind,
    name: &'static str,
    help: &'static str,
    number: impl Fn() -> Option<f64> + Send + 'static,
) {
    read(kind, name, help, move || {
        let number = number().into_iter();
        number.map(|number| (Labels::new(), number)).collect()
    });
}

/// Of what `/proc/self/stat` says.
struct Stat {
    processor_seconds: f64,
    /// Since the machine started.
    started_after_seconds: f64,
}

fn stat() -> Option<Stat> {
    stat_of(&fs::read_to_string("/proc/self/stat").ok()?)
}

fn stat_of(text: &str) -> Option<Stat> {
    // The second field is the program's name, in parentheses, and may have blanks and parentheses itself.
    let (_, rest) = text.rsplit_once(')')?;
    let fields: Vec<&str> = rest.split_whitespace().collect();
    // What is the third field to proc(5) is the first here.
    let ticks = |field: usize| fields.get(field - 3)?.parse::<f64>().ok();
    Some(Stat {
        processor_seconds: (ticks(14)? + ticks(15)?) / TICKS_PER_SECOND,
        started_after_seconds: ticks(22)? / TICKS_PER_SECOND,
    })
}

fn start_time() -> Option<f64> {
    let text = fs::read_to_string("/proc/stat").ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("btime "))?;
    let machine_started: f64 = line.trim().parse().ok()?;
    Some(machine_started + stat()?.started_after_seconds)
}

fn resident_bytes() -> Option<f64> {
    let text = fs::read_to_string("/proc/self/status").ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kilobytes: f64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes * 1024.0)
}

fn open_files() -> Option<f64> {
    // Since Linux 6.2 the folder's length is their number. To count 20,000 of them takes milliseconds.
    let folder = "/proc/self/fd";
    let length = fs::metadata(folder).ok()?.len();
    if length > 0 {
        return Some(length as f64);
    }
    // One of them is the folder that is being read.
    Some(fs::read_dir(folder).ok()?.count().saturating_sub(1) as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_may_be_called_whatever_it_wants() {
        let text = "7 (a) b (c) R 1 7 7 0 -1 4194304 9 0 0 0 150 50 0 0 20 0 1 0 12345 8 9";
        let stat = stat_of(text).unwrap();
        assert_eq!(stat.processor_seconds, 2.0);
        assert_eq!(stat.started_after_seconds, 123.45);
        assert!(stat_of("7 (a) R 1").is_none());
    }

    #[test]
    fn this_process_is_measured() {
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        let age = now.unwrap().as_secs_f64() - start_time().unwrap();
        // The machine says when it started in whole seconds.
        assert!((-2.0..600.0).contains(&age), "{age}");
        assert!(resident_bytes().unwrap() > 100_000.0);
        assert!(stat().unwrap().processor_seconds >= 0.0);
        let before = open_files().unwrap();
        let file = fs::File::open("/proc/self/stat").unwrap();
        // Other tests open files, too.
        assert!(open_files().unwrap() > before - 10.0);
        drop(file);
    }
}
