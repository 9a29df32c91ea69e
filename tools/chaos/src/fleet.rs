//! All clients of a run.

use std::{sync::Arc, time::Duration};

use anyhow::Context;
use bot::{Outbox, Session, Target};
use rand::{SeedableRng, rngs::StdRng};
use stack::until;
use tokio::{sync::mpsc, task::JoinSet};

use crate::{
    client::{Client, Order},
    scenario::Scenario,
    state::Shared,
};

/// Clients that come back until the fleet is dropped.
pub struct Fleet {
    shared: Arc<Shared>,
    orders: Vec<mpsc::UnboundedSender<Order>>,
    /// Dropping this ends the clients.
    tasks: JoinSet<()>,
}

impl Fleet {
    /// Logs all clients in at `target` and lets them connect. The first of them will talk.
    ///
    /// # Errors
    /// When a login fails, or this system allows too few open files.
    pub async fn start(
        scenario: &Scenario,
        target: &Target,
        shared: &Arc<Shared>,
    ) -> anyhow::Result<Fleet> {
        bot::ensure_open_files(scenario.clients + scenario.pollers)?;
        let targets = std::slice::from_ref(target);
        let sessions = bot::log_in_all(targets, scenario.clients, "chaos", |_| {}).await?;
        let mut fleet = Fleet {
            shared: Arc::clone(shared),
            orders: Vec::new(),
            tasks: JoinSet::new(),
        };
        for (index, session) in sessions.into_iter().enumerate() {
            fleet.add(scenario, index, session);
        }
        Ok(fleet)
    }

    fn add(&mut self, scenario: &Scenario, index: usize, session: Session) {
        let (orders, received) = mpsc::unbounded_channel();
        // Each has a seed of its own, which does not depend on what the others do.
        let seed = scenario.seed.wrapping_add(1 + index as u64);
        let random = StdRng::seed_from_u64(seed);
        let mut client = Client::new(index, session, &self.shared, received, random);
        if scenario.without_resume {
            client.do_not_resume();
        }
        if index < scenario.senders() {
            let every = Duration::from_secs_f64(scenario.senders() as f64 / scenario.rate);
            client.talk(Outbox::new(index as u32, &self.shared.run, every));
        }
        self.tasks.spawn(client.run());
        self.orders.push(orders);
    }

    /// How many there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.orders.len()
    }

    /// The id of the replica that a client is on.
    #[must_use]
    pub fn replica_of(&self, client: usize) -> String {
        self.shared.state().replica_of[client].clone()
    }

    /// Tells these clients what to do.
    pub fn order(&self, clients: &[usize], order: Order) {
        for client in clients {
            // A client never ends by itself, so it is there.
            let _ = self.orders[*client].send(order);
        }
    }

    /// Waits until every client has a socket.
    ///
    /// # Errors
    /// When that is not so within `limit`.
    pub async fn connected(&self, limit: Duration) -> anyhow::Result<()> {
        let all = self.count();
        until("the connection of every client", limit, async || {
            let state = self.shared.state();
            if state.connected == all {
                return Ok(());
            }
            let refusals: Vec<&String> = state.refusals.keys().collect();
            Err(format!(
                "{} of {all} are connected; refused until now: {refusals:?}",
                state.connected
            ))
        })
        .await
    }

    /// Waits until a message is acknowledged that was so after this call.
    ///
    /// # Errors
    /// When none is within `limit`.
    pub async fn heard(&self, limit: Duration) -> anyhow::Result<()> {
        let before = self.shared.state().acknowledged_at.len();
        until("an acknowledgement", limit, async || {
            if self.shared.state().acknowledged_at.len() > before {
                Ok(())
            } else {
                Err(format!("there were {before}, and no more since"))
            }
        })
        .await
    }

    /// Waits until every sender has its answer and every client has heard all that was acknowledged.
    ///
    /// # Errors
    /// When that is not so within `limit`.
    pub async fn settled(&self, limit: Duration) -> anyhow::Result<()> {
        let settled = until("hearing the last word", limit, async || {
            if self.shared.state().is_settled() {
                Ok(())
            } else {
                Err("some client has not".to_owned())
            }
        });
        settled.await.context("the run did not settle")
    }
}
