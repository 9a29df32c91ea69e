//! Everybody does anything, while keys are deleted and a server is frozen. Afterwards the directory and the servers agree.

use std::{collections::BTreeMap, time::Duration};

use acceptance::redis;
use anyhow::ensure;
use matches::{Directory, HOLD, HeldSeat, LEASE};
use protocol::PlayerId;
use stack::{Stack, until};
use tokio::{
    task::JoinSet,
    time::{Instant, sleep},
};

use super::fake::{Fake, alone, ask, held, players};

/// How long everybody does anything.
const WALK: Duration = Duration::from_secs(8);

/// Whatever players do, one step after another. What is refused is not done, and that is all. Gives how often somebody took a seat.
async fn walk(directory: Directory, servers: Vec<Fake>, own: Vec<PlayerId>) -> usize {
    let end = Instant::now() + WALK;
    let mut entered = 0;
    let at = |id| servers.iter().find(|server| server.id == id);
    while Instant::now() < end {
        let player = own[usize::from(rand::random::<u8>()) % own.len()];
        let mut taken = servers.iter().flat_map(Fake::taken);
        let seat: Option<HeldSeat> = taken.find(|seat| seat.player == player);
        let server = seat.as_ref().and_then(|seat| {
            let is_here = |server: &&Fake| server.taken().contains(seat);
            servers.iter().find(is_here)
        });
        match (rand::random::<u8>() % 8, seat, server) {
            (0, ..) => drop(directory.leave(player).await),
            (1, Some(seat), Some(server)) => drop(server.part(&seat).await),
            (2, Some(seat), Some(server)) => drop(server.lose(&seat).await),
            (3, Some(seat), Some(server)) => server.close(&seat.id),
            (4, Some(seat), Some(server)) => drop(server.finish(&seat.id, "{}").await),
            (5, ..) => {
                let group = &own[..1 + usize::from(rand::random::<u8>()) % own.len()];
                drop(directory.allocate(&ask(group)).await);
            }
            _ => {
                if let Ok(seats) = directory.allocate(&ask(&[player])).await
                    && let Some(server) = at(seats[0].server.clone())
                {
                    entered += usize::from(server.enter(&seats[0]).await.is_ok());
                }
            }
        }
    }
    entered
}

/// Deletes one key after another, whichever it is.
async fn delete_keys(stack: &Stack) -> anyhow::Result<usize> {
    let end = Instant::now() + WALK;
    let mut deleted = 0;
    while Instant::now() < end {
        let key = redis::ask(stack, "matches", "RANDOMKEY").await?;
        // The length comes first. Results are what ends a match for good, and no script reads them anew.
        if let Some(key) = key.lines().nth(1).filter(|key| !key.starts_with("result:")) {
            redis::ask(stack, "matches", &format!("DEL {key}")).await?;
            deleted += 1;
        }
        sleep(Duration::from_millis(10)).await;
    }
    Ok(deleted)
}

/// Whether each player sits once, and the directory and the servers say the same of it.
async fn agree(directory: &Directory, servers: &[Fake]) -> Result<usize, String> {
    let mut all = BTreeMap::new();
    for server in servers {
        for seat in server.taken() {
            if all
                .insert(seat.player, (server.id.clone(), seat.clone()))
                .is_some()
            {
                return Err(format!("{} sits twice", seat.player));
            }
        }
    }
    for (player, (server, seat)) in &all {
        let known = directory.seat_of(*player).await;
        let known = known.map_err(|error| error.to_string())?;
        let is_known = known.as_ref().is_some_and(|known| {
            (&known.server, &known.id, known.seat) == (server, &seat.id, seat.seat) && known.taken
        });
        if !is_known {
            return Err(format!("{seat:?} is known as {known:?}"));
        }
    }
    let fleet = directory.fleet().await.map_err(|error| error.to_string())?;
    let players: u32 = fleet.iter().map(|server| server.players).sum();
    if players as usize != all.len() {
        return Err(format!("{} sit, and {fleet:?}", all.len()));
    }
    Ok(all.len())
}

#[tokio::test]
async fn after_any_walk_and_loss_the_directory_and_the_servers_agree() -> anyhow::Result<()> {
    let (stack, directory) = alone().await?;
    let (mut servers, mut keepers) = (Vec::new(), Vec::new());
    for _ in 0..3 {
        let server = Fake::ready(&directory, 6).await?;
        keepers.push(server.keep());
        servers.push(server);
    }
    let mut walks = JoinSet::new();
    for _ in 0..12 {
        walks.spawn(walk(directory.clone(), servers.clone(), players(8)));
    }
    let freeze = async {
        sleep(WALK / 4).await;
        keepers.pop();
        // That it is longer than the lease is what is tested.
        sleep(LEASE + Duration::from_secs(1)).await;
        servers[2].keep()
    };
    let (deleted, _keeper) = tokio::join!(delete_keys(&stack), freeze);
    let entered: usize = walks.join_all().await.into_iter().sum();
    ensure!(entered > 0, "nobody has taken a seat");
    let sit = until("everybody agreeing", HOLD * 2, async || {
        agree(&directory, &servers).await
    })
    .await?;
    let deleted = deleted?;
    println!("{deleted} keys were deleted, {entered} seats were taken, and {sit} players sit");
    // And all that is free is given out, when the holds have run out.
    let latecomers = players(200);
    until("every server being full", HOLD * 2, async || {
        for player in &latecomers {
            let Ok(seats) = directory.allocate(&ask(&[*player])).await else {
                break;
            };
            let server = servers.iter().find(|server| server.id == seats[0].server);
            let Some(server) = server else { continue };
            let known = server.taken().contains(&held(&seats[0]));
            if !known {
                let _ = server.enter(&seats[0]).await;
            }
        }
        let fleet = directory.fleet().await.map_err(|error| error.to_string())?;
        // A server whose list of matches was deleted is given more of them than it has room for, until it says what it has.
        let is_full = fleet.iter().all(|server| server.matches >= server.capacity);
        is_full.then_some(()).ok_or_else(|| format!("{fleet:?}"))
    })
    .await?;
    let given_twice: u32 = servers.iter().map(Fake::given_twice).sum();
    ensure!(given_twice == 0, "{given_twice} seats were given twice");
    Ok(())
}
