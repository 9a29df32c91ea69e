//! Who plays a goat that nobody plays.
//!
//! A bot sees what a player sees, and remembers nothing: what it does follows from the seed, the state and its seat. So a match can be
//! played again, and another server can go on with it. It errs as people do: it aims at where a goat was a moment ago, misjudges
//! angles, lets go too late, and now and then it goes for a walk.

use crate::{
    direction::{Direction, ONE},
    goat::{Goat, RADIUS, length, lunge_speed, lunge_ticks},
    input::Input,
    mix::mix,
    scale::UNITS,
    state::State,
};

/// For so many ticks a bot stays with what it has in mind.
const WHIM: u32 = 24;

/// For so many ticks it misjudges an angle in the same way.
const SLIP: u32 = 6;

/// So often it may see that it should let go, in ticks.
const GLANCE: u32 = 8;

/// How near others must be for it to charge, from middle to middle, in sub-units.
const NEAR: i32 = 9 * RADIUS;

/// How near they must be for it to butt beside the edge, whatever comes of it.
const TOO_NEAR: i32 = 5 * RADIUS / 2;

/// What a bot does with the goat of `seat` in this state. Another seed makes other bots, and those of one match differ, too.
#[must_use]
pub fn bot(seed: u32, state: &State, seat: usize) -> Input {
    let Some(goat) = state.goats.get(seat).filter(|goat| goat.is_up()) else {
        return Input::default();
    };
    let bot = Bot::new(seed, seat, state.tick);
    if bot.is_near_the_edge(goat, state.radius) {
        return bot.flee(goat, state.radius);
    }
    // Who has begun to charge goes on: to let go somewhere would lead over the edge.
    if bot.strolls && goat.charge == 0 {
        return bot.stroll(goat);
    }
    let others = state.goats.iter().enumerate();
    let foes = others.filter(|(other, foe)| *other != seat && foe.is_up());
    let foe = foes.min_by_key(|(other, foe)| bot.reluctance(goat, *other, foe));
    match foe {
        None => bot.wait(goat),
        Some((_, foe)) if bot.sees_coming(goat, foe) => bot.dodge(goat, foe),
        Some((_, foe)) => bot.hunt(goat, foe, state.radius),
    }
}

/// What makes a bot itself, and what it has in mind just now.
struct Bot {
    /// How long it charges: 6 to 19 ticks.
    patience: u8,
    /// How far from the edge it turns back, in sub-units.
    caution: i32,
    /// How late it sees what others do: 2 to 6 ticks.
    delay: i32,
    /// By how many steps it misjudges an angle just now: at most 3.
    slip: i32,
    /// A number that stays for one whim.
    whim: u32,
    /// Whether it has something else in mind than butting.
    strolls: bool,
    /// Whether it looks out for those that butt.
    is_alert: bool,
    /// Whether it would let go just now.
    is_quick: bool,
}

impl Bot {
    fn new(seed: u32, seat: usize, tick: u32) -> Bot {
        // Salts that are not in each other's way: below a hundred the traits, from a thousand on what changes.
        let own = mix(seed, 100 + seat as u32);
        let one_of = |salt: u32, count: u32| (mix(own, salt) % count) as i32;
        // Else all would change their minds in the same tick.
        let tick = tick + own % WHIM;
        let whim = mix(own, 1_000 + tick / WHIM);
        let clumsiness = 1 + one_of(1, 3);
        Bot {
            patience: 6 + one_of(2, 14) as u8,
            caution: (20 + one_of(3, 30)) * UNITS,
            delay: 2 + one_of(4, 5),
            slip: one_of(10_000 + tick / SLIP, 2 * clumsiness as u32 + 1) - clumsiness,
            whim,
            strolls: (whim / 8).is_multiple_of(4),
            is_alert: whim.is_multiple_of(6),
            is_quick: one_of(20_000 + tick / GLANCE, 5) < 2,
        }
    }

    fn is_near_the_edge(&self, goat: &Goat, radius: i32) -> bool {
        let soon = (goat.x + 3 * goat.vx, goat.y + 3 * goat.vy);
        length(soon.0, soon.1) > radius - self.caution
    }

    /// Runs to the middle. Who was about to butt does it now, and gets away faster.
    fn flee(&self, goat: &Goat, radius: i32) -> Input {
        let inwards = direction_to(goat, (0, 0)).turned(self.slip);
        Input {
            direction: Some(inwards),
            hold: goat.charge > 0 && !is_safe(goat, inwards, radius),
        }
    }

    /// Goes for a walk.
    fn stroll(&self, goat: &Goat) -> Input {
        let turn = self.whim / 64 % u32::from(Direction::COUNT);
        Input {
            direction: Some(direction_to(goat, (0, 0)).turned(turn as i32)),
            hold: false,
        }
    }

    /// How little it feels like going for this one: the nearest is not always the dearest.
    fn reluctance(&self, goat: &Goat, other: usize, foe: &Goat) -> i32 {
        let taste = (mix(self.whim, other as u32) % 100) as i32 * UNITS;
        length(foe.x - goat.x, foe.y - goat.y) + taste
    }

    /// Nobody is there: it goes to the middle.
    fn wait(&self, goat: &Goat) -> Input {
        let is_far = length(goat.x, goat.y) > 3 * RADIUS;
        Input {
            direction: is_far.then(|| direction_to(goat, (0, 0)).turned(self.slip)),
            hold: false,
        }
    }

    /// Whether somebody is about to hit it, and it has noticed.
    fn sees_coming(&self, goat: &Goat, foe: &Goat) -> bool {
        let aim = foe
            .facing
            .number()
            .abs_diff(direction_to(foe, (goat.x, goat.y)).number());
        let is_aimed = aim <= 2 || aim >= Direction::COUNT - 2;
        let is_loaded = foe.lunge > 0 || foe.charge > 6;
        let distance = length(goat.x - foe.x, goat.y - foe.y);
        self.is_alert && is_aimed && is_loaded && distance < NEAR
    }

    /// Gets out of the way, and keeps its charge.
    fn dodge(&self, goat: &Goat, foe: &Goat) -> Input {
        let aside = if self.whim % 4 < 2 { 9 } else { -9 };
        Input {
            direction: Some(direction_to(goat, (foe.x, foe.y)).turned(aside)),
            hold: goat.charge > 0,
        }
    }

    fn hunt(&self, goat: &Goat, foe: &Goat, radius: i32) -> Input {
        let (x, y) = (foe.x - self.delay * foe.vx, foe.y - self.delay * foe.vy);
        let distance = length(x - goat.x, y - goat.y);
        if distance > NEAR {
            // Who comes from the inside pushes outwards.
            let inside = (x * 3 / 4, y * 3 / 4);
            return Input {
                direction: Some(direction_to(goat, inside).turned(self.slip)),
                hold: goat.charge > 0,
            };
        }
        let aim = direction_to(goat, (x, y)).turned(self.slip);
        let reach = lunge_speed(goat.charge) * i32::from(lunge_ticks(goat.charge)) + RADIUS;
        let is_ready = self.is_quick && goat.charge >= self.patience;
        let lets_go =
            is_ready && distance < reach && (distance < TOO_NEAR || is_safe(goat, aim, radius));
        Input {
            direction: Some(aim),
            hold: !lets_go,
        }
    }
}

/// Whether it would still be on the mountaintop if it let go now and met nobody.
fn is_safe(goat: &Goat, direction: Direction, radius: i32) -> bool {
    let (x, y) = direction.vector();
    // It slides on for a little.
    let way = lunge_speed(goat.charge) * (i32::from(lunge_ticks(goat.charge)) + 2);
    length(goat.x + x * way / ONE, goat.y + y * way / ONE) < radius
}

fn direction_to(goat: &Goat, (x, y): (i32, i32)) -> Direction {
    Direction::towards(x - goat.x, y - goat.y)
}
