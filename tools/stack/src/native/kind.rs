//! What the native engine must know of a server that this repository does not build: one value for each kind.

use std::{
    ffi::OsString,
    fmt,
    path::{Path, PathBuf},
};

use super::{network::Network, ready::Ready};

/// What to start, and how to wait for it.
///
/// A new kind of server is a new value of this type, in a file of its own, and an entry in the list of all kinds.
/// Everything else, from its ports to the ways of ending it, is the same for all of them.
pub struct ServerKind {
    /// The image of its containers, without a version. Services of the compose file are told by it.
    pub image: &'static str,
    /// The name of its program.
    pub program: &'static str,
    /// What to do on a machine that does not have it.
    pub cure: &'static str,
    /// The ports that it listens on in its container. The first is the one that others reach it on.
    pub ports: &'static [u16],
    /// The variable in which the compose file gives it its password, if it has one.
    pub password: Option<&'static str>,
    /// Writes the configuration that it needs into its folder, and gives its arguments.
    pub arguments: fn(&Setting<'_>) -> anyhow::Result<Vec<OsString>>,
    /// By what it is seen that it is ready.
    pub ready: fn(&Setting<'_>) -> anyhow::Result<Ready>,
}

/// Where one server runs.
pub struct Setting<'a> {
    /// The name of its service in the compose file.
    pub name: &'a str,
    /// The folder with the compose file and every server's configuration.
    pub root: &'a Path,
    /// A folder of its own, which it keeps over restarts.
    pub folder: &'a Path,
    /// Where the others are.
    pub network: &'a Network,
}

impl Setting<'_> {
    /// The folder that it keeps its data in.
    #[must_use]
    pub fn data(&self) -> PathBuf {
        data(self.folder)
    }
}

impl fmt::Debug for ServerKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.program)
    }
}

impl fmt::Display for ServerKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.program)
    }
}

/// The folder for a server's data, below the folder that is its own.
pub(crate) fn data(folder: &Path) -> PathBuf {
    folder.join("data")
}
