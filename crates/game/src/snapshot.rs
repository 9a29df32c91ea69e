//! A state as bytes: what goes to each client in each tick.
//!
//! It holds the state exactly, so a client can go on from it by the rules. Numbers are little-endian.
//!
//! | bytes | what |
//! |---|---|
//! | 1 | 2, which says that this is a snapshot |
//! | 2 | the match, u16 |
//! | 4 | the tick, u32 |
//! | 2 | the radius of the mountaintop, u16 |
//! | 1 | seats, 2 to 8 |
//! | 14 a seat | its goat, and the last input of it that was taken |
//!
//! A seat's fourteen bytes are `x`, `y`, `vx`, `vy` as i16, `facing` with `lives << 5`, `charge`, `lunge` with `force << 3`, `fainted`
//! or 128 with the ticks that are left to climb, and the sequence number of its last input as u16.

use crate::{
    direction::Direction,
    goat::{
        CLIMB_TICKS, Goat, LIVES, MAX_CHARGE, MAX_FAINT, MAX_LUNGE, MAX_PLACE, MAX_SPEED, Standing,
    },
    mountain::{MAX_RADIUS, MIN_RADIUS},
    scale::{MAX_SEATS, MIN_SEATS},
    state::{MAX_TICKS, State},
};

/// The first byte of every snapshot.
pub const KIND: u8 = 2;

const HEAD: usize = 10;
const SEAT: usize = 14;

/// Marks the ticks that are left to climb.
const CLIMBING: u8 = 128;

/// What a client is told in a tick.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// Which match this is. Numbers wrap.
    pub match_number: u16,
    /// The match.
    pub state: State,
    /// For each seat the sequence number of the last input that was taken of it. It means something only to whoever has sent one.
    pub last_inputs: Vec<u16>,
}

/// These bytes are no snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SnapshotError {
    /// It does not begin like one.
    #[error("a snapshot begins with a {KIND}, and this does not")]
    NoSnapshot,
    /// It is longer or shorter than one with so many seats, or has more or fewer seats than there can be.
    #[error("this snapshot has {bytes} bytes, which do not fit the number of its seats")]
    Length {
        /// How long it is.
        bytes: usize,
    },
    /// A number in it is greater or less than any that the rules lead to.
    #[error("in this snapshot {what} is out of range")]
    OutOfRange {
        /// Which number.
        what: &'static str,
    },
}

/// Writes a state. A seat for which there is no last input gets a 0.
#[must_use]
pub fn encode(state: &State, match_number: u16, last_inputs: &[u16]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(HEAD + SEAT * state.goats.len());
    bytes.push(KIND);
    bytes.extend(match_number.to_le_bytes());
    bytes.extend(state.tick.to_le_bytes());
    bytes.extend((state.radius as u16).to_le_bytes());
    bytes.push(state.goats.len() as u8);
    let last_inputs = last_inputs.iter().copied().chain(std::iter::repeat(0));
    for (goat, last_input) in state.goats.iter().zip(last_inputs) {
        for number in [goat.x, goat.y, goat.vx, goat.vy] {
            // The rules keep each of them far below 2^15.
            bytes.extend((number as i16).to_le_bytes());
        }
        bytes.push(goat.facing.number() | goat.lives << 5);
        bytes.push(goat.charge);
        bytes.push(goat.lunge | goat.force << 3);
        bytes.push(match goat.standing {
            Standing::Climbing { ticks_left } => CLIMBING | ticks_left,
            Standing::Up | Standing::Out => goat.fainted,
        });
        bytes.extend(last_input.to_le_bytes());
    }
    bytes
}

/// Reads a snapshot.
///
/// # Errors
/// When it is none, or a number in it is greater or less than any that the rules lead to.
pub fn decode(bytes: &[u8]) -> Result<Snapshot, SnapshotError> {
    if bytes.first() != Some(&KIND) {
        return Err(SnapshotError::NoSnapshot);
    }
    let wrong_length = SnapshotError::Length { bytes: bytes.len() };
    let (head, seats) = bytes.split_first_chunk::<HEAD>().ok_or(wrong_length)?;
    let (seats, rest) = seats.as_chunks::<SEAT>();
    let count = usize::from(head[9]);
    if !(MIN_SEATS..=MAX_SEATS).contains(&count) || seats.len() != count || !rest.is_empty() {
        return Err(wrong_length);
    }
    let tick = u32::from_le_bytes([head[3], head[4], head[5], head[6]]);
    in_range("the tick", tick <= MAX_TICKS)?;
    let radius = i32::from(u16::from_le_bytes([head[7], head[8]]));
    in_range("the radius", (MIN_RADIUS..=MAX_RADIUS).contains(&radius))?;
    let goats = seats.iter().map(goat).collect::<Result<_, _>>()?;
    Ok(Snapshot {
        match_number: u16::from_le_bytes([head[1], head[2]]),
        state: State {
            tick,
            radius,
            goats,
        },
        last_inputs: seats
            .iter()
            .map(|seat| u16::from_le_bytes([seat[12], seat[13]]))
            .collect(),
    })
}

fn goat(seat: &[u8; SEAT]) -> Result<Goat, SnapshotError> {
    let number = |at: usize| i32::from(i16::from_le_bytes([seat[at], seat[at + 1]]));
    let [x, y, vx, vy] = [0, 2, 4, 6].map(number);
    let [facing_and_lives, charge, lunge_and_force, ticks] = [8, 9, 10, 11].map(|at| seat[at]);
    let lives = facing_and_lives >> 5;
    let facing = Direction::new(facing_and_lives % Direction::COUNT).unwrap_or_default();
    let (lunge, force) = (lunge_and_force & 7, lunge_and_force >> 3);
    in_range("a place", x.abs() <= MAX_PLACE && y.abs() <= MAX_PLACE)?;
    in_range("a speed", vx.abs() <= MAX_SPEED && vy.abs() <= MAX_SPEED)?;
    in_range("the lives", lives <= LIVES)?;
    in_range("a charge", charge <= MAX_CHARGE)?;
    in_range("a lunge", lunge <= MAX_LUNGE && force <= MAX_CHARGE)?;
    in_range("a lunge", (lunge == 0) == (force == 0))?;
    let (standing, fainted) = match (lives, ticks) {
        (0, 0) => (Standing::Out, 0),
        (1.., 0..CLIMBING) => (Standing::Up, ticks),
        (1.., CLIMBING..) => {
            let ticks_left = ticks - CLIMBING;
            in_range("a way to climb", (1..=CLIMB_TICKS).contains(&ticks_left))?;
            (Standing::Climbing { ticks_left }, 0)
        }
        (0, _) => return Err(SnapshotError::OutOfRange { what: "the lives" }),
    };
    in_range("a faint", fainted <= MAX_FAINT)?;
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

fn in_range(what: &'static str, is: bool) -> Result<(), SnapshotError> {
    if is {
        Ok(())
    } else {
        Err(SnapshotError::OutOfRange { what })
    }
}
