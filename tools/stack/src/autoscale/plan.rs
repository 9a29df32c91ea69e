//! When a game server is to be started, and when one is to be stopped.

use std::{collections::BTreeMap, fmt, time::Duration};

/// Room must be missing for so long before something is started. A directory that was away counts everybody as lost for a moment.
const MISSING_FOR: Duration = Duration::from_secs(2);

/// A server must be needless for so long before it is stopped, and for longer if the last one that was stopped was missed.
const NEEDLESS_FOR: Duration = Duration::from_secs(30);
const NEEDLESS_AT_MOST: Duration = Duration::from_secs(8 * 60);

/// How long a server may be starting.
const READY_WITHIN: Duration = Duration::from_secs(60);

/// How long nothing is started after a start that came to nothing: twice as long with each that follows.
const BACKOFF: Duration = Duration::from_secs(30);
const BACKOFF_AT_MOST: Duration = Duration::from_secs(10 * 60);

/// There are never more than this, whatever is missing. It is a machine of somebody who learns.
const MOST: usize = 20;

/// A replica of the game server, as it is seen from outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Seen {
    pub replica: String,
    pub phase: Phase,
    pub matches: u32,
    pub capacity: u32,
    pub players: u32,
}

/// What it is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    /// It was started, and has never been reached.
    Starting,
    /// It takes matches.
    Ready,
    /// It takes none, and ends.
    Draining,
    /// It was reached once, and is not any more.
    Lost,
}

/// The one thing to be done next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Action {
    /// One more is started.
    Start { free: u32, buffer: u32 },
    /// This one is told to stop.
    Stop { replica: String, free: u32 },
    /// This one has not got ready, and is ended.
    GiveUp { replica: String },
}

/// What was seen so far, as far as it decides what is done next.
///
/// It has no clock and asks nobody, so tests can play whole evenings in a moment. Times are counted from any one moment.
#[derive(Debug)]
pub(super) struct Plan {
    /// For how many matches there shall be room; if it is none, for as many as one server has.
    buffer: Option<u32>,
    /// For how many matches a server has room, once one was seen.
    capacity: Option<u32>,
    missing_since: Option<Duration>,
    starting_since: BTreeMap<String, Duration>,
    /// Since when each of those that are ready has had no match and no player.
    idle_since: BTreeMap<String, Duration>,
    /// Since when one could be done without, since when two, and so on.
    needless_since: Vec<Duration>,
    /// For how long that must be so.
    patience: Duration,
    stopped_at: Option<Duration>,
    /// Starts in a row that came to nothing.
    failed: u32,
    not_before: Duration,
}

impl Plan {
    /// Nothing was seen yet.
    pub(super) fn new(buffer: Option<u32>) -> Plan {
        Plan {
            buffer,
            capacity: None,
            missing_since: None,
            starting_since: BTreeMap::new(),
            idle_since: BTreeMap::new(),
            needless_since: Vec::new(),
            patience: NEEDLESS_FOR,
            stopped_at: None,
            failed: 0,
            not_before: Duration::ZERO,
        }
    }

    /// What is to be done, now that this was seen: all replicas, the oldest first. It must be done before the next is asked for.
    pub(super) fn next(&mut self, now: Duration, seen: &[Seen]) -> Option<Action> {
        self.note_starts(now, seen);
        if let Some(replica) = self.stuck(now) {
            self.start_failed(now);
            return Some(Action::GiveUp { replica });
        }
        let room = Room::of(seen);
        self.capacity = room.capacity.or(self.capacity);
        let buffer = self.buffer.or(self.capacity).unwrap_or(1);
        let action = self.start(now, &room, buffer);
        action.or_else(|| self.stop(now, seen, &room, buffer))
    }

    /// Nothing could be seen. What must be so for a while must be seen to be so.
    pub(super) fn forget(&mut self) {
        self.missing_since = None;
        self.idle_since.clear();
        self.needless_since.clear();
    }

    /// A start came to nothing.
    pub(super) fn start_failed(&mut self, now: Duration) {
        let wait = BACKOFF.saturating_mul(1 << self.failed.min(10));
        self.not_before = now + wait.min(BACKOFF_AT_MOST);
        self.failed += 1;
    }

    fn note_starts(&mut self, now: Duration, seen: &[Seen]) {
        let mut before = std::mem::take(&mut self.starting_since);
        for Seen { replica, phase, .. } in seen {
            let since = before.remove(replica);
            match phase {
                Phase::Starting => {
                    let since = since.unwrap_or(now);
                    self.starting_since.insert(replica.clone(), since);
                }
                Phase::Ready if since.is_some() => self.failed = 0,
                _ => {}
            }
        }
    }

    /// One that should be ready by now. It is named once, and has as long again if it is still there after that.
    fn stuck(&mut self, now: Duration) -> Option<String> {
        let mut starting = self.starting_since.iter();
        let stuck = starting.find(|(_, since)| now >= **since + READY_WITHIN);
        let replica = stuck.map(|(replica, _)| replica.clone())?;
        self.starting_since.remove(&replica);
        Some(replica)
    }

    fn start(&mut self, now: Duration, room: &Room, buffer: u32) -> Option<Action> {
        let starting = self.starting_since.len();
        // As long as nobody knows what one has room for, one that comes is enough.
        let coming = self.capacity.unwrap_or(buffer);
        let coming = coming.saturating_mul(u32::try_from(starting).unwrap_or(u32::MAX));
        if room.free.saturating_add(coming) >= buffer {
            self.missing_since = None;
            return None;
        }
        let since = *self.missing_since.get_or_insert(now);
        let is_time = now >= since + MISSING_FOR && now >= self.not_before;
        if !is_time || room.running >= MOST {
            return None;
        }
        let is_missed = |at| now < at + 2 * self.patience;
        self.patience = if self.stopped_at.is_some_and(is_missed) {
            NEEDLESS_AT_MOST.min(2 * self.patience)
        } else {
            NEEDLESS_FOR
        };
        self.missing_since = None;
        let free = room.free;
        Some(Action::Start { free, buffer })
    }

    fn stop(&mut self, now: Duration, seen: &[Seen], room: &Room, buffer: u32) -> Option<Action> {
        let before = std::mem::take(&mut self.idle_since);
        for one in seen.iter().filter(|one| one.is_idle()) {
            let since = before.get(&one.replica).copied().unwrap_or(now);
            self.idle_since.insert(one.replica.clone(), since);
        }
        let each = self.capacity.unwrap_or(1).max(1);
        let needless = room.free.saturating_sub(buffer) / each;
        // The last one is never needless.
        let needless = (needless as usize).min(room.ready.saturating_sub(1));
        self.needless_since
            .resize(needless.min(self.idle_since.len()), now);

        let is_over = |since: &Duration| now >= *since + self.patience;
        self.needless_since.first().filter(|since| is_over(since))?;
        // The youngest of them: the oldest have proven themselves.
        let mut youngest_first = seen.iter().rev();
        let stopped =
            youngest_first.find(|one| self.idle_since.get(&one.replica).is_some_and(is_over))?;
        self.needless_since.remove(0);
        self.stopped_at = Some(now);
        Some(Action::Stop {
            replica: stopped.replica.clone(),
            free: room.free - stopped.capacity,
        })
    }
}

impl Seen {
    fn is_idle(&self) -> bool {
        self.phase == Phase::Ready && self.matches == 0 && self.players == 0
    }
}

/// What all of them have room for.
struct Room {
    /// More matches.
    free: u32,
    /// For how many one server has room, if one is ready.
    capacity: Option<u32>,
    ready: usize,
    /// Whatever they do.
    running: usize,
}

impl Room {
    fn of(seen: &[Seen]) -> Room {
        let ready = || seen.iter().filter(|one| one.phase == Phase::Ready);
        let free = ready().map(|one| one.capacity.saturating_sub(one.matches));
        Room {
            free: free.fold(0, u32::saturating_add),
            capacity: ready().map(|one| one.capacity).max(),
            ready: ready().count(),
            running: seen.len(),
        }
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Action::Start { free, buffer } => write!(
                f,
                "There is room for {free} more matches, and there shall be for {buffer}: one more game server starts."
            ),
            Action::Stop { replica, free } => write!(
                f,
                "{replica} has no match, and there is room for {free} without it: it stops."
            ),
            Action::GiveUp { replica } => write!(
                f,
                "{replica} has not got ready within {} seconds: it is ended.",
                READY_WITHIN.as_secs()
            ),
        }
    }
}

#[cfg(test)]
#[path = "plan_tests.rs"]
mod tests;
