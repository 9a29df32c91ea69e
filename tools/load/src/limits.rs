//! How many files this process may have open. Every socket is one.

use anyhow::{Context, bail};
use nix::sys::resource::{Resource, getrlimit, setrlimit};

/// Files that this process needs beside its sockets, rounded up.
const BESIDE: u64 = 100;

/// More than there are ports to connect from. The hard limit may be far above what the system then accepts.
const ENOUGH: u64 = 1 << 17;

/// Raises the soft limit of open files to the hard limit, or to 131,072 if that is less, and gives it.
///
/// The soft limit is 1,024 on most systems, for the sake of old programs that use `select`.
///
/// # Errors
/// When the system refuses.
pub fn raise_open_files() -> anyhow::Result<u64> {
    let (soft, hard) =
        getrlimit(Resource::RLIMIT_NOFILE).context("cannot read the limit of open files")?;
    // macOS calls the hard limit unlimited and then refuses more than this.
    let most = if cfg!(target_os = "macos") {
        10_240
    } else {
        ENOUGH
    };
    let wanted = hard.min(most);
    if soft < wanted {
        setrlimit(Resource::RLIMIT_NOFILE, wanted, hard)
            .context("cannot raise the limit of open files")?;
        return Ok(wanted);
    }
    Ok(soft)
}

/// Makes sure that `sockets` sockets can be open at the same time.
///
/// # Errors
/// When the hard limit is too low, with the cure.
pub fn ensure_open_files(sockets: usize) -> anyhow::Result<()> {
    let limit = raise_open_files()?;
    let needed = sockets as u64 + BESIDE;
    if needed > limit {
        bail!(
            "{sockets} sockets need {needed} open files and this system allows {limit}; take fewer clients, or raise the hard limit (ulimit -Hn)"
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_that_cannot_be_is_refused_with_the_cure() {
        assert!(ensure_open_files(1).is_ok());
        let error = ensure_open_files(1 << 40).unwrap_err().to_string();
        assert!(error.contains("ulimit -Hn"), "{error}");
    }
}
