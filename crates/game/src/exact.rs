//! A state as bytes for whoever goes on with the match: another server, after this one.
//!
//! A snapshot has the state exactly, too. But what goes over the wire may be rounded one day to save bytes, and pages of many versions read
//! it; this is read by servers only, and what is lost here is lost for good. Which version it is, whoever keeps the bytes has to say.
//!
//! Numbers are little-endian.
//!
//! | bytes | what |
//! |---|---|
//! | 4 | the tick, u32 |
//! | 4 | the radius of the mountaintop, i32 |
//! | 1 | seats, 2 to 8 |
//! | 23 a seat | its goat |
//!
//! A goat's bytes are `x`, `y`, `vx`, `vy` as i32, then one each for `facing`, `charge`, `lunge`, `force`, `fainted`, `lives`, and where it
//! is: 0 on the mountaintop, 1 to 40 for the ticks that are left to climb, 255 if it is out.

use crate::{
    direction::Direction,
    goat::{
        CLIMB_TICKS, Goat, LIVES, MAX_CHARGE, MAX_FAINT, MAX_LUNGE, MAX_PLACE, MAX_SPEED, Standing,
    },
    mountain,
    scale::{MAX_SEATS, MIN_SEATS},
    state::{MAX_TICKS, State},
};

const HEAD: usize = 9;
const GOAT: usize = 23;

/// Where a goat is.
const UP: u8 = 0;
const OUT: u8 = 255;

/// These bytes are no state that the rules lead to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StateError {
    /// There are more or fewer than so many seats need, or more or fewer seats than there can be.
    #[error("this state has {bytes} bytes, which do not fit the number of its seats")]
    Length {
        /// How many there are.
        bytes: usize,
    },
    /// A number is greater or less than any that the rules lead to, or does not go with another one.
    #[error("in this state {what} is out of range")]
    OutOfRange {
        /// Which number.
        what: &'static str,
    },
}

impl State {
    /// All of it, as bytes: at most 193.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(HEAD + GOAT * self.goats.len());
        bytes.extend(self.tick.to_le_bytes());
        bytes.extend(self.radius.to_le_bytes());
        // There are at most 8.
        bytes.push(self.goats.len() as u8);
        for goat in &self.goats {
            for number in [goat.x, goat.y, goat.vx, goat.vy] {
                bytes.extend(number.to_le_bytes());
            }
            bytes.extend([goat.facing.number(), goat.charge, goat.lunge, goat.force]);
            bytes.extend([goat.fainted, goat.lives]);
            bytes.push(match goat.standing {
                Standing::Up => UP,
                Standing::Climbing { ticks_left } => ticks_left,
                Standing::Out => OUT,
            });
        }
        bytes
    }

    /// The state that these bytes are. Whatever they are, it can be played on.
    ///
    /// # Errors
    /// When they are none, or a number is one that the rules never lead to.
    pub fn from_bytes(bytes: &[u8]) -> Result<State, StateError> {
        let wrong_length = StateError::Length { bytes: bytes.len() };
        let (head, goats) = bytes.split_first_chunk::<HEAD>().ok_or(wrong_length)?;
        let (goats, rest) = goats.as_chunks::<GOAT>();
        let seats = usize::from(head[8]);
        if !(MIN_SEATS..=MAX_SEATS).contains(&seats) || goats.len() != seats || !rest.is_empty() {
            return Err(wrong_length);
        }
        let tick = u32::from_le_bytes([head[0], head[1], head[2], head[3]]);
        let radius = i32::from_le_bytes([head[4], head[5], head[6], head[7]]);
        in_range("the tick", tick <= MAX_TICKS)?;
        in_range("the radius", radius == mountain::radius(tick))?;
        Ok(State {
            tick,
            radius,
            goats: goats.iter().map(goat).collect::<Result<_, _>>()?,
        })
    }
}

fn goat(bytes: &[u8; GOAT]) -> Result<Goat, StateError> {
    let (numbers, _) = bytes.as_chunks::<4>();
    let [x, y, vx, vy] = [0, 1, 2, 3].map(|at| i32::from_le_bytes(numbers[at]));
    let [facing, charge, lunge, force, fainted, lives, standing] =
        [16, 17, 18, 19, 20, 21, 22].map(|at| bytes[at]);
    let is_place = |number: i32| (-MAX_PLACE..=MAX_PLACE).contains(&number);
    let is_speed = |number: i32| (-MAX_SPEED..=MAX_SPEED).contains(&number);
    in_range("a place", is_place(x) && is_place(y))?;
    in_range("a speed", is_speed(vx) && is_speed(vy))?;
    let facing = Direction::new(facing).ok_or(StateError::OutOfRange {
        what: "a direction",
    })?;
    in_range("a charge", charge <= MAX_CHARGE)?;
    in_range("a lunge", lunge <= MAX_LUNGE && force <= MAX_CHARGE)?;
    in_range("a lunge", (lunge == 0) == (force == 0))?;
    in_range("a faint", fainted <= MAX_FAINT)?;
    in_range("the lives", lives <= LIVES)?;
    let standing = match standing {
        UP => Standing::Up,
        OUT => Standing::Out,
        ticks_left => Standing::Climbing { ticks_left },
    };
    if let Standing::Climbing { ticks_left } = standing {
        in_range("a way to climb", ticks_left <= CLIMB_TICKS)?;
    }
    in_range("the lives", (lives == 0) == (standing == Standing::Out))?;
    // Who falls drops all that.
    let is_busy = charge > 0 || lunge > 0 || fainted > 0;
    in_range("a fall", standing == Standing::Up || !is_busy)?;
    Ok(Goat {
        x,
        y,
        vx,
        vy,
        facing,
        charge,
        lunge,
        force,
        fainted,
        lives,
        standing,
    })
}

fn in_range(what: &'static str, is: bool) -> Result<(), StateError> {
    if is {
        Ok(())
    } else {
        Err(StateError::OutOfRange { what })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_with_a_state_is_told() {
        let good = State::new(1, 2).to_bytes();
        let with = |at: usize, byte: u8| {
            let mut bytes = good.clone();
            bytes[at] = byte;
            State::from_bytes(&bytes).unwrap_err().to_string()
        };
        let cut = State::from_bytes(&good[..good.len() - 1]).unwrap_err();
        assert_eq!(cut, StateError::Length { bytes: 54 });
        assert_eq!(State::from_bytes(&[]), Err(StateError::Length { bytes: 0 }));
        assert!(with(8, 3).contains("55 bytes"));
        for (at, byte, what) in [
            (3, 1, "the tick"),
            (4, 7, "the radius"),
            (12, 0x80, "a place"),
            (20, 0x7f, "a speed"),
            (25, 32, "a direction"),
            (26, 21, "a charge"),
            (27, 1, "a lunge"),
            (29, 0x7f, "a faint"),
            (30, 0, "the lives"),
            (31, 41, "a way to climb"),
            (31, 255, "the lives"),
        ] {
            let told = format!("in this state {what} is out of range");
            assert_eq!(with(at, byte), told, "{at}");
        }
    }
}
