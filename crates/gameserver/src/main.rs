//! The game server's binary. What it does is in the library beside it, and how it runs in the crate `service`.

use std::process::ExitCode;

use gameserver::App;

mod allocator;

fn main() -> ExitCode {
    let about = "A game server, which holds matches of Fainting Goats in its memory";
    service::run("gameserver", about, App::start)
}
