//! `cargo xtask test`: all set-up, then every test.

use std::process::Command;

use stack::workspace_root;

use crate::{process, tools};

/// What can be chosen.
#[derive(clap::Args)]
pub struct Options {
    /// Words for the test runner, such as part of a test's name
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    filter: Vec<String>,
}

/// Fetches the tools that are missing and runs `cargo test` on the whole workspace.
pub fn run(options: &Options) -> anyhow::Result<()> {
    tools::run()?;
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut test = Command::new(cargo);
    // A failed check says what was wrong. Forty lines of the test runner's own stack do not add to that.
    test.args(["test", "--workspace", "--locked"])
        .env("RUST_LIB_BACKTRACE", "0")
        .current_dir(workspace_root());
    if !options.filter.is_empty() {
        test.arg("--").args(&options.filter);
    }
    process::show(&mut test)
}
