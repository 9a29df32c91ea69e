//! A socket lives no longer than the session that opened it, and a session has only so many.

use std::time::Duration;

use acceptance::{
    answer::{expect, refused, refused_as},
    player::Player,
    redis,
    socket::{Socket, upgrade},
};
use anyhow::ensure;
use serde_json::json;
use stack::{Stack, until};

use super::addresses;

const SESSION_ENDED: u16 = 4004;

/// Two replicas, and a welcomed socket of a player at each.
async fn two_sockets(stack: &Stack, player: &Player) -> anyhow::Result<[Socket; 2]> {
    let replicas = addresses(stack);
    let mut sockets = [
        Socket::open(player, &replicas[0]).await?,
        Socket::open(player, &replicas[1]).await?,
    ];
    for socket in &mut sockets {
        socket.frame("welcome").await?;
    }
    Ok(sockets)
}

#[tokio::test]
async fn a_logout_or_a_new_login_ends_the_sessions_sockets_everywhere() -> anyhow::Result<()> {
    // Nobody looks by himself here, so whoever knows was told.
    let builder = Stack::builder().environment("SESSION_CHECK_SECONDS", "3600");
    let stack = builder.scale("webserver", 2).start().await?;
    let replicas = addresses(&stack);
    let bob = Player::log_in(&replicas[1], "Bob").await?;
    let mut others = two_sockets(&stack, &bob).await?;
    let ada = Player::log_in(&replicas[0], "Ada").await?;
    let mut sockets = two_sockets(&stack, &ada).await?;
    let goodbye = ada.post(&replicas[1], "/api/logout", &json!({}));
    expect(goodbye.send().await?, 204).await?;
    for socket in &mut sockets {
        ensure!(socket.closed().await? == SESSION_ENDED);
    }
    for name in ["Ada", "Eve"] {
        let ada = Player::log_in(&replicas[0], "Ada").await?;
        let mut sockets = two_sockets(&stack, &ada).await?;
        expect(ada.try_log_in(&replicas[0], name).await?, 200).await?;
        for socket in &mut sockets {
            ensure!(socket.closed().await? == SESSION_ENDED);
        }
        refused(upgrade(&ada, &replicas[0]).send().await?, 401).await?;
    }
    for socket in &mut others {
        socket.say("still here").await?;
    }
    Ok(())
}

#[tokio::test]
async fn what_nobody_tells_a_replica_finds_out() -> anyhow::Result<()> {
    let builder = Stack::builder().environment("SESSION_CHECK_SECONDS", "1");
    let stack = builder.scale("webserver", 2).start().await?;
    let replicas = addresses(&stack);
    let ada = Player::log_in(&replicas[0], "Ada").await?;
    let mut sockets = two_sockets(&stack, &ada).await?;
    // As when its time is over.
    redis::ask(&stack, "sessions", "FLUSHALL").await?;
    for socket in &mut sockets {
        ensure!(socket.closed().await? == SESSION_ENDED);
    }

    // Nobody knows who is still logged in, so everybody stays.
    let bob = Player::log_in(&replicas[0], "Bob").await?;
    let mut sockets = two_sockets(&stack, &bob).await?;
    stack.server("sessions")?.stop().await?;
    let unknown = async || {
        let me = bob.get(&replicas[1], "/api/me").send().await;
        let status = me.map_err(|error| error.to_string())?.status();
        (status == 503)
            .then_some(())
            .ok_or_else(|| status.to_string())
    };
    for _ in 0..5 {
        until("the loss of the sessions", Duration::from_secs(10), unknown).await?;
        for socket in &mut sockets {
            socket.say("still here").await?;
        }
    }
    stack.server("sessions")?.start().await?;

    // While nobody can be told, whoever ends a session knows, and the others find out.
    until(
        "the return of the sessions",
        Duration::from_secs(10),
        async || {
            let name = bob.known_as(&replicas[0]).await;
            name.map_err(|error| format!("{error:#}"))
        },
    )
    .await?;
    stack.server("pubsub")?.stop().await?;
    let goodbye = bob.post(&replicas[0], "/api/logout", &json!({}));
    expect(goodbye.send().await?, 204).await?;
    for socket in &mut sockets {
        ensure!(socket.closed().await? == SESSION_ENDED);
    }
    Ok(())
}

/// Who was away when it was told looks by itself, and does not wait for its turn.
#[tokio::test]
async fn a_logout_that_could_not_be_told_is_found_when_it_can_be_told_again() -> anyhow::Result<()>
{
    let builder = Stack::builder().scale("webserver", 2);
    let stack = builder
        .environment("SESSION_CHECK_SECONDS", "3600")
        .start()
        .await?;
    let replicas = addresses(&stack);
    let bob = Player::log_in(&replicas[0], "Bob").await?;
    let mut socket = Socket::open(&bob, &replicas[1]).await?;
    socket.frame("welcome").await?;
    stack.server("pubsub")?.stop().await?;
    let goodbye = bob.post(&replicas[0], "/api/logout", &json!({}));
    expect(goodbye.send().await?, 204).await?;
    stack.server("pubsub")?.start().await?;
    ensure!(socket.closed().await? == SESSION_ENDED);
    Ok(())
}

#[tokio::test]
async fn a_session_has_eight_sockets_and_a_place_comes_back() -> anyhow::Result<()> {
    let mut stack = Stack::builder().start().await?;
    let address = stack.replica(0)?.address().to_owned();
    let ada = Player::log_in(&address, "Ada").await?;
    let bob = Player::log_in(&address, "Bob").await?;
    let mut sockets = Vec::new();
    for _ in 0..8 {
        sockets.push(Socket::open(&ada, &address).await?);
    }
    let told = upgrade(&ada, &address).send().await?;
    let told = refused_as(told, 429, "too_many_sockets").await?;
    ensure!(told.contains("as many sockets"), "{told}");
    Socket::open(&bob, &address).await?.frame("welcome").await?;
    sockets.pop();
    until("a place", Duration::from_secs(10), async || {
        let opened = Socket::open(&ada, &address).await;
        opened.map_err(|error| format!("{error:#}"))
    })
    .await?;
    Ok(())
}

#[tokio::test]
async fn whoever_opens_sockets_all_the_time_is_held_back() -> anyhow::Result<()> {
    let builder = Stack::builder().environment("OPENING_RATE", "1000");
    let mut stack = builder.start().await?;
    let address = stack.replica(0)?.address().to_owned();
    let ada = Player::log_in(&address, "Ada").await?;
    let mut refused_at = None;
    for number in 0..200 {
        // It is refused for a moment when the server has not yet seen the end of those before, and that counts as well.
        let answer = upgrade(&ada, &address).send().await?;
        if answer.status() == 429 {
            let told = refused_as(answer, 429, "too_many_sockets").await?;
            if told.contains("too often") {
                refused_at = Some(number);
                break;
            }
        }
    }
    ensure!(
        refused_at.is_some_and(|number| number >= 32),
        "{refused_at:?}"
    );
    // It is this session, and nobody else.
    let bob = Player::log_in(&address, "Bob").await?;
    Socket::open(&bob, &address).await?.frame("welcome").await?;

    // The same for an address, however many sessions it has.
    let builder = Stack::builder().environment("OPENING_RATE", "1");
    let mut stack = builder.start().await?;
    let address = stack.replica(0)?.address().to_owned();
    let mut open = 0;
    'players: for number in 0..20 {
        let player = Player::log_in(&address, &format!("Player {number}")).await?;
        for _ in 0..8 {
            let from = upgrade(&player, &address).header("x-forwarded-for", "10.0.0.1");
            if from.send().await?.status() == 429 {
                break 'players;
            }
            open += 1;
        }
    }
    ensure!((40..160).contains(&open), "{open} were opened");
    let other = upgrade(&Player::log_in(&address, "Bob").await?, &address);
    let other = other.header("x-forwarded-for", "10.0.0.2");
    expect(other.send().await?, 101).await?;
    Ok(())
}
