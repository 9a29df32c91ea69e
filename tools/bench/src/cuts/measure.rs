//! One cut, as its player sees it.

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use anyhow::{Context, bail};
use bot::{
    Lobby,
    game::{Event, Pilot, ResumingClient, Way},
};
use tokio::{
    select,
    task::JoinHandle,
    time::{Instant, sleep},
};

use super::{link::Link, results::Sample};

/// The player's address, which nobody else has.
pub const PLAYER: IpAddr = IpAddr::V4(Ipv4Addr::new(127, 77, 0, 5));

/// How many snapshots are shown before the network goes away.
const PLAYS_FOR: usize = 40;

/// What is shown within so long a time after the first snapshot has come at once with it.
const AT_ONCE: Duration = Duration::from_millis(20);

/// How long it is watched after the network is back.
const WATCHED: Duration = Duration::from_secs(4);

/// The host of the web servers.
const HOST: &str = "webserver.localhost";

/// Who plays, and over which link.
#[derive(Debug)]
pub struct Player {
    lobby: Lobby,
    address: SocketAddr,
    link: Arc<Link>,
    is_patient: bool,
}

/// A snapshot.
#[derive(Clone, Copy, Debug)]
struct Arrival {
    at: Instant,
    /// How many sockets there were before the one over which it came.
    socket: u32,
}

impl Player {
    /// Somebody who logs in at the Traefik of this address.
    ///
    /// # Errors
    /// When the login is refused.
    pub async fn log_in(address: &str, link: Link, is_patient: bool) -> anyhow::Result<Player> {
        Ok(Player {
            lobby: Lobby::log_in(address, HOST, "Ada").await?,
            address: address.parse()?,
            link: Arc::new(link),
            is_patient,
        })
    }

    /// Plays, is without a network for so long, and plays on. None if the goat has lost its last life meanwhile: then no seat is left to come back
    /// to.
    ///
    /// # Errors
    /// When something is refused that has nothing to do with it.
    pub async fn measure(&self, cut: Duration, number: u32) -> anyhow::Result<Option<Sample>> {
        let ticket = self.lobby.play(None).await?;
        let way = Way {
            address: self.address,
            host: HOST.to_owned(),
            path: ticket.path.clone(),
            from: Some(PLAYER),
        };
        let mut client = ResumingClient::enter(way, &ticket.ticket, number.into()).await?;
        if self.is_patient {
            client.be_patient();
        }
        let mut seen = Seen::new(number);
        while seen.arrivals.len() < PLAYS_FOR {
            seen.next(&mut client).await?;
        }
        // Networks do not go away in step with anything.
        let mut network =
            self.without_network(cut, Duration::from_millis(u64::from(number) * 37 % 250));
        let back_at = loop {
            select! {
                event = seen.next(&mut client) => event?,
                mended = &mut network => break mended.context("the link's task has failed")??,
            }
        };
        let until = sleep(WATCHED);
        tokio::pin!(until);
        loop {
            select! {
                event = seen.next(&mut client) => match event {
                    Err(_) if seen.is_out => return Ok(None),
                    event => event?,
                },
                () = &mut until => break,
            }
        }
        let seat = self.lobby.state().await?.seat;
        self.lobby.leave().await?;
        if seen.is_out {
            return Ok(None);
        }
        let is_kept = seat.is_some_and(|seat| {
            seat.match_id == ticket.match_id && Some(seat.seat) == ticket.seat && seat.taken
        });
        Ok(Some(seen.sample(cut, back_at, is_kept)))
    }

    /// Cuts the link after a while, mends it, and gives when. That is just before: the packets are let through some milliseconds later.
    fn without_network(
        &self,
        cut: Duration,
        after: Duration,
    ) -> JoinHandle<anyhow::Result<Instant>> {
        let link = Arc::clone(&self.link);
        tokio::spawn(async move {
            sleep(after).await;
            link.cut().await?;
            sleep(cut).await;
            let back_at = Instant::now();
            link.mend().await?;
            Ok(back_at)
        })
    }
}

/// What was shown so far.
struct Seen {
    pilot: Pilot,
    arrivals: Vec<Arrival>,
    is_out: bool,
}

impl Seen {
    fn new(seed: u32) -> Seen {
        Seen {
            pilot: Pilot::new(seed),
            arrivals: Vec::new(),
            is_out: false,
        }
    }

    /// Waits for what is said next, and answers.
    async fn next(&mut self, client: &mut ResumingClient) -> anyhow::Result<()> {
        match client.event().await? {
            Event::Snapshot(snapshot) => {
                let state = snapshot.state;
                self.arrivals.push(Arrival {
                    at: Instant::now(),
                    socket: client.resumes(),
                });
                self.is_out = state.goats[client.seat()].lives == 0;
                if let Some(input) = self.pilot.steer(&state, client.seat()) {
                    client.act(input).await;
                }
                Ok(())
            }
            Event::Told(_) => Ok(()),
            Event::Closed(code) => bail!("the game server has closed the socket with {code:?}"),
        }
    }

    fn sample(&self, cut: Duration, back_at: Instant, is_kept: bool) -> Sample {
        let mut since = self.arrivals.iter().filter(|arrival| arrival.at >= back_at);
        let Some(first) = since.next() else {
            return Sample {
                cut,
                back_after: WATCHED,
                at_once: 0,
                is_other_socket: false,
                is_kept: false,
            };
        };
        let at_once = since.filter(|arrival| arrival.at <= first.at + AT_ONCE);
        Sample {
            cut,
            back_after: first.at - back_at,
            at_once: 1 + at_once.count(),
            is_other_socket: first.socket > 0,
            is_kept,
        }
    }
}
