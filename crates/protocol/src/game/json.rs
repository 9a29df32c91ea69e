//! Frames as text.

use serde::Serialize;

/// The text of a frame.
pub(super) fn to_json(frame: &impl Serialize) -> String {
    match serde_json::to_string(frame) {
        Ok(text) => text,
        Err(error) => unreachable!("strings and numbers always become JSON: {error}"),
    }
}
