//! Who is who: logging in, and being recognised.

pub mod layer;
pub mod login;
pub mod name;
pub mod origin;
pub mod player; // lesson 4
pub mod sliding_expiry; // lesson 4
pub mod store;
