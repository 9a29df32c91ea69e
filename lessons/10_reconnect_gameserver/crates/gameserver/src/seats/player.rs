//! Somebody who has a seat, whether here or away.

use std::{sync::Arc, time::Duration};

use axum::{body::Bytes, extract::ws::Utf8Bytes};
use game::Input;
use matches::Nonce;
use protocol::{CloseReason, PlayerId, game::SeatHolder};
use tokio::time::Instant;

use super::{
    inputs::{Inputs, Taken},
    listener::Listener,
    tokens::Tokens,
    window::Window,
};

/// Whoever holds a key says so four times a second. When three of these words are missing nobody knows what is held.
const SILENT_AFTER: Duration = Duration::from_millis(750);

/// The same for whoever holds nothing. Browsers let hidden pages say something once a second only.
const SILENT_AT_REST_AFTER: Duration = Duration::from_millis(2_500);

/// Who sits on a seat, as the ticket said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sitter {
    /// Which player.
    pub player: PlayerId,
    /// What the others may call this player.
    pub name: String,
    /// Under which number the seat was given. Whoever comes to the same seat later has another one.
    pub nonce: Nonce,
}

/// A socket of a player.
pub struct Line {
    /// No other socket of this match has the same number.
    pub number: u64,
    /// How its player is told of the match.
    pub listener: Arc<dyn Listener>,
}

/// Whether a player is here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Presence {
    /// The goat obeys.
    Here,
    /// The goat lies where it is, and until then nobody else has it.
    Away { until: Instant },
    /// A bot has it. The player may still take it back.
    Replaced,
}

/// Somebody who has a seat.
pub struct Player {
    /// Who it is.
    pub sitter: Sitter,
    /// What brings this player back.
    pub tokens: Tokens,
    /// What this player does.
    pub inputs: Inputs,
    /// What this player has seen.
    pub window: Window,
    /// The goat has no lives left. Its player may look on, but has no seat here any more, as far as the directory is concerned.
    pub is_out: bool,
    presence: Presence,
    /// None while the player has no socket. One that says nothing is still one, and snapshots may get through.
    line: Option<Line>,
    /// When the last input came; none on a socket, or in a match, for which there was none yet.
    heard_at: Option<Instant>,
}

impl Player {
    /// Somebody who comes and has done nothing yet.
    #[must_use]
    pub fn new(sitter: Sitter, line: Line, window: Window) -> Player {
        Player {
            sitter,
            tokens: Tokens::new(),
            inputs: Inputs::default(),
            window,
            is_out: false,
            presence: Presence::Here,
            line: Some(line),
            heard_at: None,
        }
    }

    /// Comes to the same seat on another socket. Whoever listened on the older one is told, and has to go.
    pub fn come_back(&mut self, line: Line, window: Window) {
        self.end(CloseReason::Replaced);
        self.inputs.count_anew();
        self.window = window;
        self.presence = Presence::Here;
        self.line = Some(line);
        self.heard_at = None;
    }

    /// A match begins, and what was done and seen before does not count.
    pub fn begin(&mut self, window: Window) {
        self.inputs.begin();
        self.window = window;
        self.heard_at = None;
    }

    /// Whether this is the player's newest socket.
    #[must_use]
    pub fn is_on(&self, socket: u64) -> bool {
        self.line.as_ref().is_some_and(|line| line.number == socket)
    }

    /// The player has done something. Gives what becomes of that, and whether the player was away.
    pub fn hear(&mut self, number: u16, input: Input, now: Instant) -> (Taken, bool) {
        let was_away = self.presence != Presence::Here;
        self.presence = Presence::Here;
        self.heard_at = Some(now);
        (self.inputs.push(number, input), was_away)
    }

    /// What the goat does in this tick; nothing if a bot has it.
    pub fn input(&mut self, tick: u32) -> Option<Input> {
        match self.presence {
            Presence::Here => Some(self.inputs.take(tick)),
            Presence::Away { .. } => Some(Input::default()),
            Presence::Replaced => None,
        }
    }

    /// The player's socket has ended.
    pub fn lose_line(&mut self, until: Instant) {
        self.line = None;
        if self.presence == Presence::Here {
            self.faint(until);
        }
    }

    /// Lets the goat faint if its player has said nothing for too long. Gives whether that is so now and was not before.
    pub fn faint_if_silent(&mut self, now: Instant, grace: Duration) -> bool {
        let patience = if self.inputs.is_at_rest() {
            SILENT_AT_REST_AFTER
        } else {
            SILENT_AFTER
        };
        let is_silent = self.heard_at.is_some_and(|at| now - at >= patience);
        // Who has no goat any more only looks on, and need not say anything.
        let faints = is_silent && !self.is_out && self.presence == Presence::Here;
        if faints {
            self.faint(now + grace);
        }
        faints
    }

    /// Whether the player is away, and was waited for long enough.
    #[must_use]
    pub fn is_overdue(&self, now: Instant) -> bool {
        matches!(self.presence, Presence::Away { until } if until <= now)
    }

    /// Until when somebody is waited for who is away.
    #[must_use]
    pub fn awaited_until(&self) -> Option<Instant> {
        match self.presence {
            Presence::Away { until } => Some(until),
            Presence::Here | Presence::Replaced => None,
        }
    }

    /// A bot has the goat from now on.
    pub fn replace(&mut self) {
        self.presence = Presence::Replaced;
    }

    /// Whether the match goes on for this player.
    #[must_use]
    pub fn is_in_play(&self) -> bool {
        match self.presence {
            Presence::Here => true,
            Presence::Away { .. } => !self.is_out,
            Presence::Replaced => false,
        }
    }

    /// Whether the player looks on, or is waited for.
    #[must_use]
    pub fn may_look(&self) -> bool {
        self.line.is_some() || matches!(self.presence, Presence::Away { .. })
    }

    /// Who plays the goat.
    #[must_use]
    pub fn holder(&self) -> SeatHolder {
        match self.presence {
            Presence::Here => SeatHolder::Player,
            Presence::Away { .. } => SeatHolder::Away,
            Presence::Replaced => SeatHolder::Bot,
        }
    }

    /// Tells the player something, where there is a socket.
    pub fn tell(&self, frame: &Utf8Bytes) {
        if let Some(line) = &self.line {
            line.listener.tell(frame);
        }
    }

    /// Shows the player the snapshot of a tick. Gives whether it is sent; none without a socket.
    pub fn show(&mut self, snapshot: &Bytes, tick: u32) -> Option<bool> {
        let line = self.line.as_ref()?;
        let lets_through = self.window.lets_through(tick);
        if lets_through {
            line.listener.show(snapshot);
        }
        Some(lets_through)
    }

    /// Says that there is nothing more to hear on the player's socket.
    pub fn end(&self, reason: CloseReason) {
        if let Some(line) = &self.line {
            line.listener.end(reason);
        }
    }

    fn faint(&mut self, until: Instant) {
        self.presence = Presence::Away { until };
        self.inputs.let_go();
    }
}
