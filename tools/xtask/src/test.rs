//! `cargo xtask test`: all set-up, then every test.

use std::{path::Path, process::Command};

use course::{Agenda, Candidates, Choice, Half, MAIN, process, report::Done};
use stack::workspace_root;

use crate::{browser, tools};

/// What can be chosen.
#[derive(clap::Args)]
pub struct Options {
    /// Pass over them if they have passed for main as it stands
    #[arg(long)]
    unless_proven: bool,

    /// Words for Rust's test runner, such as part of a test's name; the client's tests are then left out
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    filter: Vec<String>,
}

/// Fetches the tools that are missing, runs `cargo test` on the whole workspace, then the client's tests, and those in a
/// browser. If all have passed, main is proven.
pub async fn run(options: &Options) -> anyhow::Result<()> {
    tools::run()?;
    let root = workspace_root();
    if !options.filter.is_empty() {
        return rust(&root, &options.filter);
    }
    let names: &[String] = if options.unless_proven {
        &[]
    } else {
        &[MAIN.to_owned()]
    };
    let choice = Choice::default();
    let mut agenda = Agenda::open(&root, Half::Native, Candidates::Main, names, choice)?;
    let Some(main) = agenda.next_subject() else {
        return Ok(());
    };
    match all(&root).await {
        Ok(Done::Passed) => agenda.passed(main),
        Ok(Done::Skipped(reason)) => {
            agenda.incomplete(&main, &format!("something was skipped, because {reason}"));
            Ok(())
        }
        Err(error) => {
            agenda.failed(&main)?;
            Err(error)
        }
    }
}

async fn all(root: &Path) -> anyhow::Result<Done> {
    rust(root, &[])?;
    let client = root.join("client");
    if !client.join("package.json").is_file() {
        return Ok(Done::Passed);
    }
    stack::build_client(root).await?;
    npm(&client, &["run", "check"])?;
    npm(&client, &["test"])?;
    browser::run(&browser::Tests::default()).await
}

fn rust(root: &Path, filter: &[String]) -> anyhow::Result<()> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    // The tests start the services, and would build them within the first of them, where nobody sees how far it is.
    let mut build = Command::new(&cargo);
    process::show(
        build
            .args(["build", "--workspace", "--bins", "--locked"])
            .current_dir(root),
    )?;
    let mut test = Command::new(cargo);
    // A failed check says what was wrong. Forty lines of the test runner's own stack do not add to that.
    test.args(["test", "--workspace", "--locked"])
        .env("RUST_LIB_BACKTRACE", "0")
        .current_dir(root);
    if !filter.is_empty() {
        test.arg("--").args(filter);
    }
    process::show(&mut test)
}

fn npm(client: &Path, arguments: &[&str]) -> anyhow::Result<()> {
    process::show(Command::new("npm").args(arguments).current_dir(client))
}
