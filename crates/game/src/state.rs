//! A match at one tick, and how the next comes of it.

use crate::{
    contacts,
    goat::{Goat, Standing, square},
    hash::Hash,
    input::Input,
    mountain,
    scale::{MAX_SEATS, MIN_SEATS, TICKS_PER_SECOND},
};

/// The longest that a match can take, in ticks.
pub const MAX_TICKS: u32 = 90 * TICKS_PER_SECOND;

/// A tick is played in so many parts, so that no goat runs through another one.
const PARTS: i32 = 4;

/// A match at one tick. It is all that there is to know of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    /// Steps since the beginning: 0 to [`MAX_TICKS`].
    pub tick: u32,
    /// How large the mountaintop is, from its middle to its edge, in sub-units.
    pub radius: i32,
    /// The goat of each seat: two to eight.
    pub goats: Vec<Goat>,
}

/// How a match stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// It goes on.
    Playing,
    /// This seat has won.
    Won(usize),
    /// The last ones fell in the same tick, or time is up and nobody had more lives than all others.
    Drawn,
}

impl State {
    /// A match begins. The seed says who begins where; it has 32 bits, because TypeScript can multiply no more exactly. Seats are 2
    /// to 8, and another number is taken for the nearest of these.
    #[must_use]
    pub fn new(seed: u32, seats: usize) -> State {
        let seats = seats.clamp(MIN_SEATS, MAX_SEATS);
        let places = mountain::starting_places(seed, seats);
        State {
            tick: 0,
            radius: mountain::radius(0),
            goats: places.into_iter().map(|(x, y)| Goat::new(x, y)).collect(),
        }
    }

    /// Plays one tick. A seat for which there is no input does nothing. A match that is over stays as it is.
    pub fn step(&mut self, inputs: &[Input]) {
        if self.outcome() != Outcome::Playing {
            return;
        }
        self.tick += 1;
        self.radius = mountain::radius(self.tick);
        for (seat, goat) in self.goats.iter_mut().enumerate() {
            goat.obey(inputs.get(seat).copied().unwrap_or_default());
        }
        for _ in 0..PARTS {
            for goat in &mut self.goats {
                goat.advance(PARTS);
            }
            contacts::resolve(&mut self.goats);
        }
        self.climb();
        self.fall();
    }

    /// How it stands.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        let lives = self.goats.iter().map(|goat| goat.lives);
        let most = lives.clone().max().unwrap_or(0);
        let in_play = lives.clone().filter(|lives| *lives > 0).count();
        if in_play > 1 && self.tick < MAX_TICKS {
            return Outcome::Playing;
        }
        let mut leaders = lives.enumerate().filter(|(_, lives)| *lives == most);
        match (leaders.next(), leaders.next()) {
            (Some((seat, 1..)), None) => Outcome::Won(seat),
            _ => Outcome::Drawn,
        }
    }

    /// A number that another state has with a chance of one in 2^32: by it two find out whether they play the same match.
    #[must_use]
    pub fn hash(&self) -> u32 {
        let mut hash = Hash::default();
        hash.add(self.tick as i32);
        hash.add(self.radius);
        for goat in &self.goats {
            let ticks_left = match goat.standing {
                Standing::Climbing { ticks_left } => ticks_left,
                Standing::Up | Standing::Out => 0,
            };
            for number in [goat.x, goat.y, goat.vx, goat.vy] {
                hash.add(number);
            }
            for number in [
                goat.facing.number(),
                goat.charge,
                goat.lunge,
                goat.force,
                goat.fainted,
                goat.lives,
                ticks_left,
            ] {
                hash.add(i32::from(number));
            }
        }
        hash.number()
    }

    /// Whoever has climbed long enough is back.
    fn climb(&mut self) {
        let seats = self.goats.len();
        // Two may be back in the same tick, and the second has to take what is left. It is not always the same one.
        let first = self.tick as usize % seats;
        for seat in (first..seats).chain(0..first) {
            let goat = self.goats[seat];
            match goat.standing {
                Standing::Climbing { ticks_left: 0..=1 } => {
                    let (x, y) = mountain::free_place(self.radius, &self.goats, goat.x, goat.y);
                    self.goats[seat].come_back(x, y);
                }
                Standing::Climbing { ticks_left } => {
                    self.goats[seat].standing = Standing::Climbing {
                        ticks_left: ticks_left - 1,
                    };
                }
                Standing::Up | Standing::Out => {}
            }
        }
    }

    /// Whoever has its middle over the edge falls.
    fn fall(&mut self) {
        for goat in &mut self.goats {
            if goat.is_up() && square(goat.x, goat.y) > square(self.radius, 0) {
                goat.fall();
            }
        }
    }
}
