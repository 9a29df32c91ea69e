//! What crosses the wire between the servers and their clients, as types that both sides use.
//!
//! Nothing here sends or receives: whoever uses these types brings the connection.

mod close;
mod frames;
mod id;
pub mod limits;
mod message;
mod player;

pub use close::CloseReason;
pub use frames::{ClientFrame, ParseFrameError, ServerFrame};
pub use id::Id;
pub use id::ParseIdError;
pub use message::{Message, MessagePage, timestamp};
pub use player::{ParsePlayerIdError, PlayerId};
