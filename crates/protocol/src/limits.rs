//! The limits that a server enforces and a client has to know.

/// The longest text of a message, in characters (Unicode scalar values).
pub const MAX_TEXT: usize = 500;

// lesson 6
/// The longest reference that a client may give a frame, in bytes. The shortest has one.
pub const MAX_REF: usize = 64;

// lesson 6
/// The largest frame that a client may send, in bytes.
pub const MAX_FRAME: usize = 16 * 1024;
