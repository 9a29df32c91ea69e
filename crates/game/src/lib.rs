//! The rules of *Fainting Goats*: two to eight goats on a mountaintop that shrinks, and the last one standing wins.
//!
//! A goat walks where its player steers it. Holding charges a butt, and meanwhile the goat only creeps; letting go makes it lunge to
//! where it looks. Whoever is hit faints and slides, the farther the longer the butt was charged. Who leaves the mountaintop loses one
//! of three lives, and climbs back after two seconds.
//!
//! A [`State`] and the [`Input`] of each seat make the next state, and nothing else does: no clock, no chance, no floating-point
//! number, nothing of this machine. So whoever has the same state and the same inputs has the same match, to the last bit: another
//! server, a test, or a browser, where the same rules stand in TypeScript (`client/src/game/rules/`). `golden.json` holds both to it.
//!
//! ```
//! use game::{Outcome, State, bot};
//!
//! let seed = 7;
//! let mut state = State::new(seed, 8);
//! while state.outcome() == Outcome::Playing {
//!     let inputs: Vec<_> = (0..8).map(|seat| bot(seed, &state, seat)).collect();
//!     state.step(&inputs);
//! }
//! ```

mod bot;
mod contacts;
mod direction;
mod exact;
mod goat;
mod hash;
mod input;
mod mix;
mod mountain;
mod scale;
pub mod snapshot;
mod state;

pub use bot::bot;
pub use direction::Direction;
pub use exact::StateError;
pub use goat::{Goat, LIVES, MAX_CHARGE, RADIUS, Standing};
pub use input::Input;
pub use mountain::{MAX_RADIUS, MIN_RADIUS};
pub use scale::{MAX_SEATS, MIN_SEATS, TICKS_PER_SECOND, UNITS};
pub use state::{MAX_TICKS, Outcome, State};
