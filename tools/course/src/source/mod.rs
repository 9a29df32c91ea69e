//! Source files as far as the course tool must understand them: what they import, what they mention, and which file that is.

pub mod imports;
pub mod modules;
pub mod rust;
mod tokens;
pub mod typescript;
