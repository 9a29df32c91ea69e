//! All cuts, one after another.

use anyhow::{Context, ensure};
use stack::{Stack, build_client, workspace_root};
use tokio::process::Command;

use super::{
    link::Link,
    measure::{PLAYER, Player},
    namespace,
    options::Options,
    results::Results,
};

/// What is built before there is no network any more.
const SERVICES: [&str; 2] = ["webserver", "gameserver"];

/// Measures what was chosen, and prints it.
///
/// # Errors
/// When this machine cannot do it, something does not start, or a player is not back as soon as it should be.
pub async fn run(options: &Options) -> anyhow::Result<()> {
    if options.inside {
        return tokio::select! {
            done = inside(options) => done,
            _ = tokio::signal::ctrl_c() => Err(anyhow::anyhow!("ended by Ctrl-C")),
        };
    }
    let way = namespace::way().await?;
    build().await?;
    let status = namespace::run_inside(way).await?;
    // It has said why.
    std::process::exit(status.code().unwrap_or(1));
}

async fn build() -> anyhow::Result<()> {
    build_client(&workspace_root()).await?;
    for service in SERVICES {
        let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        cargo
            .args(["build", "--workspace", "--bin", service, "--manifest-path"])
            .arg(workspace_root().join("Cargo.toml"));
        let status = cargo.kill_on_drop(true).status().await;
        let status = status.context("cargo cannot be started")?;
        ensure!(status.success(), "{service} cannot be built ({status})");
    }
    Ok(())
}

async fn inside(options: &Options) -> anyhow::Result<()> {
    let link = Link::prepare(PLAYER).await?;
    let builder = Stack::builder().environment("GATHER", "0");
    let stack = builder.start().await?;
    let player = Player::log_in(&stack.address(), link, options.patient).await?;
    let mut samples = Vec::new();
    for cut in &options.seconds {
        let mut number = 0;
        while number < options.times {
            let Some(sample) = player.measure(*cut, number).await? else {
                eprintln!("the goat was out; once more");
                continue;
            };
            number += 1;
            let (seconds, times) = (cut.as_secs_f64(), options.times);
            eprintln!("{seconds} s, {number} of {times}: {sample}");
            samples.push(sample);
        }
    }
    stack.stop().await?;
    let results = Results::of(samples);
    println!("\n{results}");
    ensure!(
        options.patient || results.hold(),
        "a player was not back as soon as it should be"
    );
    Ok(())
}
