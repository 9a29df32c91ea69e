//! The mountaintop: how large it is, and where on it a goat begins.

use crate::{
    direction::{Direction, ONE},
    goat::{Goat, RADIUS},
    mix::mix,
    scale::{TICKS_PER_SECOND, UNITS},
};

/// How large the mountaintop is at first, from its middle to its edge, in sub-units.
pub const MAX_RADIUS: i32 = 288 * UNITS;

/// How large it is at last.
pub const MIN_RADIUS: i32 = 100 * UNITS;

/// For so many ticks it shrinks.
const SHRINKING: u32 = 60 * TICKS_PER_SECOND;

/// A goat that comes back looks for a place with so much room around it, in sub-units.
const ROOM: i32 = 6 * RADIUS;

/// Where a goat may come back: circles, in eighths of the mountaintop's radius, and where it would rather be comes first. On the
/// outermost there is a place for an eighth goat, wherever seven are.
const CIRCLES: [i32; 3] = [5, 3, 7];

/// How large the mountaintop is at a tick, in sub-units.
pub(crate) fn radius(tick: u32) -> i32 {
    // Below the length of a match, so it fits.
    let ticks = tick.min(SHRINKING) as i32;
    MAX_RADIUS - (MAX_RADIUS - MIN_RADIUS) * ticks / SHRINKING as i32
}

/// Where the goat of each seat begins: all in a circle, as far from each other as they can be. The seed says who gets which place, so
/// that nobody always has the same neighbours, and the place with more room, if they are not all alike.
pub(crate) fn starting_places(seed: u32, seats: usize) -> Vec<(i32, i32)> {
    let count = i32::from(Direction::COUNT);
    let turn = (mix(seed, 0) % u32::from(Direction::COUNT)) as i32;
    let mut places: Vec<(i32, i32)> = (0..seats)
        .map(|place| {
            let steps = turn + place as i32 * count / seats as i32;
            on_circle(MAX_RADIUS * 5 / 8, Direction::default().turned(steps))
        })
        .collect();
    for last in (1..seats).rev() {
        let with = mix(seed, last as u32) as usize % (last + 1);
        places.swap(last, with);
    }
    places
}

/// Where a goat comes back that fell at `x`, `y`: on the side on which it fell, if there is room.
pub(crate) fn free_place(radius: i32, goats: &[Goat], x: i32, y: i32) -> (i32, i32) {
    let side = Direction::towards(x, y);
    let enough = i64::from(ROOM) * i64::from(ROOM);
    let mut best = ((0, 0), -1);
    for circle in CIRCLES {
        for number in 0..i32::from(Direction::COUNT) {
            // To the right and to the left in turn, ever farther from that side.
            let steps = if number % 2 == 0 {
                -number / 2
            } else {
                number / 2 + 1
            };
            let place = on_circle(radius * circle / 8, side.turned(steps));
            let room = room_at(goats, place).min(enough);
            if room > best.1 {
                best = (place, room);
            }
        }
    }
    best.0
}

/// The square of the distance from the nearest goat.
fn room_at(goats: &[Goat], (x, y): (i32, i32)) -> i64 {
    let up = goats.iter().filter(|goat| goat.is_up());
    let distances = up.map(|goat| goat.square_from(x, y));
    distances.min().unwrap_or(i64::MAX)
}

fn on_circle(radius: i32, direction: Direction) -> (i32, i32) {
    let (x, y) = direction.vector();
    (x * radius / ONE, y * radius / ONE)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn an_eighth_goat_finds_a_place_wherever_seven_stand(
            places in prop::collection::vec((0..32_i32, 0..=8_i32, -200..200_i32), 7),
            fell in (-MAX_RADIUS..MAX_RADIUS, -MAX_RADIUS..MAX_RADIUS),
        ) {
            let goats: Vec<Goat> = places
                .iter()
                .map(|(direction, eighths, off)| {
                    let direction = Direction::default().turned(*direction);
                    let (x, y) = on_circle(MIN_RADIUS * eighths / 8, direction);
                    Goat::new(x + off, y - off)
                })
                .collect();
            let place = free_place(MIN_RADIUS, &goats, fell.0, fell.1);
            prop_assert!(room_at(&goats, place) >= i64::from(4 * RADIUS * RADIUS));
        }
    }

    #[test]
    fn who_falls_comes_back_on_the_same_side_if_there_is_room() {
        for direction in (0..32).map(|steps| Direction::default().turned(steps)) {
            let (x, y) = on_circle(MAX_RADIUS, direction);
            let (x, y) = free_place(MAX_RADIUS, &[], x, y);
            assert_eq!(Direction::towards(x, y), direction);
        }
    }
}
