//! Somebody who does not read, a server that stands still, and what the others notice of it.

use std::time::Duration;

use acceptance::goat::{Goat, counter, status, the_match};
use anyhow::{Context, ensure};
use game::Input;
use nix::sys::signal::Signal;
use serde_json::json;
use stack::until;
use tokio::time::{Instant, sleep};

use super::{at_once, players};

/// How many snapshots somebody gets at once who has read none for three seconds: those of the first second, and then one a second.
const AT_ONCE: usize = 20 + 3;

#[tokio::test]
async fn who_does_not_read_costs_nobody_anything_and_soon_sees_the_newest_again()
-> anyhow::Result<()> {
    let stack = at_once().await?;
    let mut goats = players(&stack, 2).await?;
    goats[1].act(Input::default()).await?;
    let read_last = goats[1].snapshot().await?.state.tick;
    let mut sleeper = goats.remove(1);
    let mut ada = goats.remove(0);
    // Meanwhile the other one misses nothing.
    let mut tick = ada.snapshot().await?.state.tick;
    let until = read_last + 60;
    let begin = Instant::now();
    let first = tick;
    while tick < until {
        let next = ada.snapshot().await?.state.tick;
        ensure!(next == tick + 1, "{next} came after {tick}");
        tick = next;
        if tick.is_multiple_of(4) {
            ada.act(Input::default()).await?;
        }
    }
    let took = begin.elapsed().as_secs_f64() * 20.0 / f64::from(until - first);
    ensure!(
        (0.8..1.2).contains(&took),
        "time went {took} times as slowly"
    );
    ensure!(counter(&stack, "snapshots_withheld").await? > 30);

    // What was sent before is read first. Then the server hears of it, and sends all of them again.
    let before = sleeper.snapshots;
    let now = loop {
        let seen = sleeper.snapshot().await?.state.tick;
        if seen > read_last + 30 {
            break seen;
        }
    };
    let came = sleeper.snapshots - before;
    ensure!(came <= AT_ONCE, "{came} snapshots came at once");
    sleeper.act(Input::default()).await?;
    let woke = Instant::now();
    let newest = loop {
        let seen = sleeper.snapshot().await?.state.tick;
        let newest = the_match(&stack).await?["tick"]
            .as_u64()
            .context("no tick")?;
        if u64::from(seen) + 2 >= newest {
            break seen;
        }
    };
    ensure!(newest >= now);
    let took = woke.elapsed();
    ensure!(took < Duration::from_millis(500), "it took {took:?}");
    Ok(())
}

#[tokio::test]
async fn ticks_that_come_late_are_counted_and_never_caught_up_in_a_burst() -> anyhow::Result<()> {
    let stack = at_once().await?;
    let _ada = Goat::play(&stack, "Ada").await?;
    let mut watcher = Goat::watch(&stack, "Bob").await?;
    let before = watcher.snapshot().await?.state.tick;
    let late = counter(&stack, "late_ticks").await?;
    let server = stack.called("gameserver-1")?;
    server.signal(Signal::SIGSTOP)?;
    sleep(Duration::from_secs(1)).await;
    server.signal(Signal::SIGCONT)?;
    let woke = Instant::now();
    while watcher.snapshot().await?.state.tick < before + 20 {}
    // Twenty ticks are a second, whatever was missed before them.
    let took = woke.elapsed();
    ensure!(took > Duration::from_millis(750), "it took {took:?}");
    let late = counter(&stack, "late_ticks").await? - late;
    ensure!(late >= 15, "{late} ticks were late");
    Ok(())
}

#[tokio::test]
async fn a_game_server_with_nobody_on_it_does_nothing() -> anyhow::Result<()> {
    let stack = at_once().await?;
    let status = status(&stack).await?;
    ensure!(status["matches"] == json!([]), "{status}");
    let pid = stack
        .called("gameserver-1")?
        .pid()
        .context("it has ended")?;
    let before = cpu_ticks(pid)?;
    sleep(Duration::from_secs(2)).await;
    // In hundredths of a second. Health checks are asked for meanwhile.
    let used = cpu_ticks(pid)? - before;
    ensure!(used <= 10, "{used} hundredths of a second in two seconds");
    ensure!(counter(&stack, "ticks").await? == 0);
    Ok(())
}

/// How long a process has computed, in hundredths of a second.
fn cpu_ticks(pid: u32) -> anyhow::Result<u64> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat"))?;
    // The name in parentheses may have blanks, and nothing behind it has.
    let (_, rest) = stat.rsplit_once(')').context("no name")?;
    let fields: Vec<&str> = rest.split_whitespace().collect();
    Ok(fields[11].parse::<u64>()? + fields[12].parse::<u64>()?)
}

/// Who is gone without a word is noticed, and the seat is a bot's.
#[tokio::test]
async fn a_connection_that_breaks_off_gives_the_seat_back() -> anyhow::Result<()> {
    let stack = at_once().await?;
    let mut goats = players(&stack, 3).await?;
    goats.truncate(1);
    until(
        "the seats of who is gone",
        Duration::from_secs(10),
        async || {
            let status = the_match(&stack).await;
            let status = status.map_err(|error| format!("{error:#}"))?;
            let seats = status["seats"].as_array().into_iter().flatten();
            let players = seats.filter(|seat| *seat == "player").count();
            (players == 1)
                .then_some(())
                .ok_or_else(|| status.to_string())
        },
    )
    .await
}
