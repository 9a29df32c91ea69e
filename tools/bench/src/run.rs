//! One benchmark: every server in every round, one after the other.

use anyhow::bail;

use crate::{
    build,
    measure::{self, Sample},
    options::Options,
    redis_server::RedisServer,
    results::Results,
};

/// Builds the servers, measures each in every round, and gives what came out.
///
/// # Errors
/// On other systems than Linux; and when a server cannot be built, does not start, or loses a message.
pub async fn run(options: &Options) -> anyhow::Result<Results> {
    if !load::memory::AVAILABLE {
        bail!("the benchmark reads processor time and memory from /proc, which only Linux has");
    }
    bot::ensure_open_files(options.sockets as usize)?;
    eprintln!(
        "Building the servers in release mode; the first time this takes some ten minutes on two cores."
    );
    let binaries = build::all(options).await?;
    let redis = RedisServer::start().await?;
    let mut samples: Vec<Sample> = Vec::new();
    for round in 1..=options.rounds {
        for kind in options.kinds() {
            eprint!("round {round} of {}, {kind}: ", options.rounds);
            let sample = measure::measure(kind, &binaries, &redis, options).await?;
            eprintln!("{sample}");
            samples.push(sample);
        }
    }
    Ok(Results::of(options, samples))
}
