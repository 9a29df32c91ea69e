//! Who is who: logging in, and being recognised.

pub mod layer;
pub mod login;
pub mod name;
pub mod origin;
pub mod player;
pub mod record;
pub mod sliding_expiry;
pub mod store;
