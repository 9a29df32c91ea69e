//! G39: a phone that was locked. When it is unlocked its socket is open, and nothing will ever come over it.

use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use acceptance::{
    goat::{Goat, address, counter, lobby, the_match},
    player::HOST,
};
use anyhow::{Context, ensure};
use bot::game::{Event, ResumingClient, Way};
use game::{Input, snapshot::Snapshot};
use parking_lot::Mutex;
use stack::Stack;
use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    sync::watch,
    task::JoinSet,
    time::{Instant, sleep, timeout},
};

/// How soon after the thaw another socket must be tried.
const TRIED_WITHIN: Duration = Duration::from_millis(300);

/// How long anything may take that takes some milliseconds. This is for a machine that is busy.
const SOON: Duration = Duration::from_secs(5);

#[tokio::test]
async fn who_was_frozen_for_five_seconds_plays_on() -> anyhow::Result<()> {
    thaws_after(Duration::from_secs(5), "away").await
}

/// By then a bot plays the goat.
#[tokio::test]
async fn who_was_frozen_for_twenty_five_seconds_plays_on() -> anyhow::Result<()> {
    thaws_after(Duration::from_secs(25), "bot").await
}

/// Somebody is frozen for so long, and comes back to a seat of which by then this is said.
async fn thaws_after(frozen: Duration, holder: &str) -> anyhow::Result<()> {
    // Few goats and slow ticks, so that nobody is out meanwhile.
    let builder = Stack::builder().environment("SEATS", "2");
    let builder = builder.environment("TICK_RATE", "10");
    let stack = builder.environment("GATHER", "0").start().await?;
    let proxy = SilentProxy::before(address(&stack)?).await?;
    let ada = lobby(&stack, "Ada").await?;
    let ticket = ada.play(None).await?;
    let way = Way {
        address: proxy.address,
        host: HOST.to_owned(),
        path: ticket.path.clone(),
        from: None,
    };
    let mut client = ResumingClient::enter(way, &ticket.ticket, 1).await?;
    // For him the match goes on meanwhile.
    let _bob = Goat::play(&stack, "Bob").await?;
    for _ in 0..5 {
        shown(&mut client).await?;
        client.act(Input::default()).await;
    }

    proxy.fall_silent();
    // Nobody looks at the client meanwhile, which has no say in that: no timer of it runs, and nothing is read.
    sleep(frozen).await;
    let overview = the_match(&stack).await?;
    ensure!(overview["seats"][client.seat()] == holder, "{overview}");
    let thawed = Instant::now();
    let snapshot = shown(&mut client).await?;

    let tried = proxy.first_since(thawed).context("nothing was tried")?;
    ensure!(tried <= TRIED_WITHIN, "it was tried after {tried:?}");
    // On a busy machine it may have to come back once more.
    ensure!(client.resumes() >= 1, "it came back in another way");
    ensure!(client.match_id() == ticket.match_id);
    ensure!(Some(client.seat() as u8) == ticket.seat);
    ensure!(counter(&stack, "resumed").await? >= 1);
    // The goat is its player's again.
    let overview = the_match(&stack).await?;
    ensure!(overview["seats"][client.seat()] == "player", "{overview}");
    client.act(Input::default()).await;
    let played = shown(&mut client).await?.state.tick;
    ensure!(played > snapshot.state.tick);
    Ok(())
}

/// The next snapshot.
async fn shown(client: &mut ResumingClient) -> anyhow::Result<Snapshot> {
    let next = async {
        loop {
            match client.event().await? {
                Event::Snapshot(snapshot) => return Ok(snapshot),
                Event::Told(_) => {}
                Event::Closed(code) => anyhow::bail!("it was closed with {code:?}"),
            }
        }
    };
    timeout(SOON, next).await.context("nothing was shown")?
}

/// What carries connections, and can forget all of them without closing one, as whatever stands between a phone and the rest of the world.
struct SilentProxy {
    address: SocketAddr,
    /// How often it has forgotten.
    silenced: watch::Sender<u32>,
    /// When somebody has connected.
    connected: Arc<Mutex<Vec<Instant>>>,
    _carrying: JoinSet<()>,
}

impl SilentProxy {
    /// One that leads to this address.
    async fn before(to: SocketAddr) -> anyhow::Result<SilentProxy> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let (silenced, is_silenced) = watch::channel(0);
        let connected = Arc::new(Mutex::new(Vec::new()));
        let mut carrying = JoinSet::new();
        carrying.spawn(carry(listener, to, is_silenced, Arc::clone(&connected)));
        Ok(SilentProxy {
            address,
            silenced,
            connected,
            _carrying: carrying,
        })
    }

    /// Carries nothing more over the connections that there are. New ones are carried.
    fn fall_silent(&self) {
        self.silenced.send_modify(|times| *times += 1);
    }

    /// How long after this moment somebody has connected.
    fn first_since(&self, moment: Instant) -> Option<Duration> {
        let connected = self.connected.lock();
        let mut since = connected
            .iter()
            .filter_map(|at| at.checked_duration_since(moment));
        since.next()
    }
}

async fn carry(
    listener: TcpListener,
    to: SocketAddr,
    is_silenced: watch::Receiver<u32>,
    connected: Arc<Mutex<Vec<Instant>>>,
) {
    // They end with this.
    let mut connections = JoinSet::new();
    while let Ok((near, _)) = listener.accept().await {
        connected.lock().push(Instant::now());
        let mut is_silenced = is_silenced.clone();
        is_silenced.mark_unchanged();
        connections.spawn(connection(near, to, is_silenced));
    }
}

async fn connection(mut near: TcpStream, to: SocketAddr, mut is_silenced: watch::Receiver<u32>) {
    let carried = async {
        let mut far = TcpStream::connect(to).await?;
        near.set_nodelay(true)?;
        far.set_nodelay(true)?;
        tokio::select! {
            carried = copy_bidirectional(&mut near, &mut far) => carried.map(drop),
            _ = is_silenced.changed() => {
                // Both stay open, and nobody is told.
                std::future::pending().await
            }
        }
    };
    let _: io::Result<()> = carried.await;
}
