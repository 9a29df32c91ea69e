//! The lobby: players are led into matches, alone or with friends.

pub mod config;
pub mod fleet;
pub mod gone;
pub mod guesses;
pub mod http;
pub mod keys;
pub mod known_fleet;
pub mod party;
pub mod play;
pub mod rate_limit;
pub mod refusals;
pub mod results;
pub mod routes;
pub mod seating;
pub mod session_end;
pub mod state;
pub mod tries;

pub use routes::around;
