//! What crosses the wire between the servers and their clients, as types that both sides use.
//!
//! Nothing here sends or receives: whoever uses these types brings the connection.

mod close;
mod frames;
pub mod game;
mod id;
pub mod limits;
mod message;
mod player;
pub mod serial;
mod who;

pub use close::CloseReason;
pub use frames::{BadFrameError, ClientFrame, ParseFrameError, ServerFrame};
pub use id::Id;
pub use id::ParseIdError;
pub use message::{Message, MessagePage, timestamp};
pub use player::{ParsePlayerIdError, PlayerId};
pub use who::Who;
