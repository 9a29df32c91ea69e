//! What can run the system, and what cannot be done to it there.

use crate::{disk, plan::Fault};

/// What runs the system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// Processes of this machine.
    Native,
    /// Containers, with Docker Compose.
    Docker,
}

impl Engine {
    /// Its name in the report.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Engine::Native => "native",
            Engine::Docker => "docker",
        }
    }

    /// Why a fault cannot be there, if it cannot.
    #[must_use]
    pub fn cannot(self, fault: Fault) -> Option<&'static str> {
        match (self, fault) {
            (Engine::Native, Fault::PubsubFull) => disk::cannot(),
            (Engine::Docker, Fault::PubsubFull) => {
                Some("the files of a process in a container cannot be limited from outside")
            }
            (Engine::Native, fault) if fault.needs_cables() && !cfg!(target_os = "linux") => {
                Some("only Linux has several addresses for its own machine")
            }
            _ => None,
        }
    }
}
