//! `cargo xtask test`: all set-up, then every test.

use std::{path::Path, process::Command};

use course::process;
use stack::workspace_root;

use crate::{browser, tools};

/// What can be chosen.
#[derive(clap::Args)]
pub struct Options {
    /// Words for Rust's test runner, such as part of a test's name; the client's tests are then left out
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    filter: Vec<String>,
}

/// Fetches the tools that are missing, runs `cargo test` on the whole workspace, then the client's tests, and those in a
/// browser.
pub async fn run(options: &Options) -> anyhow::Result<()> {
    tools::run()?;
    let root = workspace_root();
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut test = Command::new(cargo);
    // A failed check says what was wrong. Forty lines of the test runner's own stack do not add to that.
    test.args(["test", "--workspace", "--locked"])
        .env("RUST_LIB_BACKTRACE", "0")
        .current_dir(&root);
    if !options.filter.is_empty() {
        test.arg("--").args(&options.filter);
        return process::show(&mut test);
    }
    process::show(&mut test)?;
    let client = root.join("client");
    if !client.join("package.json").is_file() {
        return Ok(());
    }
    stack::build_client(&root).await?;
    npm(&client, &["run", "check"])?;
    npm(&client, &["test"])?;
    browser::run(&browser::Tests::default()).await
}

fn npm(client: &Path, arguments: &[&str]) -> anyhow::Result<()> {
    process::show(Command::new("npm").args(arguments).current_dir(client))
}
