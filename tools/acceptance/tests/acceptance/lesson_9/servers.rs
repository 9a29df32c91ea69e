//! Game servers that come, go, stand still and die, and what becomes of those who play on them.

use std::time::Duration;

use acceptance::{
    answer::refused_as,
    goat::{Goat, counter, lobby, status},
    player::HOST,
};
use anyhow::{Context, ensure};
use bot::Lobby;
use futures_util::future::try_join;
use matches::LEASE;
use nix::sys::signal::Signal;
use serde_json::Value;
use stack::{Stack, until};
use tokio::time::{Instant, sleep};

/// How long something may take that takes half a second at most. This is for a machine that is busy.
const SOON: Duration = Duration::from_secs(10);

/// The name of a game server, which it is asked for past Traefik.
async fn name_of(stack: &Stack, replica: &str) -> anyhow::Result<String> {
    let address = stack.called(replica)?.address();
    let url = format!("http://{address}/game/");
    let told: Value = stack.client().get(url).send().await?.json().await?;
    Ok(told["server"].as_str().context("no name")?.to_owned())
}

/// What the fleet says of a server; nothing if it is not there.
async fn in_fleet(lobby: &Lobby, server: &str) -> Result<Value, String> {
    let fleet = lobby.fleet().await.map_err(|error| error.to_string())?;
    let servers = fleet["servers"].as_array().cloned().unwrap_or_default();
    let mut servers = servers.into_iter();
    let found = servers.find(|one| one["server"] == server);
    Ok(found.unwrap_or_default())
}

/// Waits until the fleet says this of a server.
async fn becomes(lobby: &Lobby, server: &str, state: &str) -> anyhow::Result<Value> {
    let what = format!("{server} being {state}");
    until(&what, SOON, async || {
        sleep(Duration::from_millis(80)).await;
        let told = in_fleet(lobby, server).await?;
        (told["state"] == state)
            .then(|| told.clone())
            .ok_or_else(|| told.to_string())
    })
    .await
}

/// "A route that comes later than its ticket": those who are waiting for room are led to a new server as soon as it is ready, and not before.
#[tokio::test]
async fn nobody_is_led_to_a_new_server_before_its_route_is_there_and_then_at_once()
-> anyhow::Result<()> {
    let builder = Stack::builder().environment("CAPACITY", "1");
    let builder = builder.environment("SEATS", "2");
    let mut stack = builder.environment("GATHER", "60").start().await?;
    let _full = (
        Goat::play(&stack, "Ada").await?,
        Goat::play(&stack, "Bob").await?,
    );
    let waiting = lobby(&stack, "Cyd").await?;
    let refused = waiting.play(None).await.err().context("there was room")?;
    ensure!(refused.code() == Some("full"), "{refused}");

    stack.start_as("gameserver", "gameserver-2", &[]).await?;
    let url = format!("http://{}/game/", stack.called("gameserver-2")?.address());
    let ready = until("its getting ready", SOON, async || {
        let told = stack.client().get(&url).send().await;
        let told = told.map_err(|error| error.to_string())?;
        let told: Value = told.json().await.map_err(|error| error.to_string())?;
        (told["state"] == "ready")
            .then(Instant::now)
            .ok_or_else(|| told.to_string())
    });
    let seated = async {
        let deadline = Instant::now() + SOON;
        loop {
            match waiting.play(None).await {
                // The first ticket that there is leads into a match, at the first try.
                Ok(ticket) => {
                    Goat::enter(&stack, &ticket).await?;
                    return Ok(Instant::now());
                }
                Err(error) => {
                    ensure!(error.code() == Some("full"), "{error}");
                    ensure!(Instant::now() < deadline, "it got no seat");
                    sleep(Duration::from_millis(220)).await;
                }
            }
        }
    };
    let (ready, seated) = try_join(ready, seated).await?;
    let took = seated.saturating_duration_since(ready);
    // On a machine with nothing else to do it is half a second.
    println!("from ready to the first player: {took:?}");
    ensure!(took < SOON, "it took {took:?}");
    Ok(())
}

/// "Allocation to a draining server".
#[tokio::test]
async fn a_server_that_is_told_to_stop_gets_nobody_more_and_its_players_go_on_elsewhere()
-> anyhow::Result<()> {
    let builder = Stack::builder().environment("GATHER", "0");
    let mut stack = builder.scale("gameserver", 2).start().await?;
    let ada = lobby(&stack, "Ada").await?;
    let ticket = ada.play(None).await?;
    let mut goat = Goat::enter(&stack, &ticket).await?;
    goat.snapshot().await?;
    let name = name_of(&stack, "gameserver-1").await?;
    let (stopped, other) = if name == ticket.server {
        ("gameserver-1", "gameserver-2")
    } else {
        ("gameserver-2", "gameserver-1")
    };
    let other = name_of(&stack, other).await?;
    let mut server = stack.take_called(stopped)?;
    server.signal(Signal::SIGTERM)?;
    let told = Instant::now();
    let bob = lobby(&stack, "Bob").await?;
    becomes(&bob, &ticket.server, "draining").await?;
    let took = told.elapsed();
    ensure!(took < SOON, "it took {took:?}");
    // Though there is an open match with seven free seats.
    for name in ["Cyd", "Dan", "Eve"] {
        let next = lobby(&stack, name).await?.play(None).await?;
        ensure!(next.server == other, "{name} was led to who drains");
    }
    // Whoever is there plays on until it ends, and then at once elsewhere, in the same match.
    let before = goat.snapshot().await?.state.tick;
    while goat.snapshot().await?.state.tick < before + 10 {}
    ensure!(goat.closed().await? == 4012);
    let next = ada.play(None).await?;
    ensure!(next.server == other, "she was led back");
    ensure!(next.match_id == ticket.match_id, "it is another match");
    Goat::enter(&stack, &next).await?;
    // A web server looks at the fleet once a second.
    until("its leaving the fleet", SOON, async || {
        sleep(Duration::from_millis(200)).await;
        match in_fleet(&bob, &ticket.server).await? {
            Value::Null => Ok(()),
            told => Err(told.to_string()),
        }
    })
    .await?;
    let status = server.wait(SOON).await?;
    ensure!(status.success(), "{status}");
    Ok(())
}

/// "Allocation to a dead server": it ends with the lease.
#[tokio::test]
async fn who_played_on_a_server_that_was_killed_plays_on_another_within_seconds()
-> anyhow::Result<()> {
    let builder = Stack::builder().environment("GATHER", "0");
    let mut stack = builder.scale("gameserver", 2).start().await?;
    let ada = lobby(&stack, "Ada").await?;
    let ticket = ada.play(None).await?;
    let mut goat = Goat::enter(&stack, &ticket).await?;
    goat.snapshot().await?;
    let name = name_of(&stack, "gameserver-1").await?;
    let dead = if name == ticket.server {
        "gameserver-1"
    } else {
        "gameserver-2"
    };
    stack.take_called(dead)?.kill().await?;
    let killed = Instant::now();
    ensure!(goat.closed().await.is_err(), "the dead have said goodbye");
    let mut goat = Goat::persist(&stack, &ada).await?;
    let took = killed.elapsed();
    goat.snapshot().await?;
    ensure!(took < LEASE + SOON, "it took {took:?}");
    becomes(&ada, &ticket.server, "lost").await?;
    // Its own route is gone before long, and then somebody else says where to go on.
    until("an answer", Duration::from_secs(20), async || {
        let gone = stack.get(HOST, &format!("/game/{}/", ticket.server)).await;
        let gone = gone.map_err(|error| format!("{error:#}"))?;
        let told = refused_as(gone, 410, "server_gone").await;
        told.map(drop).map_err(|error| format!("{error:#}"))
    })
    .await
}

/// G64: one missed beat hides living matches for ever.
#[tokio::test]
async fn a_server_that_stood_still_for_longer_than_its_lease_has_its_matches_back()
-> anyhow::Result<()> {
    let stack = Stack::builder().environment("GATHER", "0").start().await?;
    let ada = lobby(&stack, "Ada").await?;
    let ticket = ada.play(None).await?;
    let mut goat = Goat::enter(&stack, &ticket).await?;
    goat.snapshot().await?;
    let bob = lobby(&stack, "Bob").await?;
    becomes(&bob, &ticket.server, "allocated").await?;
    let server = stack.called("gameserver-1")?;
    server.signal(Signal::SIGSTOP)?;
    let stopped = Instant::now();
    becomes(&bob, &ticket.server, "lost").await?;
    // Nobody is led there meanwhile.
    let refused = bob.play(None).await.err().context("he got a seat")?;
    ensure!(refused.code() == Some("no_servers"), "{refused}");
    sleep((LEASE + Duration::from_secs(1)).saturating_sub(stopped.elapsed())).await;
    server.signal(Signal::SIGCONT)?;
    let back = becomes(&bob, &ticket.server, "allocated").await?;
    ensure!(back["matches"] == 1 && back["players"] == 1, "{back}");
    // She has never lost her seat, and others come into the same match.
    let before = goat.snapshot().await?.state.tick;
    while goat.snapshot().await?.state.tick < before + 10 {}
    let seat = ada.state().await?.seat.context("she has no seat")?;
    ensure!(seat.match_id == ticket.match_id && seat.taken);
    let next = bob.play(None).await?;
    ensure!(next.match_id == ticket.match_id);
    Goat::enter(&stack, &next).await?;
    Ok(())
}

/// "A match that never ends because one player left."
#[tokio::test]
async fn a_match_ends_though_one_player_left_and_its_seats_are_free() -> anyhow::Result<()> {
    let builder = Stack::builder().environment("GATHER", "0.5");
    let stack = builder.environment("TICK_RATE", "60").start().await?;
    let (ada, bob) = (lobby(&stack, "Ada").await?, lobby(&stack, "Bob").await?);
    let ticket = ada.play(None).await?;
    let mut stays = Goat::enter(&stack, &ticket).await?;
    let leaves = Goat::enter(&stack, &bob.play(None).await?).await?;
    stays.frame("started").await?;
    drop(leaves);
    let result = stays.frame("result").await?;
    ensure!(result["closes_in_ms"] == 10_000, "{result}");
    // From then on nobody belongs there any more, though everybody may look at it for a while.
    ensure!(ada.state().await?.seat.is_none(), "she still has a seat");
    let next = ada.play(None).await?;
    ensure!(next.match_id != ticket.match_id, "it is the same match");
    ensure!(stays.closed().await? == 4010);
    Ok(())
}

/// "A leaked allocation": a seat that nobody comes for is free again.
#[tokio::test]
async fn a_match_that_nobody_came_to_takes_no_room() -> anyhow::Result<()> {
    let builder = Stack::builder().environment("CAPACITY", "1");
    let stack = builder.environment("SEATS", "2").start().await?;
    let (ada, bob) = (lobby(&stack, "Ada").await?, lobby(&stack, "Bob").await?);
    ada.play(None).await?;
    bob.play(None).await?;
    let cyd = lobby(&stack, "Cyd").await?;
    let refused = cyd.play(None).await.err().context("there was room")?;
    ensure!(refused.code() == Some("full"), "{refused}");
    let asked = Instant::now();
    Goat::persist(&stack, &cyd).await?;
    let took = asked.elapsed();
    ensure!(took > Duration::from_secs(10), "it took {took:?}");
    Ok(())
}

/// G07: whoever leaves is put back into the same match.
#[tokio::test]
async fn who_gives_the_seat_up_has_to_go_and_gets_another_at_once() -> anyhow::Result<()> {
    let stack = Stack::builder().environment("GATHER", "60").start().await?;
    let ada = lobby(&stack, "Ada").await?;
    let mut goat = Goat::enter(&stack, &ada.play(None).await?).await?;
    let mut watcher = Goat::watch(&stack, "Bob").await?;
    ada.leave().await?;
    let left = Instant::now();
    ensure!(goat.closed().await? == 4011);
    let took = left.elapsed();
    ensure!(took < SOON, "it took {took:?}");
    watcher.frame("cancelled").await?;
    Goat::enter(&stack, &ada.play(None).await?).await?;
    Ok(())
}

#[tokio::test]
async fn whose_goat_is_out_may_look_on_and_gets_another_match_at_once() -> anyhow::Result<()> {
    let builder = Stack::builder().environment("GATHER", "0");
    let builder = builder.environment("TICK_RATE", "60");
    let stack = builder.environment("SEED", "1").start().await?;
    let ada = lobby(&stack, "Ada").await?;
    let ticket = ada.play(None).await?;
    let mut goat = Goat::enter(&stack, &ticket).await?;
    // She does nothing, and the bots do.
    while goat.own().await?.lives > 0 {
        goat.act(game::Input::default()).await?;
    }
    let next = until("another match", SOON, async || {
        sleep(Duration::from_millis(200)).await;
        let next = ada.play(None).await.map_err(|error| error.to_string())?;
        if next.match_id == ticket.match_id {
            return Err("the same match".to_owned());
        }
        Ok(next)
    })
    .await?;
    Goat::enter(&stack, &next).await?;
    goat.frame("result").await?;
    Ok(())
}

/// Somebody opens a second window. The directory gives the same seat, and the server closes the older socket.
#[tokio::test]
async fn the_newest_socket_of_a_player_has_the_seat() -> anyhow::Result<()> {
    let stack = Stack::builder().environment("GATHER", "0").start().await?;
    let ada = lobby(&stack, "Ada").await?;
    let first = ada.play(None).await?;
    let mut old = Goat::enter(&stack, &first).await?;
    old.snapshot().await?;
    let second = ada.play(None).await?;
    ensure!(second.match_id == first.match_id && second.seat == first.seat);
    let mut new = Goat::enter(&stack, &second).await?;
    ensure!(old.closed().await? == 4009);
    new.snapshot().await?;
    // What the older one leaves behind is not taken for the end of the newer one.
    sleep(Duration::from_secs(1)).await;
    let seat = ada.state().await?.seat.context("she has no seat")?;
    ensure!(seat.match_id == first.match_id && seat.taken);
    new.snapshot().await?;
    ensure!(counter(&stack, "matches").await? == 1);
    Ok(())
}

/// Whoever starts again under the same name is another server, and knows nothing of what was before.
#[tokio::test]
async fn each_start_of_a_server_has_a_name_and_a_route_of_its_own() -> anyhow::Result<()> {
    let mut stack = Stack::builder().start().await?;
    let first = name_of(&stack, "gameserver-1").await?;
    ensure!(first.starts_with("gs-") && first.len() == 13, "{first}");
    let own = stack.get(HOST, &format!("/game/{first}/")).await?;
    let own: Value = own.json().await?;
    ensure!(own["server"] == first && own["replica"] == "gameserver-1");
    stack.take_called("gameserver-1")?.stop().await?;
    stack.start_as("gameserver", "gameserver-1", &[]).await?;
    stack.settle().await?;
    let second = name_of(&stack, "gameserver-1").await?;
    ensure!(second != first, "it is the same name");
    let gone = stack.get(HOST, &format!("/game/{first}/ws")).await?;
    refused_as(gone, 410, "server_gone").await?;
    ensure!(status(&stack).await?["server"] == second);
    Ok(())
}
