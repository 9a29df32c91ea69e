//! Players whose server dies, or is told to stop, are back in the same seats on another. They ask web servers where that is, and not all at once.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use acceptance::{
    goat::{Goat, address, lobby},
    player::HOST,
};
use anyhow::{Context, ensure};
use bot::{
    Lobby, Target, Ticketed,
    browser::http_client,
    game::{Event, ResumingClient, Way},
};
use game::Input;
use nix::sys::signal::Signal;
use serde_json::Value;
use stack::{Builder, Stack};
use tokio::{
    sync::watch,
    task::JoinSet,
    time::{Instant, timeout},
};

/// How many play, and how many of them in each match: all seats are theirs, so nobody butts who does nothing.
const BOTS: usize = 60;
const SEATS: usize = 6;

/// By this tick a match has been written down, more than once.
const WRITTEN_DOWN: u32 = 15;

/// So many ticks are played again at most.
const AGAIN: u32 = 20;

/// How soon all are back. A lease has to end first, which takes three seconds; the rest is for a machine that is busy.
const BACK_WITHIN: Duration = Duration::from_secs(20);

/// How often each may ask in a second, which a second may see a little more of.
const ASKS_A_SECOND: usize = 5;

/// What one of them saw.
#[derive(Debug)]
struct Seen {
    seat: usize,
    match_id: String,
    server: String,
    moves: u32,
    /// The last tick that was shown before, and the first after, with their epochs.
    before: (u32, u32),
    after: (u32, u32),
    asked: Vec<Instant>,
    back_at: Instant,
}

/// Those who play, by their numbers.
type Playing = JoinSet<anyhow::Result<(usize, Seen)>>;

/// A system in which nobody is held back who comes from the same address, and in which a match lasts.
fn system() -> Builder {
    let builder = Stack::builder().environment("LOGIN_RATE", "1000000");
    let builder = builder.environment("OPENING_RATE", "1000000");
    let builder = builder.environment("SEATS", &SEATS.to_string());
    let builder = builder.environment("TICK_RATE", "10");
    builder.environment("GATHER", "30").scale("gameserver", 3)
}

/// G43: all come back in the same second.
#[tokio::test]
async fn sixty_players_of_a_server_that_was_killed_are_back_in_their_seats() -> anyhow::Result<()> {
    let mut stack = system().start().await?;
    let players = seated(&stack).await?;
    let mut all = play(&stack, &players).await?;
    let mut server = take(&mut stack, &players[0].1.server).await?;
    server.kill().await?;
    let killed = Instant::now();
    let seen = all_seen(&mut all).await?;
    for (seen, (_, ticket)) in seen.iter().zip(&players) {
        assert_is_back(seen, ticket)?;
        let ((epoch, before), (next_epoch, after)) = (seen.before, seen.after);
        ensure!(next_epoch == epoch + 1, "{seen:?}");
        ensure!(after + AGAIN >= before, "{seen:?}");
    }
    let last = seen.iter().map(|seen| seen.back_at).max();
    let took = last.context("nobody plays")? - killed;
    println!("all were back after {took:?}");
    ensure!(took < BACK_WITHIN, "it took {took:?}");
    assert_spread(&seen, killed)
}

#[tokio::test]
async fn sixty_players_of_a_server_that_stops_miss_nothing() -> anyhow::Result<()> {
    let mut stack = system().environment("DRAIN", "1").start().await?;
    let players = seated(&stack).await?;
    let mut all = play(&stack, &players).await?;
    let mut server = take(&mut stack, &players[0].1.server).await?;
    server.signal(Signal::SIGTERM)?;
    let seen = all_seen(&mut all).await?;
    for (seen, (_, ticket)) in seen.iter().zip(&players) {
        assert_is_back(seen, ticket)?;
        let ((epoch, before), (next_epoch, after)) = (seen.before, seen.after);
        // How it stands is shown again to whoever comes, and no more than that.
        ensure!(next_epoch == epoch + 1 && after >= before, "{seen:?}");
    }
    let status = server.wait(BACK_WITHIN).await?;
    ensure!(status.success(), "{status}");
    Ok(())
}

/// Whoever has joined a party in the middle of another match belongs to that one, until it is over or they leave it.
#[tokio::test]
async fn who_sits_apart_from_the_party_gets_that_seat_again_alone() -> anyhow::Result<()> {
    let stack = Stack::builder().environment("GATHER", "60").start().await?;
    let ada = lobby(&stack, "Ada").await?;
    let ticket = ada.play(None).await?;
    Goat::enter(&stack, &ticket).await?;
    let party = ada.create_party().await?.party.context("no party")?;
    let refused = ada.play(Some(&party.code)).await.err();
    let refused = refused.context("she was torn away")?;
    ensure!(refused.code() == Some("member_plays"), "{refused}");
    let again = ada.play(None).await?;
    ensure!((again.match_id, again.seat) == (ticket.match_id, ticket.seat));
    ada.leave().await?;
    let refused = ada.play(None).await.err().context("she got a seat")?;
    ensure!(refused.code() == Some("in_party"), "{refused}");
    Ok(())
}

/// All of them, with tickets for seats of one server.
async fn seated(stack: &Stack) -> anyhow::Result<Vec<(Lobby, Ticketed)>> {
    let mut target = Target::at(&stack.address())?;
    HOST.clone_into(&mut target.host);
    let sessions = bot::log_in_all(&[target], BOTS, "back", |_| {}).await?;
    let http = http_client(BACK_WITHIN)?;
    let mut players = Vec::new();
    for session in &sessions {
        let lobby = Lobby::of_session(http.clone(), session);
        let ticket = lobby.play(None).await?;
        players.push((lobby, ticket));
    }
    let server = &players[0].1.server;
    let is_one = players.iter().all(|(_, ticket)| &ticket.server == server);
    ensure!(is_one, "they are on more than one server");
    Ok(players)
}

/// Lets all of them play until they are on another server, and waits until each has seen something.
async fn play(stack: &Stack, players: &[(Lobby, Ticketed)]) -> anyhow::Result<Playing> {
    let address = address(stack)?;
    let playing = Arc::new(watch::Sender::new(0));
    let mut all = JoinSet::new();
    for (number, (lobby, ticket)) in players.iter().enumerate() {
        let client = enter(address, lobby, ticket, number).await?;
        let playing = Arc::clone(&playing);
        all.spawn(async move { Ok((number, follow(client, &playing).await?)) });
    }
    let mut count = playing.subscribe();
    let begun = count.wait_for(|count| *count == players.len());
    timeout(BACK_WITHIN, begun)
        .await
        .context("not all play")??;
    drop(count);
    Ok(all)
}

async fn enter(
    address: SocketAddr,
    lobby: &Lobby,
    ticket: &Ticketed,
    number: usize,
) -> anyhow::Result<ResumingClient> {
    let way = Way {
        address,
        host: HOST.to_owned(),
        path: ticket.path.clone(),
        from: None,
    };
    let client = ResumingClient::enter(way, &ticket.ticket, number as u64).await?;
    Ok(client.following(lobby.clone(), number as u64))
}

/// Does nothing but look on from a seat, until it is one on another server.
async fn follow(
    mut client: ResumingClient,
    playing: &watch::Sender<usize>,
) -> anyhow::Result<Seen> {
    let mut before = None;
    loop {
        let snapshot = match client.event().await? {
            Event::Snapshot(snapshot) => snapshot,
            Event::Told(_) => continue,
            Event::Closed(code) => anyhow::bail!("a socket was closed with {code:?}"),
        };
        let shown = (client.epoch(), snapshot.state.tick);
        client.act(Input::default()).await;
        match before {
            None if shown.1 < WRITTEN_DOWN => continue,
            None => playing.send_modify(|count| *count += 1),
            Some(before) if client.moves() > 0 => {
                return Ok(Seen {
                    seat: client.seat(),
                    match_id: client.match_id().to_owned(),
                    server: client.server().to_owned(),
                    moves: client.moves(),
                    before,
                    after: shown,
                    asked: client.asked().to_vec(),
                    back_at: Instant::now(),
                });
            }
            Some(_) => {}
        }
        before = Some(shown);
    }
}

/// What they saw, in their order.
async fn all_seen(all: &mut Playing) -> anyhow::Result<Vec<Seen>> {
    let mut seen = Vec::new();
    let collect = async {
        while let Some(one) = all.join_next().await {
            seen.push(one??);
        }
        anyhow::Ok(())
    };
    let done = timeout(BACK_WITHIN, collect).await;
    done.with_context(|| format!("{} of {BOTS} are back", seen.len()))??;
    seen.sort_by_key(|(number, _)| *number);
    Ok(seen.into_iter().map(|(_, seen)| seen).collect())
}

fn assert_is_back(seen: &Seen, ticket: &Ticketed) -> anyhow::Result<()> {
    ensure!(seen.match_id == ticket.match_id, "{seen:?} of {ticket:?}");
    ensure!(Some(seen.seat as u8) == ticket.seat, "{seen:?}");
    ensure!(seen.server != ticket.server, "{seen:?}");
    ensure!(seen.moves == 1, "{seen:?}");
    Ok(())
}

/// Whether they asked neither too often nor at the same moments.
fn assert_spread(seen: &[Seen], since: Instant) -> anyhow::Result<()> {
    let mut asked: Vec<Duration> = seen
        .iter()
        .flat_map(|seen| &seen.asked)
        .filter_map(|at| at.checked_duration_since(since))
        .collect();
    asked.sort();
    let most_in = |window: Duration| {
        let counts = asked.iter().enumerate().map(|(first, from)| {
            let later = asked[first..].iter();
            later.take_while(|at| **at < *from + window).count()
        });
        counts.max().unwrap_or_default()
    };
    let (second, moment) = (
        most_in(Duration::from_secs(1)),
        most_in(Duration::from_millis(50)),
    );
    println!(
        "{} asks, at most {second} in a second and {moment} in 50 ms",
        asked.len()
    );
    ensure!(asked.len() >= BOTS, "not all have asked: {}", asked.len());
    ensure!(second <= ASKS_A_SECOND * BOTS, "{second} asks in a second");
    // On a busy machine timers that are due one after the other are served together.
    ensure!(moment <= BOTS * 3 / 4, "{moment} asks in 50 ms");
    Ok(())
}

/// The process of this game server, which nobody else looks after any more.
async fn take(stack: &mut Stack, server: &str) -> anyhow::Result<stack::Replica> {
    for number in 1..=3 {
        let replica = format!("gameserver-{number}");
        let url = format!("http://{}/game/", stack.called(&replica)?.address());
        let told: Value = stack.client().get(url).send().await?.json().await?;
        if told["server"] == server {
            return stack.take_called(&replica);
        }
    }
    anyhow::bail!("there is no {server}")
}
