//! Whoever asks for metrics knows which replicas there are, a few seconds after somebody has changed it.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use anyhow::ensure;
use board::Engine;
use stack::{Stack, until};

/// How soon it is known.
const FOLLOWED_WITHIN: Duration = Duration::from_secs(6);

/// The same of what comes after Consul was away. Prometheus then lets fifteen seconds pass before it asks Consul again, and nobody can set that.
const FOLLOWED_AGAIN_WITHIN: Duration = Duration::from_secs(30);

/// How long the test waits for it at all.
const PATIENCE: Duration = Duration::from_secs(40);

/// What a query gives now: one number.
async fn ask(engine: &Engine, query: &str) -> Result<f64, String> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    let found = engine.instant(query, now.unwrap_or_default().as_secs());
    let found = found.await.map_err(|error| format!("{error:#}"))?;
    Ok(found.first().map_or(0.0, |sample| sample.value))
}

/// Waits until so many web servers are asked and answer. Gives how long that took.
async fn are_asked(engine: &Engine, expected: usize) -> anyhow::Result<Duration> {
    let begun = Instant::now();
    let query = r#"count(up{job="webserver"} == 1) or vector(0)"#;
    until(&format!("{expected} replicas"), PATIENCE, async || {
        let count = ask(engine, query).await?;
        let is_right = count.to_bits() == (expected as f64).to_bits();
        is_right
            .then_some(())
            .ok_or_else(|| format!("there are {count}"))
    })
    .await?;
    Ok(begun.elapsed())
}

#[tokio::test]
async fn replicas_that_come_go_die_and_are_forgotten_are_followed() -> anyhow::Result<()> {
    let builder = Stack::builder().watched().scale("webserver", 2);
    let mut stack = builder.start().await?;
    let engine = Engine::new(&format!("http://{}", stack.server("prometheus")?.address()))?;
    are_asked(&engine, 2).await?;
    for _ in 0..2 {
        stack.add_replica("webserver").await?;
    }
    let mut took = vec![("two more", are_asked(&engine, 4).await?)];
    for _ in 0..3 {
        stack.take_replica(1)?.stop().await?;
    }
    took.push(("three that have left", are_asked(&engine, 1).await?));

    // Consul forgets everything, and each replica registers again. Meanwhile whoever is known is asked.
    let consul = stack.server("consul")?;
    consul.kill().await?;
    consul.start().await?;
    stack.add_replica("webserver").await?;
    let again = are_asked(&engine, 2).await?;
    println!("one more after an empty Consul: {again:?}");
    ensure!(again < FOLLOWED_AGAIN_WITHIN, "it took {again:?}");
    let least = r#"min_over_time((count(up{job="webserver"} == 1) or vector(0))[20s:1s])"#;
    let least = ask(&engine, least).await.map_err(anyhow::Error::msg)?;
    ensure!(least >= 1.0, "the one that was there was lost");

    for _ in 0..2 {
        stack.take_replica(0)?.kill().await?;
    }
    took.push(("two that were killed", are_asked(&engine, 0).await?));
    for (what, took) in took {
        println!("{what}: {took:?}");
        ensure!(took < FOLLOWED_WITHIN, "{what} took {took:?}");
    }
    Ok(())
}
