//! What crosses the wire between the servers and their clients, as types that both sides use.
//!
//! Nothing here sends or receives: whoever uses these types brings the connection.

mod close; // lesson 6
mod frames; // lesson 6
mod id;
pub mod limits;
mod message;

pub use close::CloseReason; // lesson 6
pub use frames::{ClientFrame, ParseFrameError, ServerFrame}; // lesson 6
pub use id::Id;
pub use id::ParseIdError; // lesson 7
pub use message::{Message, MessagePage, timestamp};
