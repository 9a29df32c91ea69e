//! Friends do anything in any order, each in two tabs, and a web server is killed meanwhile: in the end all agree.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use acceptance::{player::HOST, quiet};
use anyhow::{Context, ensure};
use bot::{Lobby, lobby::LobbyState};
use futures_util::future::try_join_all;
use stack::until;

use super::{
    super::lobby::{AGREED_WITHIN, with_seats},
    Chance,
};

const WALKS: usize = 200;

/// Walks at the same time.
const TOGETHER: usize = 25;

const FRIENDS: usize = 3;

/// What is done in one walk.
const STEPS: usize = 15;

/// One browser with two tabs: they have one cookie, and each shows what it was told last.
struct Friend {
    lobby: Lobby,
    shown: [LobbyState; 2],
}

#[tokio::test]
async fn page_and_server_agree_whatever_was_done_in_two_tabs() -> anyhow::Result<()> {
    let builder = quiet().environment("LOGIN_RATE", "10000");
    let mut stack = with_seats(builder.scale("webserver", 3)).await?;
    for first in (0..WALKS).step_by(TOGETHER) {
        let address = stack.address();
        let groups = (first..first + TOGETHER).map(|seed| friends(&address, seed));
        let groups = try_join_all(groups).await?;
        let steps = Arc::new(AtomicUsize::new(0));
        let walks = groups.into_iter().zip(first..).map(|(friends, seed)| {
            let walk = walk(friends, seed, Arc::clone(&steps));
            tokio::spawn(async move { walk.await.with_context(|| format!("walk {seed}")) })
        });
        let walks: Vec<_> = walks.collect();
        // In each other round a web server is killed while all are on their way.
        if first / TOGETHER % 2 == 1 {
            until("some steps", AGREED_WITHIN, async || {
                let done = steps.load(Ordering::Relaxed);
                (done > TOGETHER * STEPS / 3)
                    .then_some(())
                    .ok_or_else(|| done.to_string())
            })
            .await?;
            stack.take_replica(0)?.kill().await?;
        }
        for walk in walks {
            walk.await??;
        }
        if stack.replicas().count() < 3 {
            stack.add_replica("webserver").await?;
        }
    }
    Ok(())
}

async fn friends(address: &str, seed: usize) -> anyhow::Result<Vec<Friend>> {
    let names = (0..FRIENDS).map(|number| format!("Friend {seed} {number}"));
    let logins = names.map(|name| async move {
        anyhow::Ok(Friend {
            lobby: Lobby::log_in(address, HOST, &name).await?,
            shown: Default::default(),
        })
    });
    try_join_all(logins).await
}

async fn walk(
    mut friends: Vec<Friend>,
    seed: usize,
    steps: Arc<AtomicUsize>,
) -> anyhow::Result<()> {
    let mut chance = Chance(seed as u64);
    let mut codes = vec!["ABCD-EFGH".to_owned()];
    for _ in 0..STEPS {
        friends[chance.below(FRIENDS)]
            .step(&mut chance, &mut codes)
            .await;
        steps.fetch_add(1, Ordering::Relaxed);
    }
    agree(&mut friends).await?;
    for friend in &mut friends {
        friend.leave().await?;
    }
    Ok(())
}

impl Friend {
    /// Does something in one of the tabs. It may be refused, or lost with a web server: nobody knows then what has become of it.
    async fn step(&mut self, chance: &mut Chance, codes: &mut Vec<String>) {
        let lobby = self.lobby.clone();
        let tab = chance.below(2);
        let code = codes[chance.below(codes.len())].clone();
        let told = match chance.below(10) {
            0 | 1 => lobby.create_party().await,
            2 | 3 => lobby.join_party(&code).await,
            4 => lobby.leave_party().await.map(|()| LobbyState::default()),
            5 => {
                let party = self.shown[tab].party.as_ref();
                let _ = lobby.play(party.map(|party| party.code.as_str())).await;
                lobby.state().await
            }
            6 => {
                let _ = lobby.leave().await;
                lobby.state().await
            }
            7 => {
                let name = ["Ada", "Bob"][chance.below(2)];
                if let Ok(lobby) = lobby.log_in_again(name).await {
                    self.lobby = lobby;
                }
                self.lobby.state().await
            }
            8 if chance.below(3) == 0 => {
                let _ = lobby.log_out().await;
                lobby.state().await
            }
            // F5.
            _ => lobby.state().await,
        };
        if let Ok(told) = told {
            let code = told.party.as_ref().map(|party| party.code.clone());
            codes.extend(code.filter(|code| !codes.contains(code)));
            self.shown[tab] = told;
        }
    }

    /// Leaves seat and party by one tab, and both show it.
    async fn leave(&mut self) -> anyhow::Result<()> {
        until("to leave", AGREED_WITHIN, async || {
            let left = self.lobby.leave_party().await;
            left.map_err(|error| error.to_string())?;
            self.lobby.leave().await.map_err(|error| error.to_string())
        })
        .await?;
        for _ in 0..2 {
            let state = self.lobby.state().await?;
            ensure!(state.party.is_none() && state.seat.is_none(), "{state:?}");
        }
        Ok(())
    }
}

/// Each tab asks as it does once a second, until all show the same of each other.
async fn agree(friends: &mut [Friend]) -> anyhow::Result<()> {
    let lobbies: Vec<Lobby> = friends.iter().map(|friend| friend.lobby.clone()).collect();
    let shown = until("that all agree", AGREED_WITHIN, async || {
        let tabs = lobbies
            .iter()
            .flat_map(|lobby| [lobby.state(), lobby.state()]);
        let shown = try_join_all(tabs)
            .await
            .map_err(|error| error.to_string())?;
        disagreement(&shown).map_or(Ok(()), Err)?;
        Ok(shown)
    })
    .await?;
    for (friend, shown) in friends.iter_mut().zip(shown.chunks(2)) {
        friend.shown.clone_from_slice(shown);
    }
    Ok(())
}

/// What is wrong about two tabs for each friend, one after another.
fn disagreement(shown: &[LobbyState]) -> Option<String> {
    let different = shown.chunks(2).find(|tabs| tabs[0] != tabs[1]);
    if let Some(tabs) = different {
        return Some(format!("two tabs of one browser: {tabs:?}"));
    }
    for one in shown.iter().step_by(2) {
        let (Some(player), Some(party)) = (&one.player, &one.party) else {
            if one.player.is_none() && (one.party.is_some() || one.seat.is_some()) {
                return Some(format!("nobody has something: {one:?}"));
            }
            continue;
        };
        if !party.members.contains(player) {
            return Some(format!("not in their own party: {one:?}"));
        }
        for other in shown.iter().step_by(2) {
            let Some(who) = &other.player else { continue };
            let of_other = other.party.as_ref().map(|party| &party.code);
            if party.members.contains(who) != (of_other == Some(&party.code)) {
                return Some(format!("{one:?} and {other:?}"));
            }
        }
    }
    None
}
