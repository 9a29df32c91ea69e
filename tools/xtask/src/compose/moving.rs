//! What must hold in Docker Compose of matches whose server ends: they go on on another one, and their players with them.

use std::{collections::BTreeSet, net::SocketAddr, time::Duration};

use anyhow::{Context, bail, ensure};
use bot::{
    game::{Event, GameError, Pilot, ResumingClient, Way},
    lobby::Lobby,
};
use course::report::Done;
use stack::Compose;
use tokio::{sync::watch, task::JoinSet, time::timeout, try_join};

use super::fleet::{HOST, container_of, log_in, three};

/// How long it may take until a match goes on: a lease, a drain, and a machine that has other things to do.
const GOES_ON_WITHIN: Duration = Duration::from_secs(60);

/// A match has been written down a few times by then.
const WELL_BEGUN: u32 = 40;

/// A server writes down twice a second how its matches stand, and has twenty ticks in one.
const MOST_PLAYED_AGAIN: u32 = 20;

/// How many play while all servers are replaced: two full matches.
const PLAYERS: u32 = 16;

/// Somebody who plays, and follows the match.
struct Player {
    client: ResumingClient,
    pilot: Pilot,
    /// The goat has no life left, so there is no seat to come back to.
    is_out: bool,
}

pub async fn after_kill(compose: &Compose) -> anyhow::Result<Done> {
    three(compose).await?;
    let lobby = log_in(compose, "Ada").await?;
    let mut player = Player::sit_down(compose, &lobby, 1).await?;
    player.begins_well().await?;
    let container = container_of(compose, player.client.server()).await?;
    container.kill().await?;
    let (before, after) = player.moves().await?;
    // It may have got further before its player was back.
    ensure!(
        before.saturating_sub(after) < MOST_PLAYED_AGAIN,
        "tick {before} was seen last, and then tick {after}"
    );
    // Else whoever plays next is led into this match.
    lobby.leave().await?;
    container.remove().await?;
    three(compose).await?;
    Ok(Done::Passed)
}

pub async fn after_stop(compose: &Compose) -> anyhow::Result<Done> {
    three(compose).await?;
    let lobby = log_in(compose, "Ada").await?;
    let mut player = Player::sit_down(compose, &lobby, 2).await?;
    player.begins_well().await?;
    let container = container_of(compose, player.client.server()).await?;
    // It plays on while it drains.
    let ((), (before, after)) = try_join!(container.stop(), player.moves())?;
    // How it stands is shown again to whoever comes, and no more than that.
    ensure!(
        after >= before,
        "tick {before} was seen last, and then tick {after}"
    );
    // Else whoever plays next is led into this match.
    lobby.leave().await?;
    container.remove().await?;
    three(compose).await?;
    Ok(Done::Passed)
}

/// All game servers are replaced while people play on them, one match after another.
pub async fn roll(compose: &Compose) -> anyhow::Result<Done> {
    three(compose).await?;
    let (is_over, over) = watch::channel(false);
    let mut players = JoinSet::new();
    let mut begun_on = BTreeSet::new();
    for number in 0..PLAYERS {
        let lobby = log_in(compose, &format!("Goat {number}")).await?;
        let player = Player::sit_down(compose, &lobby, number).await?;
        begun_on.insert(player.client.server().to_owned());
        let address = compose.address().parse()?;
        players.spawn(player.plays_on(address, lobby, over.clone()));
    }
    println!();
    let mut told = compose.clone().watch(|step| println!("{step}"));
    told.roll("gameserver").await?;
    is_over.send_replace(true);
    let mut moves = 0;
    while let Some(played) = players.join_next().await {
        let (moved, server) = played??;
        moves += moved;
        ensure!(
            !begun_on.contains(&server),
            "somebody still plays on {server}, which has ended"
        );
    }
    ensure!(moves > 0, "no match has gone to another server");
    Ok(Done::Passed)
}

impl Player {
    async fn sit_down(compose: &Compose, lobby: &Lobby, seed: u32) -> anyhow::Result<Player> {
        Player::sit_down_at(compose.address().parse()?, lobby, seed).await
    }

    async fn sit_down_at(address: SocketAddr, lobby: &Lobby, seed: u32) -> anyhow::Result<Player> {
        let ticket = lobby.play(None).await?;
        let way = Way {
            address,
            host: HOST.to_owned(),
            path: ticket.path.clone(),
            from: None,
        };
        let client = ResumingClient::enter(way, &ticket.ticket, seed.into()).await?;
        Ok(Player {
            client: client.following(lobby.clone(), seed.into()),
            pilot: Pilot::new(seed),
            is_out: false,
        })
    }

    /// Does something about the next snapshot, and gives its tick; none when the match is over for this player.
    async fn next(&mut self) -> anyhow::Result<Option<u32>> {
        loop {
            let event = match self.client.event().await {
                Err(GameError::Gone) if self.is_out => return Ok(None),
                event => event?,
            };
            match event {
                Event::Told(frame) if frame["type"] == "result" => return Ok(None),
                Event::Told(frame) if frame["type"] == "cancelled" => {
                    bail!("the match was cancelled: {}", frame["why"])
                }
                Event::Told(_) => {}
                Event::Snapshot(snapshot) => {
                    let seat = self.client.seat();
                    self.is_out = snapshot.state.goats[seat].lives == 0;
                    if let Some(input) = self.pilot.steer(&snapshot.state, seat) {
                        self.client.act(input).await;
                    }
                    return Ok(Some(snapshot.state.tick));
                }
                Event::Closed(code) => bail!("the socket was closed with {code:?}"),
            }
        }
    }

    /// The tick of the next snapshot of a match that has no result yet.
    async fn tick(&mut self) -> anyhow::Result<u32> {
        self.next().await?.context("the match was over before")
    }

    /// Plays until the match has been written down.
    async fn begins_well(&mut self) -> anyhow::Result<()> {
        let begins = async {
            while self.tick().await? < WELL_BEGUN {}
            anyhow::Ok(())
        };
        timeout(GOES_ON_WITHIN, begins).await?
    }

    /// Plays until the match is on another server, and gives the last tick before and the first one after. The seat is the same.
    async fn moves(&mut self) -> anyhow::Result<(u32, u32)> {
        let client = &self.client;
        let (id, seat, epoch) = (client.match_id().to_owned(), client.seat(), client.epoch());
        let moves = async {
            let mut before = 0;
            loop {
                let tick = self.tick().await?;
                if self.client.moves() > 0 {
                    return anyhow::Ok((before, tick));
                }
                before = tick;
            }
        };
        let ticks = timeout(GOES_ON_WITHIN, moves).await??;
        let client = &self.client;
        ensure!(
            (client.match_id(), client.seat(), client.epoch()) == (&*id, seat, epoch + 1),
            "it goes on as {}, seat {}, epoch {}",
            client.match_id(),
            client.seat(),
            client.epoch()
        );
        Ok(ticks)
    }

    /// Plays one match after another until it is over, and a while after that. Gives how often a match was followed, and where the last one is.
    async fn plays_on(
        mut self,
        address: SocketAddr,
        lobby: Lobby,
        over: watch::Receiver<bool>,
    ) -> anyhow::Result<(u32, String)> {
        let (mut moves, mut seed, mut to_come) = (0, 1000, 20);
        while to_come > 0 {
            if self.next().await?.is_none() {
                moves += self.client.moves();
                seed += 1;
                self = Player::sit_down_at(address, &lobby, seed).await?;
            }
            to_come -= u32::from(*over.borrow());
        }
        moves += self.client.moves();
        Ok((moves, self.client.server().to_owned()))
    }
}
