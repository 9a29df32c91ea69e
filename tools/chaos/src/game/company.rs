//! All players of a run: parties of five, of which no two fit into one match, and some who are alone and sit with them.

use std::{sync::Arc, time::Duration};

use bot::{Lobby, LobbyError, Target, browser::http_client};
use futures_util::future::join_all;
use rand::{RngExt, SeedableRng, rngs::StdRng};
use tokio::{sync::mpsc, task::JoinSet, time::sleep};

use super::{
    player::{Order, Player, word},
    scenario::Scenario,
    shared::{Doing, Shared},
};

/// More than half of the seats, so that each party has a match.
const PARTY: usize = 5;

/// How long an answer of the lobby may take. Whoever waits longer asks again.
const PATIENCE: Duration = Duration::from_secs(5);

/// The pause before somebody asks again for a party.
const AGAIN: Duration = Duration::from_millis(500);

/// How often somebody asks for a party. Without one all play alone.
const TRIES: u32 = 20;

/// Players who play one match after another, until they are told to finish or the crowd is dropped.
pub struct Crowd {
    orders: Vec<mpsc::UnboundedSender<Order>>,
    /// Dropping this ends the players.
    _tasks: JoinSet<()>,
}

/// How many players there are for so many matches: five in each, and somebody alone in each fourth.
#[must_use]
pub fn players(matches: usize) -> usize {
    matches * PARTY + matches / 4
}

impl Crowd {
    /// Logs all players in at `target`, and lets them play.
    ///
    /// # Errors
    /// When a login fails, or this system allows too few open files.
    pub async fn start(
        scenario: &Scenario,
        target: &Target,
        shared: &Arc<Shared>,
    ) -> anyhow::Result<Crowd> {
        let count = players(scenario.matches);
        // Whoever comes back has a second socket.
        bot::ensure_open_files(3 * count)?;
        let targets = std::slice::from_ref(target);
        let sessions = bot::log_in_all(targets, count, "chaos", |_| {}).await?;
        let http = http_client(PATIENCE)?;
        let mut orders = Vec::new();
        let mut all = Vec::new();
        for (index, session) in sessions.iter().enumerate() {
            let (sender, received) = mpsc::unbounded_channel();
            orders.push(sender);
            // Each has a seed of its own, which does not depend on what the others do.
            let seed = scenario.seed.wrapping_add(1 + index as u64);
            all.push(Player {
                index,
                lobby: Lobby::of_session(http.clone(), session),
                target: target.clone(),
                orders: received,
                shared: Arc::clone(shared),
                random: StdRng::seed_from_u64(seed),
            });
        }
        let mut tasks = JoinSet::new();
        let mut all = all.into_iter();
        for _ in 0..scenario.matches {
            tasks.spawn(play_on(all.by_ref().take(PARTY).collect()));
        }
        for alone in all {
            tasks.spawn(play_on(vec![alone]));
        }
        Ok(Crowd {
            orders,
            _tasks: tasks,
        })
    }

    /// How many there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.orders.len()
    }

    /// Tells these players what to do.
    pub fn order(&self, players: &[usize], order: Order) {
        for player in players {
            // One that has finished plays no more.
            let _ = self.orders[*player].send(order);
        }
    }
}

/// Plays one match after another.
async fn play_on(mut players: Vec<Player>) {
    let Some(first) = players.first() else {
        return;
    };
    let shared = Arc::clone(&first.shared);
    while shared.goes_on() {
        let code = party(&mut players).await;
        let all = players.iter_mut();
        join_all(all.map(|player| player.play(code.as_deref()))).await;
    }
    for player in players {
        shared.does(player.index, Doing::Done);
    }
}

/// Lets all of them be in one party, and gives its code; none if there is only one player, or it cannot be for now.
async fn party(players: &mut [Player]) -> Option<String> {
    let [first, others @ ..] = players else {
        return None;
    };
    if others.is_empty() {
        return None;
    }
    for player in [&*first].into_iter().chain(&*others) {
        let now = player.shared.now();
        player.shared.does(player.index, Doing::Seeks(now));
    }
    for _ in 0..TRIES {
        match gather(first, others).await {
            Ok(code) => return Some(code),
            Err(error) => {
                first.shared.refused(&format!("party: {}", word(&error)));
            }
        }
        if !first.shared.goes_on() {
            return None;
        }
        sleep(AGAIN.mul_f64(first.random.random_range(0.8..1.2))).await;
    }
    None
}

async fn gather(first: &Player, others: &[Player]) -> Result<String, LobbyError> {
    let party = first.lobby.create_party().await?.party;
    let code = party.map(|party| party.code).unwrap_or_default();
    for other in others {
        other.lobby.join_party(&code).await?;
    }
    Ok(code)
}
