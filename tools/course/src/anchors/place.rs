//! Places in a file, and what has a name there.

/// Where something stands, in lines from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Its first line, with the documentation and attributes above it.
    pub first: usize,
    /// The line that holds its name.
    pub name: usize,
    /// Its last line.
    pub last: usize,
}

/// Something that has a name, such as `Type::method` or `services.web`.
pub struct Named {
    /// Its name, with the names of what it stands in.
    pub name: String,
    /// Where it stands.
    pub place: Place,
}
