//! Replicas come and go, are killed, and lose Consul and Traefik, while requests go on.

mod changed_hands;
mod proxies;

use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

use acceptance::{probes, quiet};
use anyhow::{Context, ensure};
use nix::sys::signal::Signal;
use stack::{Load, Stack, Tally};

const HOST: &str = "webserver.localhost";

/// Waits until the catalogue holds exactly the replicas that run, each once.
async fn catalogue_is_true(stack: &Stack, limit: Duration) -> anyhow::Result<()> {
    let mut running: Vec<&str> = stack.replicas().map(stack::Replica::id).collect();
    running.sort_unstable();
    stack::until("a true catalogue", limit, async || {
        let registered = stack
            .registered("webserver")
            .await
            .map_err(|error| format!("{error:#}"))?;
        if registered == running {
            Ok(())
        } else {
            Err(format!("{registered:?} instead of {running:?}"))
        }
    })
    .await
}

fn nothing_failed(tally: &Tally, stack: &Stack) -> anyhow::Result<()> {
    ensure!(tally.failed == 0, "{tally:#?}\n{}", stack.logs());
    Ok(())
}

/// The problem of lesson 1 is solved.
#[tokio::test]
async fn a_second_replica_starts_and_gets_requests() -> anyhow::Result<()> {
    probes::second_replica().await
}

#[tokio::test]
async fn requests_rotate_over_three_replicas() -> anyhow::Result<()> {
    let stack = Stack::builder().scale("webserver", 3).start().await?;
    let mut answered = Vec::new();
    for _ in 0..30 {
        answered.push(stack.who_answers("webserver").await?);
    }
    for replica in stack.replicas() {
        // Each change in the catalogue starts the round anew, so a share may be off by one or two.
        let share = answered.iter().filter(|id| *id == replica.id()).count();
        ensure!(
            (8..=12).contains(&share),
            "{} answered {share} of 30: {answered:?}",
            replica.id()
        );
    }
    Ok(())
}

#[tokio::test]
async fn a_new_replica_gets_requests_and_none_is_lost() -> anyhow::Result<()> {
    let mut stack = quiet().scale("webserver", 2).start().await?;
    let load = Load::start(&stack.address(), HOST);
    load.answered(200).await?;
    let added = stack.add_replica("webserver").await?;
    load.answered(200).await?;
    let tally = load.finish().await;
    ensure!(tally.answered.contains_key(&added), "{tally:?}");
    nothing_failed(&tally, &stack)
}

#[tokio::test]
async fn sigterm_under_load_loses_no_request() -> anyhow::Result<()> {
    let mut stack = quiet().scale("webserver", 3).start().await?;
    let load = Load::start(&stack.address(), HOST);
    load.answered(200).await?;
    let mut leaving = stack.take_replica(0)?;
    leaving.signal(Signal::SIGTERM)?;
    let status = leaving.wait(Duration::from_secs(20)).await?;
    load.answered(400).await?;
    let tally = load.finish().await;
    ensure!(
        status.code() == Some(0),
        "it ended with {status}:\n{}",
        leaving.log().tail(10)
    );
    nothing_failed(&tally, &stack)?;
    catalogue_is_true(&stack, Duration::from_secs(1)).await
}

/// What a crash costs at this lesson: some requests, for about a second: the time to the next
/// health check. Retries in
/// Traefik bring it to zero in a later lesson; this test says that service comes back by itself.
#[tokio::test]
async fn sigkill_under_load_loses_some_requests_for_a_short_time() -> anyhow::Result<()> {
    let mut stack = quiet().scale("webserver", 3).start().await?;
    let load = Load::start(&stack.address(), HOST);
    load.answered(200).await?;
    let mut killed = stack.take_replica(0)?;
    killed.kill().await?;
    let out = async || {
        let passing = stack
            .passing("webserver")
            .await
            .map_err(|error| format!("{error:#}"))?;
        if passing.contains(killed.id()) {
            Err(format!("{passing:?} pass"))
        } else {
            Ok(())
        }
    };
    stack::until("Consul's finding out", Duration::from_secs(20), out).await?;
    // Traefik hears of it a moment later. Then a hundred requests in a row succeed, and so do all after them.
    let mut failed = usize::MAX;
    while load.tally().failed != failed {
        failed = load.tally().failed;
        load.answered(100).await?;
    }
    load.answered(400).await?;
    let tally = load.finish().await;
    let all = tally.total() + tally.failed;
    println!(
        "SIGKILL: {} of {all} requests failed, over {:?}",
        tally.failed, tally.failing_for
    );
    ensure!(
        tally.failed == failed,
        "{} failed after it was over: {tally:#?}",
        tally.failed - failed
    );
    Ok(())
}

#[tokio::test]
async fn consul_restarting_empty_loses_no_request() -> anyhow::Result<()> {
    let stack = quiet().scale("webserver", 3).start().await?;
    let load = Load::start(&stack.address(), HOST);
    load.answered(200).await?;
    stack.server("consul")?.stop().await?;
    load.answered(400).await?;
    stack.server("consul")?.start().await?;
    catalogue_is_true(&stack, Duration::from_secs(5)).await?;
    load.answered(400).await?;
    let tally = load.finish().await;
    nothing_failed(&tally, &stack)
}

#[tokio::test]
async fn after_thirty_seconds_without_consul_all_are_back_within_five() -> anyhow::Result<()> {
    let stack = quiet().scale("webserver", 3).start().await?;
    stack.server("consul")?.stop().await?;
    // The outage itself is what is tested, so this time has to pass.
    tokio::time::sleep(Duration::from_secs(30)).await;
    stack.server("consul")?.start().await?;
    catalogue_is_true(&stack, Duration::from_secs(5)).await?;
    // One line when it went and one when it came back, not one for each try in between.
    for replica in stack.replicas() {
        let lines = replica.log().lines();
        let complaints = lines
            .iter()
            .filter(|line| line.contains("cannot register"))
            .count();
        ensure!(
            (1..=3).contains(&complaints),
            "{complaints} complaints:\n{}",
            lines.join("\n")
        );
    }
    Ok(())
}

#[tokio::test]
async fn traefik_restarted_finds_all_replicas_again() -> anyhow::Result<()> {
    let stack = Stack::builder().scale("webserver", 3).start().await?;
    stack.server("traefik")?.stop().await?;
    stack.server("traefik")?.start().await?;
    stack.settle().await
}

#[tokio::test]
async fn without_consul_a_replica_starts_and_registers_later() -> anyhow::Result<()> {
    let stack = Stack::builder().without("consul").start().await?;
    let replica = stack.replicas().next().context("no replica runs")?;
    let base = format!("http://{}", replica.address());
    let live = stack
        .client()
        .get(format!("{base}/health/live"))
        .send()
        .await?;
    ensure!(live.status() == 200);
    let ready = stack
        .client()
        .get(format!("{base}/health/ready"))
        .send()
        .await?;
    ensure!(ready.status() == 503);
    ensure!(ready.text().await?.contains("not registered in Consul yet"));
    ensure!(
        stack
            .client()
            .get(format!("{base}/api/whoami"))
            .send()
            .await?
            .status()
            == 200
    );
    stack.server("consul")?.start().await?;
    stack.settle().await?;
    catalogue_is_true(&stack, Duration::from_secs(1)).await
}

#[tokio::test]
async fn a_replica_that_stopped_is_out_of_the_catalogue_and_stays_out() -> anyhow::Result<()> {
    let mut stack = Stack::builder()
        .scale("webserver", 2)
        .environment("LEAVE_GRACE", "3")
        .start()
        .await?;
    let mut leaving = stack.take_replica(0)?;
    leaving.signal(Signal::SIGTERM)?;
    catalogue_is_true(&stack, Duration::from_secs(2)).await?;
    // It serves on for three seconds, and must not register again in them.
    let address = leaving.address().to_owned();
    let ready = stack
        .client()
        .get(format!("http://{address}/health/ready"))
        .send()
        .await?;
    ensure!(
        ready.status() == 503,
        "it calls itself ready while it leaves"
    );
    leaving.wait(Duration::from_secs(20)).await?;
    catalogue_is_true(&stack, Duration::from_secs(1)).await
}

/// A busy machine, on which Traefik learns late.
#[tokio::test]
async fn a_replica_that_is_still_asked_serves_on() -> anyhow::Result<()> {
    let grace = Duration::from_secs(2);
    let mut stack = Stack::builder()
        .scale("webserver", 1)
        .environment("LEAVE_GRACE", "2")
        .start()
        .await?;
    let mut leaving = stack.take_replica(0)?;
    let asked = format!("http://{}/api/whoami", leaving.address());
    leaving.signal(Signal::SIGTERM)?;
    let begin = Instant::now();
    while begin.elapsed() < grace.mul_f64(1.5) {
        let answer = stack.client().get(&asked).send().await?;
        ensure!(answer.status() == 200, "{}", answer.status());
    }
    // Whoever never stops is not waited for.
    let limit = Duration::from_secs(20);
    stack::until("its end, though it is asked", limit, async || {
        match stack.client().get(&asked).send().await {
            Ok(_) => Err("it answers".to_owned()),
            Err(_) => Ok(()),
        }
    })
    .await?;
    leaving.wait(limit).await?;
    Ok(())
}

#[tokio::test]
async fn bad_addresses_are_told_in_one_line() -> anyhow::Result<()> {
    let stack = Stack::builder().scale("webserver", 0).start().await?;
    let bad = [
        ("CONSUL_URL", "consul:8500"),
        ("ADVERTISE", "localhost"),
        ("PUBLIC_HOST", "x`) || PathPrefix(`/"),
        ("LEAVE_GRACE", "forever"),
    ];
    for (name, value) in bad {
        let output = stack
            .run_service("webserver", &[], &[(name, value)])
            .await?;
        let told = String::from_utf8(output.stderr)?;
        ensure!(output.status.code() == Some(2), "{name}={value}: {told}");
        ensure!(
            told.lines().count() == 1 && told.contains("must "),
            "{told}"
        );
    }
    Ok(())
}

#[tokio::test]
async fn a_replica_that_hangs_is_taken_out_and_let_in_again() -> anyhow::Result<()> {
    let stack = Stack::builder().scale("webserver", 2).start().await?;
    let hung = stack.replicas().next().context("no replica runs")?;
    let all: BTreeSet<String> = stack
        .replicas()
        .map(|replica| replica.id().to_owned())
        .collect();
    hung.signal(Signal::SIGSTOP)?;
    let passing = async |expected: &BTreeSet<String>| {
        stack::until(
            "the health check's verdict",
            Duration::from_secs(20),
            async || {
                let passing = stack
                    .passing("webserver")
                    .await
                    .map_err(|error| format!("{error:#}"))?;
                if passing == *expected {
                    Ok(())
                } else {
                    Err(format!("{passing:?}"))
                }
            },
        )
        .await
    };
    let without: BTreeSet<String> = all.iter().filter(|id| *id != hung.id()).cloned().collect();
    let out = passing(&without).await;
    hung.signal(Signal::SIGCONT)?;
    out?;
    passing(&all).await
}
