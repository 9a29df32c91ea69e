//! The command line, and the system that is started for it.

use std::{sync::Arc, time::Duration};

use anyhow::{Context, ensure};
use clap::Args;
use stack::Stack;

use crate::{
    company::{Plan, play},
    record::Record,
};

/// What limits one address or one browser. What a limit does is another question.
const LIMITS: [&str; 2] = ["LOGIN_RATE", "OPENING_RATE"];

/// What can be chosen.
#[derive(Args, Clone, Debug)]
#[group(skip)]
pub struct Options {
    /// Players: 1 to 5,000
    #[arg(long, default_value = "500", value_parser = clap::value_parser!(u32).range(1..=5000))]
    pub bots: u32,

    /// Seconds after which nobody asks for another seat: 1 to 3,600
    #[arg(long, default_value = "180", value_parser = clap::value_parser!(u32).range(1..=3600))]
    pub seconds: u32,

    /// Game servers of the system that is started for this: 1 to 20
    #[arg(long, default_value = "3", value_parser = clap::value_parser!(u32).range(1..=20))]
    pub servers: u32,

    /// Web servers of it: 1 to 20
    #[arg(long, default_value = "3", value_parser = clap::value_parser!(u32).range(1..=20))]
    pub webservers: u32,
}

/// Starts a system, lets the bots play, and says what came of it.
///
/// # Errors
/// When something cannot be started, and when not all was as it should be.
pub async fn run(options: &Options) -> anyhow::Result<()> {
    bot::ensure_open_files(options.bots as usize)?;
    eprintln!(
        "Building and starting a system of {} web servers and {} game servers.",
        options.webservers, options.servers
    );
    let builder = LIMITS.iter().fold(Stack::builder(), |builder, limit| {
        builder.environment(limit, "1000000")
    });
    let builder = builder.scale("webserver", options.webservers as usize);
    let builder = builder.scale("gameserver", options.servers as usize);
    let stack = builder
        .start()
        .await
        .context("the native stack does not start")?;
    let plan = Plan {
        address: stack.address().parse()?,
        host: "webserver.localhost".to_owned(),
        bots: options.bots as usize,
        time: Duration::from_secs(options.seconds.into()),
    };
    let record = Arc::new(Record::default());
    let played = tokio::select! {
        played = play(&plan, &record) => played,
        _ = tokio::signal::ctrl_c() => Err(anyhow::anyhow!("ended by Ctrl-C")),
        () = watch(&record) => Ok(()),
    };
    stack.stop().await?;
    played?;
    let report = record.report();
    println!("{report}");
    let faults = report.faults();
    ensure!(faults.is_empty(), "{}", faults.join("; "));
    Ok(())
}

/// Says every ten seconds how far it is.
async fn watch(record: &Record) {
    let mut ticks = tokio::time::interval(Duration::from_secs(10));
    loop {
        ticks.tick().await;
        eprintln!("{}", record.progress());
    }
}
