//! Seats are given out by one script: none twice, no group split, none lost.

mod naive;

use std::{collections::BTreeSet, time::Duration};

use acceptance::redis;
use anyhow::{Context, ensure};
use matches::{AllocateError, Allocation, ClaimError, Directory, HOLD, ServerId};
use protocol::PlayerId;
use stack::{Stack, until};
use tokio::{task::JoinSet, time::Instant};

use super::directory::fake::{Fake, Keeper, alone, ask, held, players};

/// As many as ask at once.
const ASKERS: usize = 16;

/// Three servers with room for 125 matches: 1,000 seats.
const CAPACITIES: [u32; 3] = [42, 42, 41];
const ALL: usize = 1000;

async fn servers(
    directory: &Directory,
    capacities: &[u32],
) -> anyhow::Result<(Vec<Fake>, Vec<Keeper>)> {
    let mut servers = Vec::new();
    for capacity in capacities {
        servers.push(Fake::ready(directory, *capacity).await?);
    }
    let keepers = servers.iter().map(Fake::keep).collect();
    Ok((servers, keepers))
}

fn server<'a>(servers: &'a [Fake], id: &ServerId) -> anyhow::Result<&'a Fake> {
    let server = servers.iter().find(|server| server.id == *id);
    server.with_context(|| format!("there is no server {id}"))
}

/// One in ten vanishes at each step.
fn vanishes() -> bool {
    rand::random::<u8>() < 26
}

/// A group of 1 to 8.
fn group() -> Vec<PlayerId> {
    players(1 + usize::from(rand::random::<u8>() % 8))
}

/// What must hold of every group that got seats.
fn check_group(group: &[PlayerId], seats: &[Allocation]) -> anyhow::Result<()> {
    let seated: Vec<PlayerId> = seats.iter().map(|seat| seat.player).collect();
    ensure!(seated == group, "{group:?} asked, and {seated:?} got seats");
    let matches: BTreeSet<_> = seats.iter().map(|seat| (&seat.server, &seat.id)).collect();
    ensure!(matches.len() == 1, "a group was split: {matches:?}");
    let numbers: BTreeSet<u8> = seats.iter().map(|seat| seat.seat).collect();
    ensure!(
        numbers.len() == seats.len(),
        "a seat was given twice: {seats:?}"
    );
    Ok(())
}

/// Groups come, and one in ten of their players vanishes at each step: while it is asked for seats, with the ticket in the hand,
/// and in the seat.
async fn come_and_vanish(directory: Directory, servers: Vec<Fake>) -> anyhow::Result<usize> {
    let mut count = 0;
    let end = Instant::now() + Duration::from_secs(5);
    while Instant::now() < end {
        let group = group();
        let asking = ask(&group);
        let asking = directory.allocate(&asking);
        if vanishes() {
            // What Redis has been asked, it does, though nobody hears of it.
            let moment = Duration::from_micros(u64::from(rand::random::<u16>() % 2000));
            let _ = tokio::time::timeout(moment, asking).await;
            continue;
        }
        let seats = match asking.await {
            Ok(seats) => seats,
            Err(AllocateError::Full { .. }) => continue,
            Err(error) => return Err(error.into()),
        };
        check_group(&group, &seats)?;
        count += 1;
        for seat in &seats {
            if vanishes() {
                continue;
            }
            let server = server(&servers, &seat.server)?;
            match server.enter(seat).await {
                // Whoever came first has left again, and the match with them.
                Err(ClaimError::Gone) => continue,
                entered => entered?,
            }
            // Half of the others go home, so that seats are free again and again.
            if vanishes() || rand::random() {
                server.part(&held(seat)).await?;
            }
        }
    }
    Ok(count)
}

#[tokio::test]
async fn a_seat_is_never_given_twice_no_group_is_split_and_none_is_leaked() -> anyhow::Result<()> {
    let (_stack, directory) = alone().await?;
    let (servers, _keepers) = servers(&directory, &CAPACITIES).await?;
    let mut askers = JoinSet::new();
    for _ in 0..ASKERS {
        askers.spawn(come_and_vanish(directory.clone(), servers.clone()));
    }
    let mut groups = 0;
    for asked in askers.join_all().await {
        groups += asked?;
    }
    println!("{groups} groups got seats");
    // The seats of those who have vanished are free again when their holds have run out, and somebody comes for each.
    let taken = || {
        servers
            .iter()
            .map(|server| server.taken().len())
            .sum::<usize>()
    };
    let latecomers = players(ALL);
    until("every seat being taken", HOLD * 2, async || {
        while taken() < ALL {
            let seats = directory
                .allocate(&ask(&latecomers[taken()..=taken()]))
                .await;
            let seats = seats.map_err(|error| format!("{} are taken: {error}", taken()))?;
            let server = server(&servers, &seats[0].server).map_err(|error| error.to_string())?;
            let entered = server.enter(&seats[0]).await;
            entered.map_err(|error| error.to_string())?;
        }
        Ok(())
    })
    .await?;
    let beyond = directory.allocate(&ask(&players(1))).await;
    ensure!(
        matches!(beyond, Err(AllocateError::Full { .. })),
        "{beyond:?}"
    );
    let given_twice: u32 = servers.iter().map(Fake::given_twice).sum();
    ensure!(given_twice == 0, "{given_twice} seats were given twice");
    let fleet = directory.fleet().await?;
    let known: u32 = fleet.iter().map(|server| server.players).sum();
    ensure!(
        known as usize == ALL,
        "the directory knows of {known}: {fleet:?}"
    );
    Ok(())
}

/// What a test cannot see, it does not show: the same check must find the fault of the obvious way.
#[tokio::test]
async fn who_reads_and_chooses_and_writes_gives_seats_twice() -> anyhow::Result<()> {
    let (stack, _) = alone().await?;
    let mut askers = JoinSet::new();
    let address = stack.server("matches")?.address();
    let password = stack.server("matches")?.password()?.to_owned();
    for _ in 0..ASKERS {
        let (address, password) = (address.clone(), password.clone());
        askers.spawn(async move {
            let mut naive = naive::Naive::connect(&address, &password).await?;
            let mut seats = Vec::new();
            for _ in 0..10 {
                seats.extend(naive.allocate(&group()).await?);
            }
            anyhow::Ok(seats)
        });
    }
    let (mut seats, mut given) = (BTreeSet::new(), 0);
    for asked in askers.join_all().await {
        let asked = asked?;
        given += asked.len();
        seats.extend(asked);
    }
    println!("{} of {given} seats were given twice", given - seats.len());
    ensure!(seats.len() < given, "no seat was given twice");
    Ok(())
}

/// What Redis has computed since it began, in seconds.
async fn computed(stack: &Stack) -> anyhow::Result<f64> {
    let info = redis::ask(stack, "matches", "INFO cpu").await?;
    let used = info.lines().filter_map(|line| line.split_once(':'));
    let used = used.filter(|(name, _)| matches!(*name, "used_cpu_user" | "used_cpu_sys"));
    let used: Result<Vec<f64>, _> = used.map(|(_, seconds)| seconds.trim().parse()).collect();
    Ok(used?.into_iter().sum())
}

#[tokio::test]
async fn sixteen_who_ask_at_once_fill_all_servers() -> anyhow::Result<()> {
    let (stack, directory) = alone().await?;
    let (servers, _keepers) = servers(&directory, &[200; 3]).await?;
    let (before, begun) = (computed(&stack).await?, Instant::now());
    let mut askers = JoinSet::new();
    for _ in 0..ASKERS {
        let directory = directory.clone();
        askers.spawn(async move {
            let mut count = 0;
            loop {
                let group = group();
                match directory.allocate(&ask(&group)).await {
                    Ok(seats) => check_group(&group, &seats)?,
                    Err(AllocateError::Full { .. }) => return anyhow::Ok(count),
                    Err(error) => return Err(error.into()),
                }
                count += 1;
            }
        });
    }
    let mut groups = 0;
    for asked in askers.join_all().await {
        groups += asked?;
    }
    let seconds = begun.elapsed().as_secs_f64();
    let computed = computed(&stack).await? - before;
    let a_second = f64::from(groups) / seconds;
    let each = computed / f64::from(groups) * 1e6;
    println!(
        "{groups} groups on {} servers: {a_second:.0} a second, {each:.0} µs of Redis for each",
        servers.len()
    );
    // How fast that is depends on the machine. That none of the smallest groups finds room does not.
    let room = directory.allocate(&ask(&[PlayerId::random()])).await;
    ensure!(
        matches!(room, Ok(_) | Err(AllocateError::Full { .. })),
        "{room:?}"
    );
    ensure!(groups >= 600, "{groups} groups had all seats");
    Ok(())
}

#[tokio::test]
async fn a_large_group_is_not_starved_by_small_ones() -> anyhow::Result<()> {
    let (_stack, directory) = alone().await?;
    let (servers, _keepers) = servers(&directory, &[4]).await?;
    let mut full = Vec::new();
    for _ in 0..4 {
        let seats = directory.allocate(&ask(&players(8))).await?;
        for seat in &seats {
            servers[0].enter(seat).await?;
        }
        full.push(seats);
    }
    let is_full = |asked| matches!(asked, Err(AllocateError::Full { .. }));
    let (large, small, one, one_more) = (players(8), players(3), players(1), players(1));
    ensure!(is_full(directory.allocate(&ask(&large)).await));
    ensure!(is_full(directory.allocate(&ask(&small)).await));
    servers[0].finish(&full[0][0].id, "{}").await?;
    // There is room for the small one, but the large one was there first.
    for _ in 0..5 {
        ensure!(is_full(directory.allocate(&ask(&small)).await));
        ensure!(is_full(directory.allocate(&ask(&one)).await));
    }
    // What the large one cannot use is for anybody.
    servers[0].part(&held(&full[1][0])).await?;
    directory.allocate(&ask(&one)).await?;
    let seats = directory.allocate(&ask(&large)).await?;
    check_group(&large, &seats)?;
    // Nobody waits for who has left the line, and not for long for who asks no more.
    directory.leave(small[0]).await?;
    ensure!(is_full(directory.allocate(&ask(&players(8))).await));
    servers[0].finish(&full[2][0].id, "{}").await?;
    ensure!(is_full(directory.allocate(&ask(&one_more)).await));
    let waits = Duration::from_secs(10);
    until("the place in line being lost", waits, async || {
        let asked = directory.allocate(&ask(&one_more)).await;
        asked.map(|_| ()).map_err(|error| error.to_string())
    })
    .await
}

/// Each gets a seat in its turn, and nobody has to wait until those before have come back and asked.
#[tokio::test]
async fn a_long_line_is_served_as_fast_as_there_is_room() -> anyhow::Result<()> {
    let (_stack, directory) = alone().await?;
    let (servers, _keepers) = servers(&directory, &[2]).await?;
    let mut full = Vec::new();
    for _ in 0..2 {
        full.push(directory.allocate(&ask(&players(8))).await?);
    }
    let line: Vec<PlayerId> = players(20);
    for player in &line {
        let asked = directory.allocate(&ask(&[*player])).await;
        ensure!(matches!(asked, Err(AllocateError::Full { .. })));
    }
    for seats in &full {
        servers[0].finish(&seats[0].id, "{}").await?;
    }
    // There is room for 16, so the last four wait, whoever asks first now.
    for (place, player) in line.iter().enumerate().rev() {
        let asked = directory.allocate(&ask(&[*player])).await;
        ensure!(asked.is_ok() == (place < 16), "{place}: {asked:?}");
    }
    Ok(())
}
