//! One run from its first login to its last close.

use std::{
    collections::BTreeMap,
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Context, bail};
use bot::{
    ConnectError, Session, Socket, socket,
    welcome::{self, Opened},
};
use futures_util::{StreamExt, stream};
use tokio::{
    sync::{mpsc, watch},
    task::JoinSet,
    time::{interval, sleep},
};

use crate::{
    client,
    latency::Latency,
    pacer::Pacer,
    plan::Plan,
    state::{Counts, Shared},
    summary::Summary,
};

/// Bytes that the kernel keeps for a client that never reads. Small, so that the server notices soon.
const SLOW_BUFFER: u32 = 4 * 1024;

/// How long an opening may take, from the first packet to the server's welcome.
const OPENED_WITHIN: Duration = Duration::from_secs(30);

/// Openings under way at the same time.
const OPENING: usize = 64;

/// Called with how far a run is.
pub type Watch<'a> = dyn FnMut(Progress) + Send + 'a;

/// How far a run is.
pub enum Progress {
    /// This many of so many have logged in.
    LoggedIn(usize, usize),
    /// This many of so many are connected.
    Connected(usize, usize),
    /// A second of sending has passed.
    Running(String),
    /// All is sent, and what is owed is waited for.
    Settling,
}

/// All clients of a run, connected and quiet.
pub struct Ready {
    plan: Plan,
    checking: Vec<Opened>,
    idle: Vec<Opened>,
    slow: Vec<Socket>,
    refusals: Counts,
}

/// Runs `plan`, and calls `progress` with how far it is.
///
/// # Errors
/// When the plan cannot be, a login fails, or no client at all gets a socket.
pub async fn run(plan: &Plan, progress: &mut Watch<'_>) -> anyhow::Result<Summary> {
    Ready::connect(plan, progress).await?.run(progress).await
}

impl Ready {
    /// Logs all clients in and opens their sockets.
    ///
    /// # Errors
    /// When the plan cannot be, a login fails, or no client at all gets a socket.
    pub async fn connect(plan: &Plan, progress: &mut Watch<'_>) -> anyhow::Result<Ready> {
        plan.check()?;
        bot::ensure_open_files(plan.sockets())?;
        let total = plan.sockets();
        let sessions = bot::log_in_all(&plan.targets, total, "load", |done| {
            progress(Progress::LoggedIn(done, total));
        })
        .await?;
        let (slow, rest) = sessions.split_at(plan.slow);
        let (checking, idle) = rest.split_at(plan.clients);
        let mut refusals = Counts::new();
        let checking = open_all(checking, &mut refusals, progress).await;
        if checking.is_empty() && plan.clients > 0 {
            let reasons: Vec<&String> = refusals.keys().collect();
            bail!("no client got a socket: {reasons:?}");
        }
        Ok(Ready {
            plan: plan.clone(),
            checking,
            idle: open_all(idle, &mut refusals, progress).await,
            slow: connect_slow(slow, &mut refusals).await,
            refusals,
        })
    }

    /// Sends, checks what is delivered, and closes everything.
    ///
    /// # Errors
    /// When the system is out of memory.
    pub async fn run(self, progress: &mut Watch<'_>) -> anyhow::Result<Summary> {
        let mut replicas = BTreeMap::<String, usize>::new();
        for opened in self.checking.iter().chain(&self.idle) {
            *replicas.entry(opened.replica.clone()).or_default() += 1;
        }
        let clients = self.checking.len();
        let shared = Arc::new(Shared::new(clients)?);
        let (stop, stopped) = watch::channel(());
        let mut tasks = JoinSet::new();
        let mut senders = Vec::new();
        for (index, opened) in (0..).zip(self.checking) {
            let (texts, to_send) = mpsc::unbounded_channel();
            if senders.len() < self.plan.senders {
                senders.push(texts);
            }
            let (shared, stopped) = (Arc::clone(&shared), stopped.clone());
            tasks.spawn(client::check(
                index,
                opened.socket,
                to_send,
                shared,
                stopped,
            ));
        }
        for opened in self.idle {
            let (shared, stopped) = (Arc::clone(&shared), stopped.clone());
            tasks.spawn(client::idle(opened.socket, shared, stopped));
        }

        let begun = Instant::now();
        let pacer = Pacer::new(Arc::clone(&shared), senders, self.plan.length);
        let sending = pacer.run(self.plan.pace, self.plan.time);
        watched(sending, &shared, begun, progress).await;
        let sending = begun.elapsed();
        progress(Progress::Settling);
        settle(&shared, self.plan.settle).await;
        let delivering = begun.elapsed();

        let slow_ends = slow_ends(self.slow).await;
        let closes = shared.state().closes.clone();
        let _ = stop.send(());
        while tasks.join_next().await.is_some() {}
        let shared = Arc::into_inner(shared).context("a client has not ended")?;
        let state = shared.into_state();
        Ok(Summary {
            clients,
            replicas,
            sending,
            delivering,
            sent: state.sent,
            refused: state.refused,
            unanswered: state.unanswered() + state.abandoned,
            latency: Latency::of(&state.latency),
            errors: state.errors,
            refusals: self.refusals,
            closes,
            slow_ends,
            tally: state.ledger.finish(),
        })
    }
}

async fn open_all(
    sessions: &[Session],
    refusals: &mut Counts,
    progress: &mut Watch<'_>,
) -> Vec<Opened> {
    let mut opening = stream::iter(sessions.iter().cloned())
        .map(async |session| welcome::open(&session, "/ws", OPENED_WITHIN).await)
        .buffer_unordered(OPENING);
    let mut opened = Vec::with_capacity(sessions.len());
    while let Some(result) = opening.next().await {
        match result {
            Ok(socket) => opened.push(socket),
            Err(error) => *refusals.entry(error.to_string()).or_default() += 1,
        }
        progress(Progress::Connected(opened.len(), sessions.len()));
    }
    opened
}

async fn connect_slow(sessions: &[Session], refusals: &mut Counts) -> Vec<Socket> {
    let mut sockets = Vec::new();
    for session in sessions {
        match open_slow(session).await {
            Ok(socket) => sockets.push(socket),
            Err(error) => *refusals.entry(error.to_string()).or_default() += 1,
        }
    }
    sockets
}

/// Opens a socket of which nothing will be read, not even the welcome.
///
/// # Errors
/// When the server refuses.
pub async fn open_slow(session: &Session) -> Result<Socket, ConnectError> {
    let stream = socket::connect(session.target.address, Some(SLOW_BUFFER)).await?;
    socket::upgrade(stream, session.upgrade("/ws")).await
}

/// Reads what the clients that never read have left, all at the same time, and counts how they ended.
pub async fn slow_ends(sockets: Vec<Socket>) -> Counts {
    let mut ends = Counts::new();
    let mut reading: JoinSet<String> = sockets.into_iter().map(client::how_it_ended).collect();
    while let Some(Ok(reason)) = reading.join_next().await {
        *ends.entry(reason).or_default() += 1;
    }
    ends
}

/// Runs `sending` to its end, with a line each second.
async fn watched(
    sending: impl Future<Output = ()>,
    shared: &Shared,
    begun: Instant,
    progress: &mut Watch<'_>,
) {
    let mut seconds = interval(Duration::from_secs(1));
    seconds.tick().await;
    let mut before = 0;
    let mut sending = std::pin::pin!(sending);
    loop {
        tokio::select! {
            () = &mut sending => return,
            _ = seconds.tick() => {
                let state = shared.state();
                let found = state.ledger.tally();
                let line = format!(
                    "{:.0} s: {} sent, {} acknowledged, {} delivered (+{}), p99 {:.1} ms, {} closed",
                    begun.elapsed().as_secs_f64(),
                    state.sent,
                    found.acknowledged,
                    found.delivered,
                    found.delivered - before,
                    Latency::of(&state.latency).p99,
                    state.closes.values().sum::<u64>(),
                );
                before = found.delivered;
                drop(state);
                progress(Progress::Running(line));
            }
        }
    }
}

/// Waits until every message is answered and everybody has what is owed, but not for ever.
async fn settle(shared: &Shared, limit: Duration) {
    let deadline = Instant::now() + limit;
    loop {
        {
            let state = shared.state();
            let settled = state.unanswered() == 0 && state.ledger.is_settled();
            if settled || Instant::now() >= deadline {
                return;
            }
        }
        // Nothing calls back when the last of thousands of deliveries has come; this looks for it.
        sleep(Duration::from_millis(20)).await;
    }
}
