//! Who sits where, and what each player does.

pub mod inputs;
pub mod listener;
pub mod player;
pub mod table;
pub mod tokens;
pub mod window;
