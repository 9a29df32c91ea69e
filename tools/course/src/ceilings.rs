//! How many marks there may be.

use serde::Deserialize;

/// How many marks there may be beside those of a lesson.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ceilings {
    /// In one file.
    pub file: usize,
    /// Lines of main, in all, that stand commented out because a later lesson removes them.
    pub removed: usize,
    /// For a lesson that does not say otherwise.
    pub lesson: usize,
}

impl Default for Ceilings {
    fn default() -> Self {
        Self {
            file: 12,
            removed: 20,
            lesson: 10,
        }
    }
}
