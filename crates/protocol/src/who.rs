//! Who somebody is, as others are told it.

use serde::{Deserialize, Serialize};

use crate::player::PlayerId;

/// Who somebody is: the id, which no two have, and the name, which two may have.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Who {
    /// Which player.
    pub player: PlayerId,
    /// What they are called.
    pub name: String,
}
