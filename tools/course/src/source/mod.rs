//! Source files as far as the course tool must understand them: what they import, what they mention, and which file that is.

pub mod modules;
pub mod rust;
pub mod typescript;
