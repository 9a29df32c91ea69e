//! One client in Rust, as a player's browser is one, from which the tools and the tests are made.

pub mod backoff;
pub mod browser;
pub mod client;
pub mod ending;
pub mod game;
pub mod ledger;
pub mod lobby;
pub mod open_files;
pub mod order;
pub mod outbox;
pub mod session;
pub mod socket;
pub mod stamp;
pub mod tally;
pub mod target;
pub mod watchdog;
pub mod welcome;

pub use browser::{Browser, session_cookie};
pub use client::{Client, LostError};
pub use lobby::{Lobby, LobbyError, Ticketed};
pub use open_files::ensure_open_files;
pub use outbox::{Outbox, Task};
pub use session::{Session, log_in_all};
pub use socket::{ConnectError, Socket};
pub use stamp::Key;
pub use target::Target;
