//! Where the game server's memory comes from.

/// The same allocator as the web server's, for the same reason: sockets are many small pieces of memory.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;
