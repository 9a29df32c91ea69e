//! How many files and sockets a process may have open.

use nix::sys::resource::{Resource, getrlimit, setrlimit};

/// Enough for tens of thousands of sockets. The hard limit may be a thousand times that, or have no end at all,
/// which not every system accepts as a soft one.
const OPEN_FILES: u64 = 1 << 16;

/// Lets this process and those that it starts have as many files open as the system allows, up to 65,536.
///
/// The usual soft limit is 1,024, which is less than one replica's sockets. Where it cannot be raised it stays, and
/// whoever then runs out of sockets says so.
pub fn raise_open_files() {
    if let Ok((soft, hard)) = getrlimit(Resource::RLIMIT_NOFILE)
        && soft < OPEN_FILES
    {
        let _ = setrlimit(
            Resource::RLIMIT_NOFILE,
            OPEN_FILES.min(hard).max(soft),
            hard,
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_is_raised_as_far_as_allowed() {
        raise_open_files();
        let (soft, hard) = getrlimit(Resource::RLIMIT_NOFILE).unwrap();
        assert!(soft >= OPEN_FILES.min(hard));
    }
}
