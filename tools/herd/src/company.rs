//! One bot, or a few who share a party: they ask for seats, and play one match after another.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use anyhow::Context;
use bot::{
    Target,
    browser::http_client,
    game::{Event, Pilot, ResumingClient, Way},
    lobby::{Lobby, LobbyError, Ticketed},
};
use tokio::{
    task::JoinSet,
    time::{Instant, sleep},
};

use crate::{cuts::Cuts, record::Record};

/// How many are in a party, in turn. One is alone.
const SIZES: [usize; 8] = [1, 2, 1, 3, 5, 1, 4, 8];

/// How long an answer of the lobby may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// How long somebody waits for room, and longer than any match takes.
const FOR_ROOM: Duration = Duration::from_secs(120);

/// Who plays, where, and for how long.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Where Traefik is.
    pub address: SocketAddr,
    /// The host of the web servers.
    pub host: String,
    /// How many play.
    pub bots: usize,
    /// After which time nobody asks for another seat.
    pub time: Duration,
    /// How many in a hundred have a bad network.
    pub cuts: u32,
}

/// Lets all of them play, until the last match is over.
///
/// # Errors
/// When they cannot log in, or one of them fails in a way that is no answer of a server.
pub async fn play(plan: &Plan, record: &Arc<Record>) -> anyhow::Result<()> {
    let mut target = Target::at(&plan.address.to_string())?;
    target.host.clone_from(&plan.host);
    let sessions = bot::log_in_all(&[target], plan.bots, "herd", |_| {}).await?;
    let http = http_client(PATIENCE)?;
    let mut lobbies = sessions
        .iter()
        .map(|session| Lobby::of_session(http.clone(), session));
    let until = Instant::now() + plan.time;
    let mut companies = JoinSet::new();
    for (number, size) in SIZES.iter().cycle().enumerate() {
        let members: Vec<Lobby> = lobbies.by_ref().take(*size).collect();
        if members.is_empty() {
            break;
        }
        let company = Company {
            members,
            plan: plan.clone(),
            record: Arc::clone(record),
            seed: number as u32,
        };
        companies.spawn(company.go_on(until));
    }
    while let Some(ended) = companies.join_next().await {
        ended.context("a bot has failed")??;
    }
    Ok(())
}

struct Company {
    members: Vec<Lobby>,
    plan: Plan,
    record: Arc<Record>,
    seed: u32,
}

impl Company {
    /// Plays one match after another until it is so late.
    async fn go_on(self, until: Instant) -> anyhow::Result<()> {
        let mut seed = self.seed << 16;
        while Instant::now() < until {
            let tickets = match self.tickets().await {
                Ok(tickets) => tickets,
                Err(error) => {
                    self.record.failed(&format!("the lobby refused: {error}"));
                    return Ok(());
                }
            };
            if tickets.len() > 1 {
                let matches = tickets
                    .iter()
                    .map(|ticket| ticket.match_id.clone())
                    .collect();
                self.record.seated_together(&matches);
            }
            let mut players = JoinSet::new();
            for (member, ticket) in self.members.iter().zip(tickets) {
                seed += 1;
                players.spawn(one_match(
                    self.plan.clone(),
                    member.clone(),
                    ticket,
                    seed,
                    Arc::clone(&self.record),
                ));
            }
            while let Some(played) = players.join_next().await {
                if let Err(error) = played.context("a bot has failed")? {
                    self.record.failed(&telemetry::one_line(&error));
                }
            }
        }
        Ok(())
    }

    /// A ticket for each of them, in one match.
    async fn tickets(&self) -> Result<Vec<Ticketed>, LobbyError> {
        let [first, others @ ..] = &self.members[..] else {
            return Ok(Vec::new());
        };
        let mut code = None;
        if !others.is_empty() {
            let party = first.create_party().await?.party;
            code = party.map(|party| party.code);
            for other in others {
                other
                    .join_party(code.as_deref().unwrap_or_default())
                    .await?;
            }
        }
        let mut tickets = Vec::new();
        for member in &self.members {
            tickets.push(self.ticket(member, code.as_deref()).await?);
        }
        Ok(tickets)
    }

    /// A ticket for one of them, as soon as there is room.
    async fn ticket(&self, member: &Lobby, party: Option<&str>) -> Result<Ticketed, LobbyError> {
        let deadline = Instant::now() + FOR_ROOM;
        loop {
            let error = match member.play(party).await {
                Ok(ticket) => {
                    self.record.ticket(&ticket);
                    return Ok(ticket);
                }
                Err(error) => error,
            };
            match error.retry_after() {
                Some(wait) if Instant::now() < deadline => {
                    self.record.waits();
                    sleep(wait).await;
                }
                _ => return Err(error),
            }
        }
    }
}

/// Plays one match to its end, and writes down what is seen.
async fn one_match(
    plan: Plan,
    lobby: Lobby,
    ticket: Ticketed,
    seed: u32,
    record: Arc<Record>,
) -> anyhow::Result<()> {
    let (id, seat) = (
        &ticket.match_id,
        ticket.seat.context("a ticket without a seat")?,
    );
    let way = Way {
        address: plan.address,
        host: plan.host,
        path: ticket.path.clone(),
        from: None,
    };
    let client = ResumingClient::enter(way, &ticket.ticket, seed.into()).await?;
    let mut client = client.following(lobby, seed.into());
    record.sat_down(id, seat);
    let mut player = Player {
        client: &mut client,
        pilot: Pilot::new(seed),
        cuts: Cuts::new(seed, plan.cuts),
        record: &record,
    };
    let result = player.until_result(id).await;
    record.resumed(client.resumes());
    record.moved(client.moves());
    record.got_up(id, seat);
    record.result(id, &result?);
    Ok(())
}

/// Somebody who plays.
struct Player<'a> {
    client: &'a mut ResumingClient,
    pilot: Pilot,
    cuts: Cuts,
    record: &'a Record,
}

impl Player<'_> {
    async fn until_result(&mut self, id: &str) -> anyhow::Result<String> {
        loop {
            match self.client.event().await? {
                Event::Told(frame) if frame["type"] == "result" => {
                    return Ok(frame["winner"].to_string());
                }
                Event::Told(frame) if frame["type"] == "cancelled" => {
                    anyhow::bail!("a match was cancelled: {}", frame["why"]);
                }
                Event::Told(_) => {}
                Event::Snapshot(snapshot) => {
                    let state = snapshot.state;
                    let epoch = self.client.epoch();
                    self.record.shown(id, epoch, state.tick, state.hash());
                    if let Some(input) = self.pilot.steer(&state, self.client.seat()) {
                        self.client.act(input).await;
                    }
                    // Whose goat is out has no seat to come back to.
                    if state.goats[self.client.seat()].lives > 0 && self.cuts.cut(self.client) {
                        self.record.cut();
                    }
                }
                Event::Closed(code) => {
                    anyhow::bail!("a game server closed a socket with {code:?}")
                }
            }
        }
    }
}
