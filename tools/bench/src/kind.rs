//! Which servers there are to measure.

use std::fmt;

use clap::ValueEnum;
use serde::Serialize;

/// Which server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// The web server of this repository, without a window: each message is written at once
    Ours,
    /// The same with its window, in which what is said is gathered
    Gathering,
    /// One send for each message and socket
    Textbook,
    /// A loop that writes ready-made frames
    Raw,
    /// The web server that --before names, which is how it is chosen
    #[value(skip)]
    Before,
}

impl Kind {
    /// Whether it is a web server of this repository, and wants a login.
    #[must_use]
    pub fn is_ours(self) -> bool {
        matches!(self, Kind::Ours | Kind::Gathering | Kind::Before)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Kind::Ours => "ours",
            Kind::Gathering => "gathering",
            Kind::Textbook => "textbook",
            Kind::Raw => "raw",
            Kind::Before => "before",
        })
    }
}
