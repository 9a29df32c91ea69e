//! What vanishes from a cut by itself, so that nobody has to mark it: imports and declarations of what is not there, imports
//! of what is not used any more, and the dependencies that go with them.

pub mod derivation;
mod edit;
mod manifest;
mod rust;
mod typescript;
pub mod whole;
