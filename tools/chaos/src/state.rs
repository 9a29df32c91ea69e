//! What all clients of a run write into.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use bot::Key;
use parking_lot::{Mutex, MutexGuard};
use protocol::Id;
use serde::Serialize;
use tokio::sync::watch;

use crate::{
    account::{Account, Named},
    plan::Fault,
};

/// How often each thing happened, by its name.
pub type Counts = BTreeMap<String, u64>;

/// Failures that are described. More would say no more.
const DESCRIBED: usize = 8;

/// Shared by everything that runs. One lock is enough: nobody waits inside.
pub struct Shared {
    /// What the texts of this run begin with. Only these are checked, whoever else talks on the same system.
    pub run: String,
    sending: watch::Sender<bool>,
    begun: Instant,
    state: Mutex<State>,
}

/// What has happened until now.
pub struct State {
    /// What each client heard of this run, and what was acknowledged.
    pub account: Account,
    /// The id that each client heard last, of this run or not.
    pub newest: Vec<Option<Id>>,
    /// The replica that each client is on, or was on last.
    pub replica_of: Vec<String>,
    /// Clients that have a socket.
    pub connected: usize,
    /// Sockets opened after a client's first.
    pub reconnects: u64,
    /// Logins after a client's first.
    pub logins: u64,
    /// The greatest id that was acknowledged.
    pub newest_acknowledged: Option<Id>,
    /// When messages were acknowledged, each of them.
    pub acknowledged_at: Vec<Duration>,
    /// Whether senders may begin a new message.
    pub sending: bool,
    /// Senders that wait for an answer, or to send again.
    pub waiting: usize,
    /// Messages sent again, under the reference that they had.
    pub retries: u64,
    /// Messages that the server refused for good.
    pub refused: Counts,
    /// Gaps that clients heard of.
    pub gaps: Noted,
    /// How sockets ended.
    pub closes: Counts,
    /// Why sockets were refused.
    pub refusals: Counts,
    /// Safe requests that were answered with a status of 2xx.
    pub answered: u64,
    /// Safe requests that were not.
    pub failed: Noted,
    /// Safe requests that were not, while there was nobody who could.
    pub unanswerable: u64,
    /// What is broken now.
    pub fault: Option<Fault>,
}

/// Things that should not happen: how many, and the first few of them in words.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Noted {
    /// How many.
    pub count: u64,
    /// The first few, with the time and what was broken then.
    pub first: Vec<String>,
}

impl Shared {
    /// The beginning of a run with this many clients, none of them connected.
    #[must_use]
    pub fn new(clients: usize) -> Shared {
        Shared {
            run: format!("chaos-{}", uuid::Uuid::now_v7().simple()),
            sending: watch::Sender::new(false),
            begun: Instant::now(),
            state: Mutex::new(State {
                account: Account::new(clients),
                newest: vec![None; clients],
                replica_of: vec![String::new(); clients],
                connected: 0,
                reconnects: 0,
                logins: 0,
                newest_acknowledged: None,
                acknowledged_at: Vec::new(),
                sending: false,
                waiting: 0,
                retries: 0,
                refused: Counts::new(),
                gaps: Noted::default(),
                closes: Counts::new(),
                refusals: Counts::new(),
                answered: 0,
                failed: Noted::default(),
                unanswerable: 0,
                fault: None,
            }),
        }
    }

    /// What has happened until now.
    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock()
    }

    /// Since the beginning.
    #[must_use]
    pub fn now(&self) -> Duration {
        self.begun.elapsed()
    }

    /// Lets senders begin, or tells them to finish what they have.
    pub fn let_send(&self, sending: bool) {
        self.state().sending = sending;
        self.sending.send_replace(sending);
    }

    /// Whether senders may begin a new message.
    #[must_use]
    pub fn sending(&self) -> watch::Receiver<bool> {
        self.sending.subscribe()
    }

    /// A client has heard a message.
    pub fn hear(&self, client: usize, id: Id, text: &str) {
        let mut state = self.state();
        state.newest[client] = state.newest[client].max(Some(id));
        if let Some(key) = Key::parse(&self.run, text) {
            state.account.hear(client, Named { id, key });
        }
    }

    /// A client was refused a socket.
    pub fn refused(&self, reason: String) {
        *self.state().refusals.entry(reason).or_default() += 1;
    }

    /// A sender begins a new message, if it still may. Once it may not, no other is on its way when all have their
    /// answers.
    #[must_use]
    pub fn begin(&self) -> bool {
        let mut state = self.state();
        state.waiting += usize::from(state.sending);
        state.sending
    }

    /// The server has acknowledged a message.
    pub fn acknowledge(&self, named: Named) {
        let now = self.now();
        let mut state = self.state();
        state.account.acknowledge(named);
        state.newest_acknowledged = state.newest_acknowledged.max(Some(named.id));
        state.acknowledged_at.push(now);
    }

    /// A client has heard that some of what it missed is not kept any more.
    pub fn gap(&self, client: usize, after: Id, first: Option<Id>) {
        let first = first.map_or("none".to_owned(), |id| id.to_string());
        let what = format!("client {client} asked after {after}, the first kept is {first}");
        let now = self.now();
        let mut state = self.state();
        let fault = state.fault;
        state.gaps.add(now, fault, &what);
    }

    /// A safe request was not answered with a status of 2xx. While nobody is there to answer, that is no failure.
    pub fn fail(&self, what: &str) {
        let now = self.now();
        let mut state = self.state();
        let fault = state.fault;
        if fault.is_some_and(Fault::leaves_nobody) {
            state.unanswerable += 1;
            return;
        }
        state.failed.add(now, fault, what);
    }
}

impl State {
    /// Whether every sender has its answer, and every client has heard the last acknowledged message.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        self.waiting == 0
            && self.connected == self.newest.len()
            && self
                .newest
                .iter()
                .all(|newest| *newest >= self.newest_acknowledged)
    }
}

impl Noted {
    fn add(&mut self, at: Duration, fault: Option<Fault>, what: &str) {
        self.count += 1;
        if self.first.len() < DESCRIBED {
            let at = at.as_secs_f64();
            let fault = fault.map_or("nothing broken".to_owned(), |fault| fault.to_string());
            self.first.push(format!("{at:.1} s, {fault}: {what}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_is_settled_when_everybody_heard_the_last_word() {
        let shared = Shared::new(2);
        shared.state().connected = 2;
        assert!(shared.state().is_settled());
        let key = Key {
            sender: 0,
            sequence: 0,
        };
        let id: Id = "5-0".parse().unwrap();
        shared.acknowledge(Named { id, key });
        shared.hear(0, id, &key.text(&shared.run));
        assert!(!shared.state().is_settled());
        // What is said by others in between counts as heard, and is not checked.
        shared.hear(1, "5-1".parse().unwrap(), "hello");
        assert!(shared.state().is_settled());
        assert_eq!(shared.state().account.delivered(), 1);
        shared.let_send(true);
        assert!(shared.begin() && !shared.state().is_settled());
        shared.let_send(false);
        shared.state().waiting -= 1;
        assert!(!shared.begin() && shared.state().is_settled());
    }

    #[test]
    fn the_first_failures_are_described_and_all_are_counted() {
        let shared = Shared::new(0);
        shared.state().fault = Some(Fault::Kill);
        for _ in 0..20 {
            shared.fail("502 Bad Gateway");
        }
        let failed = shared.state().failed.clone();
        assert_eq!((failed.count, failed.first.len()), (20, DESCRIBED));
        assert!(failed.first[0].ends_with("s, kill: 502 Bad Gateway"));
    }
}
