//! A client as a player's browser is one: it listens, comes back when it loses its socket, and some of them talk.

use std::{sync::Arc, time::Duration};

use bot::{Client as Bot, Key, LostError, Outbox, Session, Task, welcome::OpenError};
use protocol::{Id, ServerFrame};
use rand::{RngExt, SeedableRng, rngs::StdRng};
use tokio::{
    sync::{mpsc, watch},
    time::{Instant, sleep_until},
};

use crate::{account::Named, state::Shared};

/// What a client can be asked to do.
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
    bot: Bot,
    shared: Arc<Shared>,
    orders: mpsc::UnboundedReceiver<Order>,
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
        mut random: StdRng,
    ) -> Client {
        let name = format!("chaos-{index}");
        Client {
            index,
            bot: Bot::new(session, &name, StdRng::from_rng(&mut random)),
            sending: shared.sending(),
            shared: Arc::clone(shared),
            orders,
            outbox: None,
            random,
            connected_before: false,
        }
    }

    /// Makes it forget what it heard when it comes back.
    pub fn do_not_resume(&mut self) {
        self.bot.do_not_resume();
    }

    /// Lets it talk.
    pub fn talk(&mut self, outbox: Outbox) {
        self.outbox = Some(outbox);
    }

    /// Connects, again and again. To be ended from outside.
    pub async fn run(mut self) {
        loop {
            match self.bot.connect().await {
                Ok(replica) => {
                    self.connected(replica);
                    let reason = self.live().await;
                    self.disconnected(&reason);
                }
                Err(error) => self.refused(&error).await,
            }
            self.bot.wait().await;
        }
    }

    fn connected(&mut self, replica: String) {
        let mut state = self.shared.state();
        state.replica_of[self.index] = replica;
        state.connected += 1;
        state.reconnects += u64::from(self.connected_before);
        self.connected_before = true;
        // What it was asked to do with the socket before does not concern this one.
        while self.orders.try_recv().is_ok() {}
    }

    fn disconnected(&mut self, reason: &str) {
        self.bot.leave();
        let mut state = self.shared.state();
        state.connected -= 1;
        *state.closes.entry(reason.to_owned()).or_default() += 1;
        drop(state);
        if let Some(outbox) = &mut self.outbox {
            outbox.lost(Instant::now());
        }
    }

    async fn refused(&mut self, error: &OpenError) {
        let status = error.status();
        let reason = status.map_or_else(|| error.to_string(), |status| status.to_string());
        self.shared.refused(reason);
        // One that cannot log in tries to connect again, and gets 401 again.
        if status.is_some_and(|status| status == 401) && self.bot.log_in().await.is_ok() {
            self.shared.state().logins += 1;
        }
    }

    /// Listens and talks, and says how the socket ended.
    async fn live(&mut self) -> String {
        loop {
            let due = self.outbox.as_ref().and_then(Outbox::due);
            let gone_on = tokio::select! {
                text = self.bot.next() => match text {
                    Ok(text) => self.hear(&text),
                    Err(lost) => Err(lost.to_string()),
                },
                Some(order) = self.orders.recv() => self.obey(order).await,
                Ok(()) = self.sending.changed() => {
                    self.begin_or_end();
                    Ok(())
                }
                () = sleep_until(due.unwrap_or_else(Instant::now)), if due.is_some() => {
                    self.talk_now().await
                }
            };
            if let Err(reason) = gone_on {
                return reason;
            }
        }
    }

    async fn obey(&mut self, order: Order) -> Result<(), String> {
        match order {
            Order::Reset => {
                self.bot.reset();
                Err("reset by the client, as planned".to_owned())
            }
            Order::StopReading(time) => {
                self.bot.stop_reading(time).await;
                Ok(())
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

    async fn talk_now(&mut self) -> Result<(), String> {
        let Some(outbox) = &mut self.outbox else {
            return Ok(());
        };
        if !outbox.is_waiting() && !self.shared.begin() {
            outbox.end();
            return Ok(());
        }
        match outbox.task(Instant::now()) {
            Task::Send(frame, again) => {
                self.shared.state().retries += u64::from(again);
                let sent = self.bot.send(frame).await;
                sent.map_err(|lost: LostError| lost.to_string())
            }
            Task::GiveUp => Err("no answer to a message, given up by the client".to_owned()),
        }
    }

    /// Takes note of a frame.
    ///
    /// # Errors
    /// When it is not understood. Then nothing that follows could be trusted.
    fn hear(&mut self, text: &str) -> Result<(), String> {
        let frame = ServerFrame::parse(text)
            .map_err(|error| format!("a frame that is not understood: {error}"))?;
        match frame {
            ServerFrame::Messages { messages, .. } => {
                for message in messages.iter() {
                    self.bot.heard(message.id);
                    self.shared.hear(self.index, message.id, &message.text);
                }
            }
            ServerFrame::Gap { after, first } => self.shared.gap(self.index, after, first),
            ServerFrame::Sent { reference, id } => self.acknowledged(&reference, id),
            ServerFrame::Error {
                reference,
                error,
                retry_after,
                ..
            } => self.failed(
                reference.as_deref().unwrap_or_default(),
                &error,
                retry_after,
            ),
            ServerFrame::Welcome { .. }
            | ServerFrame::Presence { .. }
            | ServerFrame::Changes { .. }
            | ServerFrame::Pong => {}
        }
        Ok(())
    }

    fn acknowledged(&mut self, reference: &str, id: Id) {
        if let Some(key) = self.finished(reference) {
            self.shared.acknowledge(Named { id, key });
        }
    }

    fn failed(&mut self, reference: &str, error: &str, retry_after: Option<u64>) {
        if let (Some(seconds), Some(outbox)) = (retry_after, &mut self.outbox) {
            let wait = Duration::from_secs(seconds).mul_f64(self.random.random_range(1.0..1.25));
            return outbox.again(reference, Instant::now() + wait);
        }
        self.finished(reference);
        let mut state = self.shared.state();
        *state.refused.entry(error.to_owned()).or_default() += 1;
    }

    /// The message of this reference has its answer.
    fn finished(&mut self, reference: &str) -> Option<Key> {
        let key = self.outbox.as_mut()?.answered(reference)?;
        self.shared.state().waiting -= 1;
        Some(key)
    }
}
