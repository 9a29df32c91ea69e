//! A client as a player's browser is one: it listens, comes back when it loses its socket, and some of them talk.

use std::{sync::Arc, time::Duration};

use futures_util::{SinkExt, StreamExt};
use load::Session;
use rand::{RngExt, SeedableRng, rngs::StdRng};
use tokio::{
    sync::{mpsc, watch},
    time::{Instant, interval_at, sleep, sleep_until, timeout},
};
use tokio_tungstenite::tungstenite::Message;

use crate::{
    backoff::Backoff,
    ledger::{Id, Told},
    outbox::{Outbox, Task},
    socket::{self, Refusal, Socket},
    state::Shared,
    wire::Frame,
};

/// How often a client asks for a sign of life.
const PING_EVERY: Duration = Duration::from_secs(2);

/// A socket on which nothing at all is heard for so long is given up: its replica is frozen.
const SILENT_FOR: Duration = Duration::from_secs(5);

/// A connection that lasted so long was a good one.
const GOOD_AFTER: Duration = Duration::from_secs(1);

/// How a write may end that nobody reads.
const WRITTEN_WITHIN: Duration = Duration::from_secs(5);

/// What a client can be told to do.
#[derive(Clone, Copy, Debug)]
pub enum Order {
    /// To cut its connection, without a goodbye.
    Reset,
    /// To read nothing for so long.
    StopReading(Duration),
}

/// One client.
pub struct Client {
    index: usize,
    session: Session,
    shared: Arc<Shared>,
    orders: mpsc::UnboundedReceiver<Order>,
    /// Whether it says what it heard last when it comes back.
    resume: bool,
    outbox: Option<Outbox>,
    sending: watch::Receiver<bool>,
    random: StdRng,
    connected_before: bool,
}

impl Client {
    /// A client that is logged in, and not connected yet.
    #[must_use]
    pub fn new(
        index: usize,
        session: Session,
        shared: &Arc<Shared>,
        orders: mpsc::UnboundedReceiver<Order>,
        random: StdRng,
    ) -> Client {
        Client {
            index,
            session,
            sending: shared.sending(),
            shared: Arc::clone(shared),
            orders,
            resume: true,
            outbox: None,
            random,
            connected_before: false,
        }
    }

    /// Makes it forget what it heard when it comes back.
    pub fn do_not_resume(&mut self) {
        self.resume = false;
    }

    /// Lets it talk.
    pub fn talk(&mut self, outbox: Outbox) {
        self.outbox = Some(outbox);
    }

    /// Connects, again and again. To be ended from outside.
    pub async fn run(mut self) {
        let mut backoff = Backoff::new(StdRng::from_rng(&mut self.random));
        loop {
            match socket::open(&self.session, &self.path()).await {
                Ok((socket, replica)) => {
                    let since = Instant::now();
                    self.connected(replica);
                    let reason = self.live(socket).await;
                    self.disconnected(&reason);
                    if since.elapsed() >= GOOD_AFTER {
                        backoff.reset();
                    }
                }
                Err(refusal) => self.refused(refusal).await,
            }
            sleep(backoff.wait()).await;
        }
    }

    /// Where it connects to. One that lost its socket before it heard anything asks for all that is kept.
    fn path(&self) -> String {
        if !self.connected_before || !self.resume {
            return "/ws".to_owned();
        }
        let newest = self.shared.state().newest[self.index];
        format!("/ws?after={}", newest.unwrap_or_default())
    }

    fn connected(&mut self, replica: String) {
        let mut state = self.shared.state();
        state.replica_of[self.index] = replica;
        state.connected += 1;
        state.reconnects += u64::from(self.connected_before);
        self.connected_before = true;
        // What it was told to do with the socket before does not concern this one.
        while self.orders.try_recv().is_ok() {}
    }

    fn disconnected(&mut self, reason: &str) {
        let mut state = self.shared.state();
        state.connected -= 1;
        *state.closes.entry(reason.to_owned()).or_default() += 1;
        drop(state);
        if let Some(outbox) = &mut self.outbox {
            outbox.lost(Instant::now());
        }
    }

    async fn refused(&mut self, refusal: Refusal) {
        self.shared.refused(refusal.reason);
        if refusal.status != Some(401) {
            return;
        }
        let name = format!("chaos-{}", self.index);
        let target = Arc::clone(&self.session.target);
        let session = async { load::log_in(&load::http_client()?, target, &name).await };
        // One that cannot log in tries to connect again, and is told 401 again.
        if let Ok(session) = session.await {
            self.session = session;
            self.shared.state().logins += 1;
        }
    }

    /// Listens and talks, and says how the socket ended.
    async fn live(&mut self, mut socket: Socket) -> String {
        let first_ping = PING_EVERY.mul_f64(self.random.random());
        let mut pings = interval_at(Instant::now() + first_ping, PING_EVERY);
        let mut silent_at = Instant::now() + SILENT_FOR;
        loop {
            let due = self.outbox.as_ref().and_then(Outbox::due);
            let written = tokio::select! {
                frame = socket.next() => {
                    silent_at = Instant::now() + SILENT_FOR;
                    if let Some(reason) = socket::end(frame.as_ref()) {
                        return reason;
                    }
                    match frame {
                        Some(Ok(Message::Text(text))) => self.hear(&text),
                        _ => Ok(()),
                    }
                }
                () = sleep_until(silent_at) => {
                    return "nothing heard for 5 s, given up by the client".to_owned();
                }
                _ = pings.tick() => write(&mut socket, Message::Ping(Vec::new().into())).await,
                Some(order) = self.orders.recv() => match order {
                    Order::Reset => {
                        // Without this the system would say goodbye in the client's name.
                        let _ = socket.get_ref().set_zero_linger();
                        return "reset by the client, as planned".to_owned();
                    }
                    Order::StopReading(time) => {
                        sleep(time).await;
                        silent_at = Instant::now() + SILENT_FOR;
                        Ok(())
                    }
                },
                Ok(()) = self.sending.changed() => {
                    self.begin_or_end();
                    Ok(())
                }
                () = sleep_until(due.unwrap_or(silent_at)), if due.is_some() => {
                    self.talk_now(&mut socket).await
                }
            };
            if let Err(reason) = written {
                return reason;
            }
        }
    }

    /// Senders begin at different moments, so that they do not all talk at once.
    fn begin_or_end(&mut self) {
        let sending = *self.sending.borrow_and_update();
        if let Some(outbox) = &mut self.outbox {
            if sending {
                let wait = outbox.every().mul_f64(self.random.random());
                outbox.begin(Instant::now() + wait);
            } else {
                outbox.end();
            }
        }
    }

    async fn talk_now(&mut self, socket: &mut Socket) -> Result<(), String> {
        let Some(outbox) = &mut self.outbox else {
            return Ok(());
        };
        if !outbox.is_waiting() && !self.shared.begin() {
            outbox.end();
            return Ok(());
        }
        let task = outbox.task(Instant::now());
        match task.map_err(|error| error.to_string())? {
            Task::Send(frame, again) => {
                self.shared.state().retries += u64::from(again);
                write(socket, Message::text(frame)).await
            }
            Task::GiveUp => Err("no answer to a message, given up by the client".to_owned()),
        }
    }

    /// Takes note of a frame.
    ///
    /// # Errors
    /// When it is not understood. Then nothing that follows could be trusted.
    fn hear(&mut self, text: &str) -> Result<(), String> {
        let frame: Frame<'_> = serde_json::from_str(text)
            .map_err(|error| format!("a frame that is not understood: {error}"))?;
        match frame.kind {
            "messages" => {
                for message in &frame.messages {
                    self.shared
                        .hear(self.index, message.id.parse()?, &message.text);
                }
            }
            "gap" => {
                let after = frame.after.as_deref().unwrap_or("nothing");
                self.shared.gap(self.index, after, frame.first.as_deref());
            }
            "sent" => {
                let id = frame.id.as_deref().unwrap_or_default().parse()?;
                self.acknowledged(frame.reference.as_deref().unwrap_or_default(), id);
            }
            "error" => self.told_error(&frame),
            _ => {}
        }
        Ok(())
    }

    fn acknowledged(&mut self, reference: &str, id: Id) {
        if let Some(key) = self.finished(reference) {
            self.shared.acknowledge(Told { id, key });
        }
    }

    fn told_error(&mut self, frame: &Frame<'_>) {
        let told = frame.error.as_deref().unwrap_or("an error without a word");
        let reference = frame.reference.as_deref().unwrap_or_default();
        if let (Some(seconds), Some(outbox)) = (frame.retry_after, &mut self.outbox) {
            let wait = Duration::from_secs(seconds).mul_f64(self.random.random_range(1.0..1.25));
            return outbox.again(reference, Instant::now() + wait);
        }
        self.finished(reference);
        let mut state = self.shared.state();
        *state.refused.entry(told.to_owned()).or_default() += 1;
    }

    /// The message of this reference has its answer.
    fn finished(&mut self, reference: &str) -> Option<crate::ledger::Key> {
        let key = self.outbox.as_mut()?.answered(reference)?;
        self.shared.state().waiting -= 1;
        Some(key)
    }
}

async fn write(socket: &mut Socket, message: Message) -> Result<(), String> {
    match timeout(WRITTEN_WITHIN, socket.send(message)).await {
        Ok(written) => written.map_err(|error| error.to_string()),
        Err(_) => Err("nothing taken for 5 s, given up by the client".to_owned()),
    }
}
