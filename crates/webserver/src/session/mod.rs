//! Who is who: logging in, and being recognised.

pub mod address;
pub mod cookie;
pub mod hashed_keys;
pub mod key;
pub mod layer;
pub mod login;
pub mod logins;
pub mod may_log_in;
pub mod name;
pub mod player;
pub mod record;
pub mod reserved_name;
pub mod sliding_expiry;
pub mod store;
