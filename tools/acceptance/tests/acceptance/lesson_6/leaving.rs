//! A replica is told to stop, and sends its players to the others.

use std::time::Duration;

use acceptance::{
    answer::{header, refused},
    player::Player,
    socket::{Socket, upgrade},
};
use anyhow::ensure;
use nix::sys::signal::Signal;
use stack::{Stack, until};

use super::addresses;

/// Opens sockets through Traefik until one is on this replica.
async fn open_on(replica: &str, player: &Player, traefik: &str) -> anyhow::Result<Socket> {
    until(
        "a socket on that replica",
        Duration::from_secs(20),
        async || {
            let on = async || {
                let mut socket = Socket::open(player, traefik).await?;
                let welcome = socket.frame("welcome").await?;
                anyhow::Ok((socket, welcome))
            };
            match on().await {
                Ok((socket, welcome)) if welcome["replica"] == replica => Ok(socket),
                other => Err(format!("{other:?}")),
            }
        },
    )
    .await
}

#[tokio::test]
async fn sockets_are_told_to_come_back_when_there_is_another_way() -> anyhow::Result<()> {
    // Longer than usual, because what happens in this time is looked at.
    let builder = Stack::builder().environment("LEAVE_GRACE", "5");
    let mut stack = builder.scale("webserver", 2).start().await?;
    let (replicas, traefik) = (addresses(&stack), stack.address());
    let ada = Player::log_in(&traefik, "Ada").await?;
    let bob = Player::log_in(&traefik, "Bob").await?;
    let mut adas = open_on("webserver-1", &ada, &traefik).await?;
    let mut bobs = Socket::open(&bob, &replicas[1]).await?;
    bobs.sees(&["Ada", "Bob"]).await?;
    // Somebody who never reads must not hold the replica up.
    let deaf = Socket::open(&ada, &replicas[0]).await?;

    let mut leaving = stack.take_replica(0)?;
    leaving.signal(Signal::SIGTERM)?;
    until("the deregistration", Duration::from_secs(4), async || {
        let registered = stack.registered("webserver").await;
        match registered.map_err(|error| format!("{error:#}"))? {
            ids if ids == ["webserver-2"] => Ok(()),
            ids => Err(format!("{ids:?}")),
        }
    })
    .await?;
    // From here on nobody is sent there, and who is there is served as before.
    let full = upgrade(&ada, leaving.address()).send().await?;
    ensure!(header(&full, "retry-after")?.parse::<u64>()? >= 1);
    let told = refused(full, 503).await?;
    ensure!(told.contains("stopping"), "{told}");
    adas.say("still here").await?;
    let heard = bobs.message().await?;
    ensure!(
        heard["text"] == "still here" && heard["replica"] == "webserver-1",
        "{heard}"
    );

    ensure!(adas.closed().await? == 1012);
    // At once, the same way, and it is another replica.
    let mut adas = Socket::open(&ada, &traefik).await?;
    let welcome = adas.frame("welcome").await?;
    ensure!(welcome["replica"] == "webserver-2", "{welcome}");
    let status = leaving.wait(Duration::from_secs(20)).await?;
    let log = leaving.log().tail(15);
    ensure!(status.code() == Some(0), "it ended with {status}:\n{log}");
    ensure!(!log.contains("deadline"), "{log}");
    drop(deaf);
    bobs.say("welcome back").await?;
    adas.messages_up_to("welcome back").await?;
    Ok(())
}

/// Whoever left with the replica is off the list at once, and not when a lease runs out.
#[tokio::test]
async fn the_players_of_a_stopped_replica_are_off_the_list_when_it_ends() -> anyhow::Result<()> {
    let mut stack = Stack::builder().scale("webserver", 2).start().await?;
    let replicas = addresses(&stack);
    let ada = Player::log_in(&replicas[0], "Ada").await?;
    let bob = Player::log_in(&replicas[0], "Bob").await?;
    let mut adas = Socket::open(&ada, &replicas[0]).await?;
    let mut bobs = Socket::open(&bob, &replicas[1]).await?;
    bobs.sees(&["Ada", "Bob"]).await?;
    let mut leaving = stack.take_replica(0)?;
    leaving.signal(Signal::SIGTERM)?;
    ensure!(adas.closed().await? == 1012);
    leaving.wait(Duration::from_secs(20)).await?;
    bobs.sees(&["Bob"]).await?;
    Ok(())
}
