//! How much memory a socket may take.

use axum::extract::WebSocketUpgrade;
use protocol::limits::MAX_FRAME;

/// The largest message that is read at all, in bytes. A larger one ends the socket before it is here.
const MAX_MESSAGE: usize = 2 * MAX_FRAME;

/// How much is read at once, in bytes, and kept for it: most of what players say fits, and what is longer is read in parts. The
/// library's default of 128 KiB would be 1.3 GB for ten thousand players who say nothing.
const READ_BUFFER: usize = 1024;

/// Up to so many bytes are gathered before they are written, so that a burst of small frames becomes one system call. The
/// buffer keeps the size that it once had, for every socket: more would be memory for nothing most of the time.
const WRITE_BUFFER: usize = 1024;

/// Where a socket is given up that takes nothing, in bytes.
const MAX_WRITE_BUFFER: usize = 1024 * 1024;

/// Gives a socket that is about to be opened the buffers for a server with many of them.
pub fn buffers(upgrade: WebSocketUpgrade) -> WebSocketUpgrade {
    upgrade
        .max_message_size(MAX_MESSAGE)
        .max_frame_size(MAX_MESSAGE)
        .read_buffer_size(READ_BUFFER)
        .write_buffer_size(WRITE_BUFFER)
        .max_write_buffer_size(MAX_WRITE_BUFFER)
}
