//! Checkpoints that are none.

use acceptance::{
    goat::{Goat, lobby},
    redis, redis_bytes,
};
use anyhow::{Context, ensure};
use stack::{Stack, until};
use tokio::time::Instant;

use super::{SOON, status_of};

/// So many ways there are to spoil one.
const WAYS: usize = 4;

/// G66: what was kept of a match is cut, or changed, or another's, or a megabyte of something. Nobody goes on with that, and nobody ends of it.
#[tokio::test]
async fn what_cannot_be_read_ends_its_match_and_nothing_else() -> anyhow::Result<()> {
    let builder = Stack::builder().environment("SEATS", "2");
    let mut stack = builder.environment("GATHER", "60").start().await?;
    let mut players = Vec::new();
    for number in 0..2 * (WAYS + 1) {
        let lobby = lobby(&stack, &format!("Goat {number}")).await?;
        let ticket = lobby.play(None).await?;
        let mut goat = Goat::enter(&stack, &ticket).await?;
        if number % 2 == 1 {
            goat.snapshot().await?;
        }
        players.push((lobby, ticket, goat));
    }
    stack.start_as("gameserver", "gameserver-2", &[]).await?;
    stack.settle().await?;
    let ids: Vec<&str> = players
        .iter()
        .step_by(2)
        .map(|(_, ticket, _)| &ticket.match_id[..])
        .collect();
    let ids: Vec<String> = ids.into_iter().map(str::to_owned).collect();
    let mut kept = Vec::new();
    for id in &ids {
        kept.push(until("a checkpoint", SOON, async || kept_of(&stack, id).await).await?);
    }
    stack.take_called("gameserver-1")?.kill().await?;
    let killed = Instant::now();
    let mut flipped = kept[1].clone();
    let middle = flipped.len() / 2;
    flipped[middle] ^= 1;
    let spoilt = [
        kept[0][..kept[0].len() / 2].to_vec(),
        flipped,
        kept[0].clone(),
        vec![b'7'; 1 << 20],
    ];
    for (id, spoilt) in ids.iter().zip(&spoilt) {
        let key = format!("checkpoint:{id}");
        let command = [&b"HSET"[..], key.as_bytes(), b"bytes", spoilt];
        redis_bytes::send(&stack, "matches", &command).await?;
    }
    ensure!(killed.elapsed() < matches::LEASE, "it took too long");

    for (id, player) in ids.iter().take(WAYS).zip(players.iter().step_by(2)) {
        let result = until("an end", SOON, async || {
            let result = redis::ask(&stack, "matches", &format!("GET result:{id}")).await;
            let result = result.map_err(|error| error.to_string())?;
            let is_there = result.contains("unrecoverable");
            is_there.then(|| result.clone()).ok_or(result)
        });
        let result = result.await?;
        ensure!(result.contains("\"winner\":null"), "{result}");
        let aside = redis::ask(&stack, "matches", &format!("TYPE aside:{id}")).await?;
        ensure!(!aside.contains("none"), "nothing of {id} is set aside");
        // Its players are free to play another one.
        let (lobby, ticket, _) = player;
        ensure!(lobby.state().await?.seat.is_none());
        let next = Goat::persist(&stack, lobby).await?;
        ensure!(next.way_back().is_ok());
        ensure!(lobby.state().await?.seat.context("no seat")?.match_id != ticket.match_id);
    }
    // The one that nobody has touched goes on, and the server has lived through all of them.
    let (lobby, ticket, _) = players.last().context("nobody")?;
    let mut goat = Goat::persist(&stack, lobby).await?;
    ensure!(goat.client().match_id() == ticket.match_id);
    goat.snapshot().await?;
    let told = status_of(&stack, "gameserver-2").await?;
    ensure!(told["counters"]["taken_over"] == 1, "{told}");
    Ok(())
}

/// What the directory keeps of a match that is played.
async fn kept_of(stack: &Stack, id: &str) -> Result<Vec<u8>, String> {
    let key = format!("checkpoint:{id}");
    let command = [&b"HGET"[..], key.as_bytes(), b"bytes"];
    let kept = redis_bytes::send(stack, "matches", &command).await;
    let kept = kept.map_err(|error| error.to_string())?;
    // It comes with its length before it, on a line of its own.
    let at = kept.iter().position(|byte| *byte == b'\n');
    let kept = at.and_then(|at| kept.get(at + 1..kept.len().checked_sub(2)?));
    let kept = kept.filter(|kept| String::from_utf8_lossy(kept).contains("\"state\":\""));
    kept.map(<[u8]>::to_vec)
        .ok_or_else(|| format!("nothing of {id} is kept"))
}
