//! One client in Rust, as a player's browser is one, from which the tools and the tests are made.

pub mod backoff; // lesson 7
pub mod browser;
pub mod client; // lesson 7
pub mod ending; // lesson 6
pub mod ledger; // lesson 6
pub mod open_files; // lesson 6
pub mod order; // lesson 6
pub mod outbox; // lesson 7
pub mod session; // lesson 6
pub mod socket; // lesson 5
pub mod stamp; // lesson 6
pub mod target; // lesson 6
pub mod watchdog; // lesson 7
pub mod welcome; // lesson 6

pub use browser::{Browser, session_cookie};
pub use client::{Client, LostError}; // lesson 7
pub use open_files::ensure_open_files; // lesson 6
pub use outbox::{Outbox, Task}; // lesson 7
pub use session::{Session, log_in_all}; // lesson 6
pub use socket::{ConnectError, Socket}; // lesson 5
pub use stamp::Key; // lesson 6
pub use target::Target; // lesson 6
