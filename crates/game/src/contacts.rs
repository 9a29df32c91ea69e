//! Goats that touch: butts, bumps, and that no two are in one place.

use crate::{
    direction::ONE,
    goat::{Goat, RADIUS, faint_ticks, length, throw_speed},
    scale::MAX_SEATS,
};

/// What the others do to a goat.
#[derive(Clone, Copy, Default)]
struct Effect {
    /// Somebody hits it.
    faints_for: u8,
    /// It hits somebody.
    hits: bool,
    push: (i32, i32),
    shift: (i32, i32),
}

/// Lets all goats that touch act on each other.
///
/// What they do is gathered first, and then done to all at once: the first seat has nothing of being first.
pub(crate) fn resolve(goats: &mut [Goat]) {
    let mut effects = [Effect::default(); MAX_SEATS];
    for first in 0..goats.len() {
        for second in first + 1..goats.len() {
            let (one, other) = (&goats[first], &goats[second]);
            let Some(contact) = Contact::between(one, other) else {
                continue;
            };
            let (to_one, to_other) = contact.effects(one, other);
            effects[first].add(to_one);
            effects[second].add(to_other);
        }
    }
    for (goat, effect) in goats.iter_mut().zip(effects) {
        effect.apply(goat);
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
        // Half of it each, and a little more, because of what is lost by rounding.
        let way = self.overlap / 2 + 1;
        to_one.shift = scaled(back, way);
        to_other.shift = scaled(away, way);
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
        self.shift.0 += more.shift.0;
        self.shift.1 += more.shift.1;
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
        goat.move_by(self.shift.0, self.shift.1);
    }
}

/// How far a vector goes in a direction.
fn along(vector: (i32, i32), direction: (i32, i32)) -> i32 {
    (vector.0 * direction.0 + vector.1 * direction.1) / ONE
}

fn scaled(direction: (i32, i32), by: i32) -> (i32, i32) {
    (direction.0 * by / ONE, direction.1 * by / ONE)
}
