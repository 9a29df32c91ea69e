//! One match after another: who may join it, and how it is played.

pub mod config;
pub mod counters;
pub mod director;
pub mod frames;
pub mod phase;
pub mod play;
pub mod room;
pub mod stage;

#[cfg(test)]
mod tests;
