//! The id of a message.

use std::fmt;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What a message is called, on every replica: a UUID of version 7.
///
/// It begins with the time, so ids sort by when a message was taken, and no two replicas make the same.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Id(Uuid);

impl Id {
    /// A new id, for a message that is taken now.
    #[must_use]
    pub fn generate() -> Id {
        Id(Uuid::now_v7())
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
