//! As many game servers as the matches need, and some room.
//!
//! Whoever does this looks from outside, through Traefik, as anybody can, and starts and stops as a person does. So no container needs a
//! way to Docker, and the system plays on without whoever does it.

mod engines;
mod look;
mod options;
mod plan;
mod run;
mod turn;

pub use options::Options;
pub use run::Autoscaler;
pub use turn::Turn;
