use super::*;

/// Game servers whose clock is a number of seconds, and which do at once what they are told.
struct World {
    plan: Plan,
    now: u64,
    servers: Vec<Server>,
    started: usize,
    capacity: u32,
    /// How long a new one is starting; some never get ready.
    takes: fn(usize) -> Option<u64>,
    done: Vec<(u64, Action)>,
}

struct Server {
    replica: String,
    ready_at: Option<u64>,
    is_draining: bool,
    /// When each of its matches ends, and how many play in it.
    matches: Vec<(u64, u32)>,
}

impl Server {
    fn is_ready(&self, now: u64) -> bool {
        !self.is_draining && self.ready_at.is_some_and(|at| now >= at)
    }
}

impl World {
    /// So many servers that are ready, each with room for `capacity` matches.
    fn of(servers: usize, capacity: u32, buffer: Option<u32>) -> World {
        let mut world = World {
            plan: Plan::new(buffer),
            now: 0,
            servers: Vec::new(),
            started: 0,
            capacity,
            takes: |_| Some(5),
            done: Vec::new(),
        };
        for _ in 0..servers {
            world.add(Some(0));
        }
        world
    }

    fn add(&mut self, ready_at: Option<u64>) {
        self.started += 1;
        self.servers.push(Server {
            replica: format!("gameserver-{}", self.started),
            ready_at,
            is_draining: false,
            matches: Vec::new(),
        });
    }

    /// Lets `server` have so many matches that do not end.
    fn occupy(&mut self, server: usize, matches: u32) {
        let endless = (u64::MAX, 8);
        self.servers[server].matches = vec![endless; matches as usize];
    }

    fn seen(&self) -> Vec<Seen> {
        let seen = self.servers.iter().map(|server| Seen {
            replica: server.replica.clone(),
            phase: match server.is_draining {
                true => Phase::Draining,
                false if server.is_ready(self.now) => Phase::Ready,
                false => Phase::Starting,
            },
            matches: server.matches.len() as u32,
            capacity: self.capacity,
            players: server.matches.iter().map(|(_, players)| players).sum(),
        });
        seen.collect()
    }

    /// A second passes.
    fn look(&mut self) {
        self.now += 1;
        let seen = self.seen();
        let Some(action) = self.plan.next(Duration::from_secs(self.now), &seen) else {
            return;
        };
        match &action {
            Action::Start { .. } => {
                let takes = (self.takes)(self.started);
                self.add(takes.map(|takes| self.now + takes));
            }
            Action::Stop { replica, .. } => {
                let ended = self.take(replica);
                assert!(ended.matches.is_empty(), "a match was stopped");
                assert!(self.servers.iter().any(|other| other.is_ready(self.now)));
            }
            Action::GiveUp { replica } => {
                assert!(!self.take(replica).is_ready(self.now));
            }
        }
        self.done.push((self.now, action));
    }

    fn take(&mut self, replica: &str) -> Server {
        let mut all = self.servers.iter();
        let place = all.position(|server| server.replica == replica);
        self.servers.remove(place.expect("there is no such server"))
    }

    fn looks(&mut self, seconds: u64) {
        for _ in 0..seconds {
            self.look();
        }
    }

    fn free(&self) -> u32 {
        let ready = self.servers.iter().filter(|one| one.is_ready(self.now));
        ready
            .map(|one| self.capacity - one.matches.len() as u32)
            .sum()
    }

    /// Lets one more play, as the directory does: in a match that gathers, or else in a new one, on the fullest server that has room.
    /// Gives whether there was room.
    fn play(&mut self) -> bool {
        let (now, capacity) = (self.now, self.capacity as usize);
        // Matches gather for ten seconds, and differ by some seconds after that, as real ones do.
        let is_open = |(ends_at, players): &(u64, u32)| *ends_at > now + 70 && *players < 8;
        let ready = self.servers.iter_mut().filter(|one| one.is_ready(now));
        let mut all = ready.flat_map(|server| &mut server.matches);
        if let Some((_, players)) = all.find(|one| is_open(one)) {
            *players += 1;
            return true;
        }
        let ends_at = now + 80 + now * 7 % 20;
        let ready = self.servers.iter_mut();
        let ready = ready.filter(|one| one.is_ready(now) && one.matches.len() < capacity);
        let fullest = ready.max_by_key(|one| one.matches.len());
        fullest
            .map(|server| server.matches.push((ends_at, 1)))
            .is_some()
    }
}

fn stop(replica: &str, free: u32) -> Action {
    let replica = replica.to_owned();
    Action::Stop { replica, free }
}

#[test]
fn one_is_started_when_room_is_missing_and_no_second_one_while_it_comes() {
    let mut world = World::of(1, 10, None);
    world.looks(60);
    assert_eq!(world.done, [], "ten are free, and ten shall be");
    world.occupy(0, 1);
    world.looks(60);
    let start = Action::Start {
        free: 9,
        buffer: 10,
    };
    assert_eq!(world.done, [(63, start)]);
    assert_eq!(world.free(), 19);
}

#[test]
fn a_larger_buffer_takes_as_many_as_it_needs() {
    let mut world = World::of(1, 10, Some(35));
    world.looks(200);
    assert_eq!(world.servers.len(), 4);
    assert_eq!(world.done.len(), 3, "{:?}", world.done);
    assert!(world.done[2].0 <= 12, "{:?}", world.done);
}

#[test]
fn where_there_is_none_one_is_started() {
    let mut world = World::of(0, 10, None);
    world.looks(100);
    assert_eq!(world.servers.len(), 1, "{:?}", world.done);
    assert_eq!(world.free(), 10);
}

#[test]
fn one_without_matches_is_stopped_after_half_a_minute_and_the_last_one_never() {
    let mut world = World::of(3, 10, None);
    world.looks(30);
    assert_eq!(world.done, []);
    world.look();
    assert_eq!(world.done, [(31, stop("gameserver-3", 20))]);
    world.look();
    assert_eq!(world.done[1..], [(32, stop("gameserver-2", 10))]);
    world.looks(600);
    assert_eq!(world.done.len(), 2);
    // Even where nothing shall be free.
    let mut world = World::of(1, 10, Some(0));
    world.looks(600);
    assert_eq!(world.done, []);
}

#[test]
fn who_has_a_match_or_a_player_is_not_stopped() {
    let mut world = World::of(4, 10, None);
    for server in 0..3 {
        world.occupy(server, 1);
    }
    world.servers[3].matches = vec![(u64::MAX, 1)];
    world.looks(600);
    assert_eq!(world.done, []);
    // In the moment in which it has none, its half minute begins.
    world.servers[1].matches.clear();
    world.looks(29);
    world.occupy(1, 1);
    world.look();
    world.servers[1].matches.clear();
    world.looks(30);
    assert_eq!(world.done, []);
    world.look();
    assert_eq!(world.done, [(661, stop("gameserver-2", 27))]);
}

#[test]
fn who_drains_or_is_lost_has_no_room() {
    for phase in [Phase::Draining, Phase::Lost] {
        let world = World::of(2, 10, None);
        let mut seen = world.seen();
        seen[1].phase = phase;
        seen[0].matches = 1;
        let mut plan = Plan::new(None);
        let at = Duration::from_secs;
        assert_eq!(plan.next(at(0), &seen), None);
        let start = Action::Start {
            free: 9,
            buffer: 10,
        };
        assert_eq!(plan.next(at(2), &seen), Some(start));
    }
}

/// All of them look lost for a moment after the directory was away.
#[test]
fn what_is_missing_for_a_moment_starts_nothing() {
    let world = World::of(2, 10, None);
    let mut lost = world.seen();
    lost.iter_mut().for_each(|one| one.phase = Phase::Lost);
    let mut plan = Plan::new(None);
    for second in 0..100 {
        let seen = if second % 3 == 0 {
            world.seen()
        } else {
            lost.clone()
        };
        let action = plan.next(Duration::from_secs(second), &seen);
        assert_eq!(action, None);
    }
    // Nor what is missing before and after a time in which nobody could look.
    plan.next(Duration::from_secs(101), &lost);
    plan.forget();
    assert_eq!(plan.next(Duration::from_secs(200), &lost), None);
}

#[test]
fn one_that_does_not_get_ready_is_ended_and_started_less_and_less_often() {
    let mut world = World::of(1, 10, None);
    world.occupy(0, 1);
    world.takes = |_| None;
    world.looks(3_600);
    let starts = world.done.iter();
    let starts = starts.filter(|(_, action)| matches!(action, Action::Start { .. }));
    let starts: Vec<u64> = starts.map(|(at, _)| *at).collect();
    // Sixty seconds of hope, and a pause that doubles.
    assert_eq!(starts[..4], [3, 94, 215, 396]);
    assert!(starts.len() < 12, "{starts:?}");
    // The first that gets ready ends the pause.
    world.takes = |_| Some(5);
    world.looks(700);
    assert_eq!(world.free(), 19);
    world.occupy(0, 10);
    world.occupy(1, 1);
    let before = world.done.len();
    world.looks(5);
    assert_eq!(world.done.len(), before + 1);
}

#[test]
fn there_are_never_more_than_twenty() {
    let mut world = World::of(1, 1, Some(1000));
    world.looks(600);
    assert_eq!(world.servers.len(), MOST);
}

/// G10: as many are free as shall be, and then one less, again and again; one is stuck at its start, and one drains.
#[test]
fn at_the_threshold_little_is_started_and_stopped() {
    for period in 1..=180 {
        for phase in (0..period).step_by(7) {
            let mut world = World::of(2, 10, None);
            world.add(None);
            world.add(Some(0));
            world.servers[3].is_draining = true;
            world.occupy(3, 5);
            world.occupy(1, 5);
            for second in 0..180 {
                let is_busy = (second + phase) % period < period / 2;
                world.occupy(0, if is_busy { 6 } else { 5 });
                world.look();
            }
            let done = &world.done;
            assert!(done.len() <= 4, "with a period of {period} s: {done:?}");
        }
    }
}

/// 5 players, 500, and 5 again within ten minutes, who play matches of eight of about a minute.
#[test]
fn an_evening_goes_by_and_nobody_is_refused() {
    for capacity in [10, 20, 50] {
        let mut world = World::of(1, capacity, None);
        let (mut servers, mut most_idle) = (0, 0);
        for second in 0..900_u64 {
            let now = world.now;
            let playing: u32 = world
                .servers
                .iter_mut()
                .flat_map(|server| {
                    server.matches.retain(|(ends_at, _)| *ends_at > now);
                    &server.matches
                })
                .map(|(_, players)| *players)
                .sum();
            let wanted = 5 + second.min(600 - second.min(600)) * 495 / 300;
            for _ in playing..u32::try_from(wanted).unwrap() {
                assert!(world.play(), "refused after {now} s");
            }
            world.look();
            let idle = |server: &&Server| server.is_ready(now) && server.matches.is_empty();
            most_idle = most_idle.max(world.servers.iter().filter(idle).count());
            servers = servers.max(world.servers.len());
        }
        println!("{capacity} matches each: {servers} servers at most, {most_idle} of them idle");
        assert!(servers > 1, "{servers}");
        // One for the buffer, and one that is about to be stopped.
        assert!(
            most_idle <= 2,
            "{most_idle} idle with {capacity} matches each"
        );
        assert_eq!(
            world.servers.len(),
            2 - usize::from(world.free() == capacity)
        );
    }
}
