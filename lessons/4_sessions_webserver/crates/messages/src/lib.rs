//! What was said to *this* replica. The others have lists of their own, and none knows of the rest.

mod messages;

pub use messages::Messages;
