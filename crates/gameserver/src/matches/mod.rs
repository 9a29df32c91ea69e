//! The matches of this server: who may join one, how it is played, and what becomes of it.

pub mod checkpoint;
pub mod claims;
pub mod config;
pub mod counters;
pub mod departed;
pub mod director;
pub mod frames;
pub mod phase;
pub mod play;
pub mod possession;
pub mod presence;
pub mod registrar;
pub mod room;
pub mod rooms;
pub mod stage;

#[cfg(test)]
mod grace_tests;
#[cfg(test)]
mod takeover_tests;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
