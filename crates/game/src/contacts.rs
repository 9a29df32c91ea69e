//! Goats that touch: they hit each other, bump into each other, and make room.
//!
//! What they do is gathered first, and then done to all at once: the first seat has nothing of being first.

use crate::{
    direction::ONE,
    goat::{Goat, RADIUS, faint_ticks, length, throw_speed},
    scale::MAX_SEATS,
};

/// So often goats make room if they are still too close: two have enough of it after the first time, a crowd after a few more.
const ROUNDS: usize = 6;

/// What the others do to a goat.
#[derive(Clone, Copy, Default)]
struct Effect {
    /// Somebody hits it: for so many ticks it faints.
    faints_for: u8,
    /// It hits somebody.
    hits: bool,
    /// What it gains of speed.
    push: (i32, i32),
}

/// Lets all goats that touch act on each other.
pub(crate) fn resolve(goats: &mut [Goat]) {
    let mut effects = [Effect::default(); MAX_SEATS];
    let mut is_crowded = false;
    for_each_contact(goats, |contact, first, second| {
        is_crowded = true;
        let (to_first, to_second) = contact.effects(&goats[first], &goats[second]);
        effects[first].add(to_first);
        effects[second].add(to_second);
    });
    if !is_crowded {
        return;
    }
    for (goat, effect) in goats.iter_mut().zip(effects) {
        effect.apply(goat);
    }
    make_room(goats);
}

/// Moves goats apart that are too close.
fn make_room(goats: &mut [Goat]) {
    for _ in 0..ROUNDS {
        let mut shifts = [(0, 0); MAX_SEATS];
        let mut is_crowded = false;
        for_each_contact(goats, |contact, first, second| {
            is_crowded = true;
            // Half of it each, and a little more, because of what is lost by rounding.
            let (x, y) = scaled(contact.normal, contact.overlap / 2 + 1);
            shifts[first].0 -= x;
            shifts[first].1 -= y;
            shifts[second].0 += x;
            shifts[second].1 += y;
        });
        if !is_crowded {
            break;
        }
        for (goat, (x, y)) in goats.iter_mut().zip(shifts) {
            goat.move_by(x, y);
        }
    }
}

fn for_each_contact(goats: &[Goat], mut then: impl FnMut(Contact, usize, usize)) {
    for first in 0..goats.len() {
        for second in first + 1..goats.len() {
            if let Some(contact) = Contact::between(&goats[first], &goats[second]) {
                then(contact, first, second);
            }
        }
    }
}

/// How one goat touches another.
struct Contact {
    /// From the one to the other, `ONE` long.
    normal: (i32, i32),
    /// By how much they are too close, in sub-units.
    overlap: i32,
}

impl Contact {
    fn between(one: &Goat, other: &Goat) -> Option<Contact> {
        if !one.is_up() || !other.is_up() {
            return None;
        }
        let (x, y) = (other.x - one.x, other.y - one.y);
        if x.abs() >= 2 * RADIUS || y.abs() >= 2 * RADIUS {
            return None;
        }
        let distance = length(x, y);
        if distance >= 2 * RADIUS {
            return None;
        }
        let normal = match distance {
            0 => (ONE, 0),
            _ => (x * ONE / distance, y * ONE / distance),
        };
        Some(Contact {
            normal,
            overlap: 2 * RADIUS - distance,
        })
    }

    fn effects(&self, one: &Goat, other: &Goat) -> (Effect, Effect) {
        let away = self.normal;
        let back = (-away.0, -away.1);
        let (mut to_one, mut to_other) = (Effect::default(), Effect::default());
        let (one_hits, other_hits) = (hits(one, away), hits(other, back));
        if one_hits {
            to_other.is_hit_by(one, away);
        }
        if other_hits {
            to_one.is_hit_by(other, back);
        }
        to_one.hits = one_hits;
        to_other.hits = other_hits;
        if !one_hits && !other_hits {
            let closing = along((one.vx - other.vx, one.vy - other.vy), away);
            // Each gives three quarters of it to the other: goats are neither clay nor billiard balls.
            let given = closing.max(0) * 3 / 4;
            to_one.push = scaled(back, given);
            to_other.push = scaled(away, given);
        }
        (to_one, to_other)
    }
}

/// Whether a goat lunges at whoever is in this direction: at most 60 degrees to a side of its head.
fn hits(goat: &Goat, to: (i32, i32)) -> bool {
    goat.lunge > 0 && along(goat.facing.vector(), to) >= ONE / 2
}

impl Effect {
    /// It flies half to where the butt was aimed, and half to where it was hit.
    fn is_hit_by(&mut self, goat: &Goat, away: (i32, i32)) {
        let (x, y) = goat.facing.vector();
        let speed = throw_speed(goat.force);
        self.faints_for = faint_ticks(goat.force);
        self.push = scaled(((x + away.0) / 2, (y + away.1) / 2), speed);
    }

    fn add(&mut self, more: Effect) {
        self.faints_for = self.faints_for.max(more.faints_for);
        self.hits |= more.hits;
        self.push.0 += more.push.0;
        self.push.1 += more.push.1;
    }

    fn apply(self, goat: &mut Goat) {
        if self.faints_for > 0 {
            goat.faint(self.faints_for, self.push.0, self.push.1);
        } else {
            if self.hits {
                goat.spend_lunge();
            }
            goat.push(self.push.0, self.push.1);
        }
    }
}

/// How far a vector goes in a direction.
fn along(vector: (i32, i32), direction: (i32, i32)) -> i32 {
    (vector.0 * direction.0 + vector.1 * direction.1) / ONE
}

fn scaled(direction: (i32, i32), by: i32) -> (i32, i32) {
    (direction.0 * by / ONE, direction.1 * by / ONE)
}
