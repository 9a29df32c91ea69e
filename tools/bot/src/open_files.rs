//! How many files this process may have open. Every socket is one.

use std::io;

/// Files that this process needs beside its sockets, rounded up.
const BESIDE: u64 = 100;

/// More than there are ports to connect from. The hard limit may be far above what the system then accepts.
const ENOUGH: u64 = 1 << 17;

/// Why so many sockets cannot be open.
#[derive(Debug, thiserror::Error)]
pub enum OpenFilesError {
    /// The system does not let the limit be read or raised.
    #[error("cannot raise the limit of open files")]
    System(#[source] io::Error),
    /// The hard limit is too low.
    #[error(
        "{sockets} sockets need {needed} open files and this system allows {allowed}; take fewer clients, or raise the hard limit (ulimit -Hn)"
    )]
    TooFew {
        /// How many are wanted.
        sockets: usize,
        /// How many files that takes.
        needed: u64,
        /// How many there can be.
        allowed: u64,
    },
}

/// Makes sure that `sockets` sockets can be open at the same time: raises the soft limit of open files to the hard limit,
/// or to 131,072 if that is less.
///
/// The soft limit is 1,024 on most systems, for the sake of old programs that use `select`.
///
/// # Errors
/// When the system refuses, or the hard limit is too low; with the cure.
pub fn ensure_open_files(sockets: usize) -> Result<(), OpenFilesError> {
    let allowed = rlimit::increase_nofile_limit(ENOUGH).map_err(OpenFilesError::System)?;
    let needed = sockets as u64 + BESIDE;
    if needed > allowed {
        return Err(OpenFilesError::TooFew {
            sockets,
            needed,
            allowed,
        });
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
