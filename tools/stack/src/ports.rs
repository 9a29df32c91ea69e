//! Ports of this machine that nobody else takes.

use std::{
    fs::{File, TryLockError},
    net::{Ipv4Addr, Ipv6Addr, TcpListener, TcpStream},
    path::PathBuf,
};

use anyhow::{Context, bail};

/// Below the range from which the kernel takes ports for outgoing connections (32768 and up on Linux), so no
/// connection can take a port between its reservation and its use.
const RANGE: std::ops::Range<u16> = 20_000..30_000;

/// A port of 127.0.0.1 that this stack may use for as long as it holds this value.
///
/// Consul and Traefik must be told their ports, and must get the same ones again after a restart. Asking the
/// system for a free port and giving it back would let another test take it meanwhile. So each port has a
/// lock file, and the system releases the lock even if the process is killed.
#[derive(Debug)]
pub struct Port {
    number: u16,
    _lock: File,
}

impl Port {
    /// Takes any free one.
    ///
    /// # Errors
    /// When none is free, or the lock files cannot be used.
    pub fn reserve() -> anyhow::Result<Port> {
        let folder = lock_folder()?;
        // Starting at a place of its own keeps two processes from trying the same ports one after another.
        let span = u32::from(RANGE.end - RANGE.start);
        let first = std::process::id().wrapping_mul(31) % span;
        for step in 0..span {
            let offset = u16::try_from((first + step) % span).unwrap_or(0);
            let number = RANGE.start + offset;
            let path = folder.join(number.to_string());
            let lock =
                File::create(&path).with_context(|| format!("cannot create {}", path.display()))?;
            match lock.try_lock() {
                Ok(()) if is_free(number) => {
                    return Ok(Port {
                        number,
                        _lock: lock,
                    });
                }
                Ok(()) | Err(TryLockError::WouldBlock) => {}
                Err(TryLockError::Error(error)) => {
                    return Err(error).with_context(|| format!("cannot lock {}", path.display()));
                }
            }
        }
        bail!("no port from {} to {} is free", RANGE.start, RANGE.end - 1)
    }

    /// Takes the one that a person asked for.
    ///
    /// # Errors
    /// When it is taken.
    pub fn fixed(number: u16) -> anyhow::Result<Port> {
        let cure = "choose another with --port";
        if let Err(reason) = TcpListener::bind((Ipv4Addr::LOCALHOST, number)) {
            bail!("port {number} of 127.0.0.1 cannot be used ({reason}); {cure}");
        }
        if !nobody_is_before(number) {
            bail!(
                "another program listens on port {number} of [::1], which is asked first for names in .localhost; {cure}"
            );
        }
        let path = lock_folder()?.join(number.to_string());
        let lock =
            File::create(&path).with_context(|| format!("cannot create {}", path.display()))?;
        Ok(Port {
            number,
            _lock: lock,
        })
    }

    /// Its number.
    #[must_use]
    pub fn number(&self) -> u16 {
        self.number
    }

    /// Host and port.
    #[must_use]
    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.number)
    }
}

fn lock_folder() -> anyhow::Result<PathBuf> {
    // Each user has a folder, since one could not lock another's files.
    let folder =
        std::env::temp_dir().join(format!("goatscale-ports-{}", nix::unistd::Uid::current()));
    std::fs::create_dir_all(&folder)
        .with_context(|| format!("cannot create {}", folder.display()))?;
    Ok(folder)
}

fn is_free(number: u16) -> bool {
    TcpListener::bind((Ipv4Addr::LOCALHOST, number)).is_ok() && nobody_is_before(number)
}

/// Whether nobody would answer in our place: browsers and curl go to [::1] first for a name in `.localhost`, and to 127.0.0.1 only
/// where nobody listens there.
fn nobody_is_before(number: u16) -> bool {
    TcpStream::connect((Ipv6Addr::LOCALHOST, number)).is_err()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_that_another_program_has_on_the_other_loopback_is_not_taken() {
        // A machine without IPv6 has no such port.
        let Ok(other) = TcpListener::bind((Ipv6Addr::LOCALHOST, 0)) else {
            return;
        };
        let number = other.local_addr().unwrap().port();
        assert!(!is_free(number));
        let error = Port::fixed(number).unwrap_err().to_string();
        assert!(error.contains("[::1]"), "{error}");
    }

    #[test]
    fn two_reservations_never_share_a_port() {
        let ports: Vec<Port> = (0..20).map(|_| Port::reserve().unwrap()).collect();
        let mut numbers: Vec<u16> = ports.iter().map(Port::number).collect();
        numbers.sort_unstable();
        numbers.dedup();
        assert_eq!(numbers.len(), ports.len());
    }
}
