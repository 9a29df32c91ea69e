//! The lobby: a seat for whoever asks, the way out of it, and what happens when something is missing.

mod trouble;

use std::{collections::BTreeSet, time::Duration};

use acceptance::{answer::refused, player::HOST};
use anyhow::{Context, bail, ensure};
use bot::{
    Lobby, LobbyError, Ticketed,
    socket::{Socket, Upgrade, connect, upgrade},
};
use futures_util::{SinkExt, StreamExt, future::try_join_all};
use serde_json::{Value, json};
use stack::{Stack, until};
use tokio::time::{Instant, timeout};
use tokio_tungstenite::tungstenite::Message;

/// How soon what was done is seen by everybody.
pub(super) const AGREED_WITHIN: Duration = Duration::from_secs(5);

/// How long a game server may take to be known, and a frame to come. Both take far less; this is for a machine that is busy.
const PATIENCE: Duration = Duration::from_secs(20);

/// A system in which there are seats.
pub(super) async fn with_seats(builder: stack::Builder) -> anyhow::Result<Stack> {
    let stack = builder.start().await?;
    let nobody = Lobby::of(bot::Browser::new(HOST, PATIENCE)?, &stack.address());
    until("a game server that is ready", PATIENCE, async || {
        let fleet = nobody.fleet().await.map_err(|error| error.to_string())?;
        let servers = fleet["servers"].as_array();
        let ready = servers.is_some_and(|all| all.iter().any(|one| one["state"] == "ready"));
        ready.then_some(()).ok_or_else(|| fleet.to_string())
    })
    .await?;
    Ok(stack)
}

/// Somebody who has logged in through Traefik.
pub(super) async fn log_in(stack: &Stack, name: &str) -> anyhow::Result<Lobby> {
    Ok(Lobby::log_in(&stack.address(), HOST, name).await?)
}

/// Goes where a ticket leads, and gives the socket once it is welcome there.
pub(super) async fn enter(stack: &Stack, ticketed: &Ticketed) -> anyhow::Result<Socket> {
    let connection = connect(stack.address().parse()?, None).await?;
    let request = Upgrade {
        host: HOST,
        path: &ticketed.path,
        cookie: "",
    };
    let mut socket = upgrade(connection, request).await?;
    let enter = json!({ "type": "enter", "ticket": ticketed.ticket });
    socket.send(Message::text(enter.to_string())).await?;
    let first = timeout(PATIENCE, socket.next()).await?;
    let first = first.context("no word of welcome")??;
    let welcome: Value = serde_json::from_str(first.to_text()?)?;
    ensure!(
        welcome["type"] == "welcome" && welcome["match_id"] == ticketed.match_id,
        "{welcome}"
    );
    ensure!(welcome["seat"] == json!(ticketed.seat), "{welcome}");
    Ok(socket)
}

/// Makes sure that something was refused with this word.
pub(super) fn refused_with<T>(result: Result<T, LobbyError>, code: &str) -> anyhow::Result<()> {
    match result {
        Err(LobbyError::Refused {
            code: told, error, ..
        }) if told == code => {
            ensure!(error.len() > 10, "no sentence: {error:?}");
            Ok(())
        }
        Err(other) => bail!("{other} instead of {code}"),
        Ok(_) => bail!("it was accepted instead of {code}"),
    }
}

fn addresses(stack: &Stack) -> Vec<String> {
    let all = stack.replicas();
    all.map(|replica| replica.address().to_owned()).collect()
}

#[tokio::test]
async fn whoever_plays_gets_a_way_in_and_the_same_seat_when_asking_again() -> anyhow::Result<()> {
    let builder = Stack::builder().scale("webserver", 2);
    let stack = with_seats(builder.environment("GRACE", "1")).await?;
    let ada = log_in(&stack, "Ada").await?;
    let first = ada.play(None).await?;
    ensure!(first.hold_ms == 15_000, "{first:?}");
    ensure!(first.path == format!("/game/{}/ws", first.server));
    // Any web server knows.
    for address in addresses(&stack) {
        let again = ada.at(&address).play(None).await?;
        ensure!(
            (&again.server, &again.match_id, again.seat)
                == (&first.server, &first.match_id, first.seat),
            "{again:?} after {first:?}"
        );
        ensure!(again.ticket != first.ticket);
        let seat = ada.at(&address).state().await?.seat.context("no seat")?;
        ensure!(Some(seat.seat) == first.seat && !seat.taken, "{seat:?}");
    }
    let socket = enter(&stack, &ada.play(None).await?).await?;
    let seat = ada.state().await?.seat.context("no seat")?;
    ensure!(seat.taken, "{seat:?}");
    drop(socket);
    until(
        "the seat of who has gone and stays away is free",
        AGREED_WITHIN,
        async || {
            let state = ada.state().await.map_err(|error| error.to_string())?;
            state
                .seat
                .is_none()
                .then_some(())
                .ok_or_else(|| format!("{state:?}"))
        },
    )
    .await
}

/// A seat that one gets again whatever one does is a seat without a way out.
#[tokio::test]
async fn whoever_leaves_gets_another_match_at_once() -> anyhow::Result<()> {
    let stack = with_seats(Stack::builder()).await?;
    let ada = log_in(&stack, "Ada").await?;
    // From a seat that is held, and from one that is taken.
    for is_taken in [false, true] {
        let first = ada.play(None).await?;
        let socket = if is_taken {
            Some(enter(&stack, &first).await?)
        } else {
            None
        };
        ada.leave().await?;
        ensure!(ada.state().await?.seat.is_none());
        let second = ada.play(None).await?;
        ensure!(second.match_id != first.match_id, "{second:?}");
        let _other = enter(&stack, &second).await?;
        // And the server lets go of the socket.
        if let Some(mut socket) = socket {
            let closed = async {
                while let Some(Ok(frame)) = socket.next().await {
                    if let Message::Close(frame) = frame {
                        return frame.map(|frame| u16::from(frame.code));
                    }
                }
                None
            };
            let code = timeout(AGREED_WITHIN, closed).await?;
            ensure!(code == Some(4011), "{code:?}");
        }
        ada.leave().await?;
        // To leave once more is no error.
        ada.leave().await?;
    }
    Ok(())
}

/// Asks again where the machine was too busy to answer in time. A limit answers 429, and that is an error.
async fn answered<T>(ask: impl AsyncFn() -> Result<T, LobbyError>) -> anyhow::Result<T> {
    for _ in 0..20 {
        match ask().await {
            Err(LobbyError::Refused { status, .. }) if status.is_server_error() => {}
            answer => return Ok(answer?),
        }
    }
    bail!("nobody has answered")
}

/// A school has one address. So limits go by browser first, and one by address lets a class in.
#[tokio::test]
async fn a_class_of_one_address_logs_in_plays_and_comes_back_at_once() -> anyhow::Result<()> {
    let stack = with_seats(Stack::builder().scale("webserver", 2)).await?;
    let begun = Instant::now();
    let address = stack.address();
    let pupils = (0..40).map(|number| {
        let (name, address) = (format!("Pupil {number}"), &address);
        async move {
            let pupil = answered(async || Lobby::log_in(address, HOST, &name).await).await?;
            for _ in 0..2 {
                answered(async || pupil.play(None).await).await?;
                answered(async || pupil.leave().await).await?;
            }
            answered(async || pupil.log_out().await).await?;
            let pupil = answered(async || pupil.log_in_again(&name).await).await?;
            let seat = answered(async || pupil.play(None).await).await?;
            anyhow::Ok((seat.match_id, seat.seat))
        }
    });
    let seats = try_join_all(pupils).await?;
    println!("forty players took {:?}", begun.elapsed());
    let different: BTreeSet<_> = seats.iter().collect();
    ensure!(different.len() == 40, "a seat was given twice: {seats:?}");
    Ok(())
}

#[tokio::test]
async fn a_logout_and_another_name_leave_seat_and_party() -> anyhow::Result<()> {
    let stack = with_seats(Stack::builder()).await?;
    for other_name in [None, Some("Eve")] {
        let bob = log_in(&stack, "Bob").await?;
        let code = bob.create_party().await?.party.context("no party")?.code;
        let ada = log_in(&stack, "Ada").await?;
        ada.join_party(&code).await?;
        ada.play(Some(&code)).await?;
        let members = async || anyhow::Ok(bob.state().await?.party.map(|party| party.members));
        ensure!(members().await?.is_some_and(|all| all.len() == 2));
        let before = ada.state().await?;
        ensure!(
            before.party.is_some() && before.seat.is_some(),
            "{before:?}"
        );
        // Who logs in under the same name is the same player, and stays where they are.
        let ada = ada.log_in_again("Ada").await?;
        ensure!(ada.state().await? == before);
        let now = match other_name {
            Some(name) => ada.log_in_again(name).await?,
            None => {
                ada.log_out().await?;
                ada
            }
        };
        let state = now.state().await?;
        ensure!(state.party.is_none() && state.seat.is_none(), "{state:?}");
        ensure!(state.player.is_some() == other_name.is_some(), "{state:?}");
        let left = members().await?.context("no party")?;
        ensure!(left.len() == 1 && left[0].name == "Bob", "{left:?}");
    }
    Ok(())
}

#[tokio::test]
async fn nobody_is_told_so_and_can_leave() -> anyhow::Result<()> {
    let stack = Stack::builder().start().await?;
    let nobody = Lobby::of(bot::Browser::new(HOST, PATIENCE)?, &stack.address());
    ensure!(nobody.state().await? == bot::lobby::LobbyState::default());
    for path in ["/api/play", "/api/watch", "/api/party"] {
        refused(nobody.post(path, &json!({})).send().await?, 401).await?;
    }
    let join = nobody.post("/api/party/join", &json!({ "code": "ABCD-EFGH" }));
    refused(join.send().await?, 401).await?;
    nobody.leave().await?;
    nobody.leave_party().await?;
    Ok(())
}

#[tokio::test]
async fn a_page_of_another_site_can_do_nothing_here_either() -> anyhow::Result<()> {
    let stack = with_seats(Stack::builder()).await?;
    let ada = log_in(&stack, "Ada").await?;
    ada.create_party().await?;
    for path in ["/api/play", "/api/watch", "/api/party", "/api/party/join"] {
        let request = ada
            .post(path, &json!({}))
            .header("origin", "http://evil.example");
        let told = refused(request.send().await?, 403).await?;
        ensure!(told.contains("another site"), "{told}");
    }
    for path in ["/api/play", "/api/party"] {
        let url = format!("http://{}{path}", stack.address());
        let request = stack.client().delete(url).header("host", HOST);
        let request = request.header("cookie", ada.browser().cookie());
        let request = request.header("sec-fetch-site", "cross-site");
        refused(request.send().await?, 403).await?;
    }
    ensure!(ada.state().await?.party.is_some());
    Ok(())
}

#[tokio::test]
async fn a_watcher_is_led_to_where_something_happens() -> anyhow::Result<()> {
    let stack = with_seats(Stack::builder()).await?;
    let (ada, bob) = (log_in(&stack, "Ada").await?, log_in(&stack, "Bob").await?);
    refused_with(bob.watch().await, "nothing_to_watch")?;
    let playing = ada.play(None).await?;
    let _ada = enter(&stack, &playing).await?;
    let watching = until("a match to watch", AGREED_WITHIN, async || {
        bob.watch().await.map_err(|error| error.to_string())
    });
    let watching = watching.await?;
    ensure!(watching.seat.is_none() && watching.match_id == playing.match_id);
    let _bob = enter(&stack, &watching).await?;
    // To watch takes no seat.
    ensure!(bob.state().await?.seat.is_none());
    Ok(())
}

#[tokio::test]
async fn everybody_may_see_the_fleet() -> anyhow::Result<()> {
    let stack = with_seats(Stack::builder()).await?;
    let ada = log_in(&stack, "Ada").await?;
    let seat = ada.play(None).await?;
    let nobody = Lobby::of(bot::Browser::new(HOST, PATIENCE)?, &stack.address());
    until("the server with its match", AGREED_WITHIN, async || {
        let fleet = nobody.fleet().await.map_err(|error| error.to_string())?;
        let server = &fleet["servers"][0];
        let is_so = server["server"] == seat.server
            && server["state"] == "allocated"
            && server["matches"] == 1
            && server["seats"] == 8
            && server["capacity"].as_u64() >= Some(1)
            && server["players"].is_u64();
        is_so.then_some(()).ok_or_else(|| fleet.to_string())
    })
    .await
}
