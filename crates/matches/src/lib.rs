//! The directory: which game servers there are, who has which seat in which match, and who plays with whom.
//!
//! Web servers *allocate* seats in it, and game servers report to it what they have. Both may be many, and none of them knows the
//! others, so there must be one place where a seat is given out once. That place is a Redis of its own, and each change is one
//! script, which Redis runs to its end before it does anything else.
//!
//! ```text
//!   webserver ──allocate──▶ Redis ◀──claim, renew── gameserver
//!       │                                               ▲
//!       └──ticket──▶ the player's page ──the ticket─────┘
//! ```
//!
//! What stands in there is not the truth, but what is known of it: a game server tells every half second all that it has, and where the
//! directory says something else, it is repaired. A server that says nothing for [`LEASE`] counts as lost.
//!
//! A web server tells a game server by a *ticket* which seat somebody was given ([`tickets`]).
//!
//! This crate is the only one that knows that Redis.

mod allocate;
mod checkpoint;
mod claim;
mod directory;
mod directory_error;
mod fleet;
mod ids;
mod keys;
mod parties;
mod redis_client;
mod renew;
mod results;
mod scripts;
mod seats;
mod servers;
mod takeover;
pub mod tickets;

pub use allocate::{AllocateError, Allocation, Ask, Placement};
pub use checkpoint::Checkpoint;
pub use claim::ClaimError;
pub use directory::{Directory, HOLD, LEASE, MAX_GROUP};
pub use directory_error::DirectoryError;
pub use fleet::{ServerState, ServerView};
pub use ids::{MatchId, Nonce, ParseIdError, PartyCode, ServerId};
pub use parties::{JoinError, MAX_MEMBERS, Member, Party};
pub use renew::{HeldSeat, MatchReport, Renewed, Report};
pub use results::Known;
pub use seats::{Place, Seat};
pub use takeover::{Finished, HandedOver, TakenOver};
