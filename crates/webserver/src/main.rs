//! The web server's binary. What it does is in the library beside it, and how it runs in the crate `service`.

use std::process::ExitCode;

use webserver::App;

mod allocator;

fn main() -> ExitCode {
    let about = "A small web server that says which replica of it answered";
    service::run("webserver", about, App::start)
}
