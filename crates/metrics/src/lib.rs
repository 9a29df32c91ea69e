//! What happens in this process, as numbers that a Prometheus reads.
//!
//! A process is one replica, so there is one registry for it, and whoever counts something registers it there. Whoever asks gets
//! all of it as text ([`text`]).
//!
//! # What holds here
//!
//! - **There are as many series at the end as at the start.** A label is an [enum](label!) or a text of this program, so nobody who
//!   calls us can make a series, and nobody needs to ask how many there will be. All of them stand at 0 from the start: a
//!   series that comes into being with its first error has no error before it, and `rate()` would see none.
//! - **No label says who.** No player, no match, no address, no id of a request: those stand in the logs.
//! - **What is in the path of each delivery is one addition and no clock.** A message goes to thousands of sockets, and to look at a
//!   clock costs as much as twenty additions. So what is done per socket is counted, `n` at once per message, and clocks are looked
//!   at per message, per request and per tick.
//! - **Handles are kept.** A counter is an address in memory, and it is looked up once and not at each event.
//! - **To be asked costs nobody else anything.** What is asked for is read from memory. Nothing is waited for, and no other server is asked.

mod family;
pub mod label;
mod process;
mod registry;
mod route;

pub use family::{Counters, Gauges, Timings, counter, gauge, timing};
pub use label::Label;
pub use process::measure_process;
pub use prometheus_client::metrics::{counter::Counter, gauge::Gauge, histogram::Histogram};
pub use registry::{Kind, Labels, Series, read, register, text};
pub use route::route_of;

/// What the answer of whoever asks for [`text`] has as its `Content-Type`.
pub const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";
