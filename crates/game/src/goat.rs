//! A goat, and what it does by itself.

use crate::{
    direction::{Direction, ONE},
    input::Input,
    scale::{UNITS, root},
};

/// Lives that a goat has at first.
pub const LIVES: u8 = 3;

/// Ticks after which a butt is charged fully.
pub const MAX_CHARGE: u8 = 20;

/// How large a goat is, from its middle to its edge, in sub-units.
pub const RADIUS: i32 = 16 * UNITS;

/// How far from the middle of the mountain a goat can be, along each axis, in sub-units: it falls long before.
pub(crate) const MAX_PLACE: i32 = 480 * UNITS;

/// The most that a goat can do in a tick, in sub-units.
pub(crate) const MAX_SPEED: i32 = 40 * UNITS;

/// The longest that a lunge can go on, in ticks.
pub(crate) const MAX_LUNGE: u8 = lunge_ticks(MAX_CHARGE);

/// The longest that a goat lies there, in ticks.
pub(crate) const MAX_FAINT: u8 = faint_ticks(MAX_CHARGE);

/// Ticks from a fall to the return.
pub(crate) const CLIMB_TICKS: u8 = 40;

/// What walking goats and creeping ones gain in a tick, in sub-units a tick. They lose a quarter of their speed in each, so they get
/// to four times as much.
const WALK: i32 = 2 * UNITS;
const CREEP: i32 = 3 * UNITS / 4;

/// Where a goat is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Standing {
    /// On the mountaintop.
    Up,
    /// It fell, and will be back. Its place and speed stay those at which it fell.
    Climbing {
        /// Ticks until it is back: 1 to 40.
        ticks_left: u8,
    },
    /// It fell, and has no lives left.
    Out,
}

/// A goat.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Goat {
    /// Its middle, in sub-units from the middle of the mountain, to the east.
    pub x: i32,
    /// The same to the south: y grows downwards.
    pub y: i32,
    /// Its speed to the east, in sub-units a tick.
    pub vx: i32,
    /// Its speed to the south.
    pub vy: i32,
    /// Where it looks, and would lunge to.
    pub facing: Direction,
    /// For how many ticks its butt has been charged: 0 to 20. 0 means that it is not charging.
    pub charge: u8,
    /// For how many ticks it goes on with its lunge: 0 to 7. Who is in its way meanwhile is hit.
    pub lunge: u8,
    /// How long that lunge was charged: 1 to 20; 0 if it does not lunge.
    pub force: u8,
    /// For how many ticks it still lies there with stiff legs because it was hit: 0 to 14.
    pub fainted: u8,
    /// Falls that it can afford, and the one that it cannot: 0 to 3. It is out exactly if it has none.
    pub lives: u8,
    /// Where it is.
    pub standing: Standing,
}

impl Goat {
    pub(crate) fn new(x: i32, y: i32) -> Goat {
        Goat {
            x,
            y,
            vx: 0,
            vy: 0,
            facing: Direction::towards(-x, -y),
            charge: 0,
            lunge: 0,
            force: 0,
            fainted: 0,
            lives: LIVES,
            standing: Standing::Up,
        }
    }

    /// Whether it is on the mountaintop.
    #[must_use]
    pub fn is_up(&self) -> bool {
        self.standing == Standing::Up
    }

    /// Does what its player says, as far as it can.
    pub(crate) fn obey(&mut self, input: Input) {
        if !self.is_up() {
            return;
        }
        if self.fainted > 0 {
            // Stiff legs slide.
            self.fainted -= 1;
            self.slow_down(7, 8);
            return;
        }
        if self.lunge > 0 {
            self.lunge -= 1;
        }
        if self.lunge == 0 {
            self.force = 0;
            self.walk(input);
        }
        if input.hold {
            self.charge = MAX_CHARGE.min(self.charge + 1);
        } else if self.charge > 0 {
            // Also out of a lunge, which goes on to where its player has turned by now.
            self.facing = input.direction.unwrap_or(self.facing);
            self.let_go();
        }
    }

    /// Goes on for the `part`-th part of a tick.
    pub(crate) fn advance(&mut self, part: i32) {
        if self.is_up() {
            self.move_by(self.vx / part, self.vy / part);
        }
    }

    pub(crate) fn move_by(&mut self, x: i32, y: i32) {
        self.x = (self.x + x).clamp(-MAX_PLACE, MAX_PLACE);
        self.y = (self.y + y).clamp(-MAX_PLACE, MAX_PLACE);
    }

    /// Is hit, and gets this speed by it.
    pub(crate) fn faint(&mut self, ticks: u8, vx: i32, vy: i32) {
        self.fainted = self.fainted.max(ticks);
        self.charge = 0;
        self.slow_down(1, 4);
        self.end_lunge();
        self.push(vx, vy);
    }

    /// Has hit somebody, and stops.
    pub(crate) fn spend_lunge(&mut self) {
        self.end_lunge();
        self.slow_down(1, 4);
    }

    pub(crate) fn push(&mut self, vx: i32, vy: i32) {
        self.vx += vx;
        self.vy += vy;
        let speed = length(self.vx, self.vy);
        if speed > MAX_SPEED {
            self.slow_down(MAX_SPEED, speed);
        }
    }

    /// Falls off the mountain.
    pub(crate) fn fall(&mut self) {
        self.lives = self.lives.saturating_sub(1);
        self.charge = 0;
        self.fainted = 0;
        self.end_lunge();
        self.standing = match self.lives {
            0 => Standing::Out,
            _ => Standing::Climbing {
                ticks_left: CLIMB_TICKS,
            },
        };
    }

    /// Is back on the mountaintop.
    pub(crate) fn come_back(&mut self, x: i32, y: i32) {
        *self = Goat {
            lives: self.lives,
            ..Goat::new(x, y)
        };
    }

    /// The square of the distance between two goats' middles.
    pub(crate) fn square_from(&self, x: i32, y: i32) -> i64 {
        square(self.x - x, self.y - y)
    }

    fn walk(&mut self, input: Input) {
        self.slow_down(3, 4);
        if let Some(direction) = input.direction {
            self.facing = direction;
            let (x, y) = direction.vector();
            let gain = if input.hold { CREEP } else { WALK };
            self.vx += x * gain / ONE;
            self.vy += y * gain / ONE;
        }
    }

    fn let_go(&mut self) {
        self.force = self.charge;
        self.lunge = lunge_ticks(self.force);
        self.charge = 0;
        let (x, y) = self.facing.vector();
        let speed = lunge_speed(self.force);
        self.vx = x * speed / ONE;
        self.vy = y * speed / ONE;
    }

    fn end_lunge(&mut self) {
        self.lunge = 0;
        self.force = 0;
    }

    /// Keeps so much of its speed. Rounded towards zero, so that whatever slides comes to rest.
    fn slow_down(&mut self, share: i32, of: i32) {
        self.vx = self.vx * share / of;
        self.vy = self.vy * share / of;
    }
}

/// How long a lunge goes on, by its force, in ticks: 3 to 7.
pub(crate) const fn lunge_ticks(force: u8) -> u8 {
    3 + force / 5
}

/// How fast a goat lunges, by the force, in sub-units a tick: at first hardly faster than it walks.
pub(crate) const fn lunge_speed(force: u8) -> i32 {
    8 * UNITS + force as i32 * UNITS / 2
}

/// How fast a goat becomes that is hit, by the force, in sub-units a tick: patience is rewarded more than haste.
pub(crate) const fn throw_speed(force: u8) -> i32 {
    120 + 20 * force as i32 + 5 * force as i32 * force as i32 / 2
}

/// How long a goat lies there that was hit, by the force, in ticks.
pub(crate) const fn faint_ticks(force: u8) -> u8 {
    4 + force / 2
}

/// The square of a vector's length.
pub(crate) fn square(x: i32, y: i32) -> i64 {
    i64::from(x) * i64::from(x) + i64::from(y) * i64::from(y)
}

/// A vector's length, rounded down.
pub(crate) fn length(x: i32, y: i32) -> i32 {
    root(square(x, y))
}
