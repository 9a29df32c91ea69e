//! What the tests of all lessons share: the probes, and the stack as tests start it.
//!
//! A *probe* is the problem that a lesson leaves, as a test from outside. It fails on that lesson in the way
//! its walkthrough says, and passes on the next. Here it is a function that says which of both happened; the
//! lesson's tests say which of both they expect.

pub mod answer;
pub mod chat;
pub mod goat;
pub mod here;
pub mod history;
pub mod player;
pub mod probes;
pub mod redis;
pub mod redis_bytes;
pub mod repeat;
pub mod socket;
pub mod wire;

/// A builder for stacks under load. The log line for each answer would only cost time there.
#[must_use]
pub fn quiet() -> stack::Builder {
    stack::Stack::builder().environment("LOG", "info,service::request_log=warn")
}
