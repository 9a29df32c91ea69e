//! Where the web server's memory comes from.

/// Ten thousand sockets are many small pieces of memory, which this allocator packs more tightly.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;
