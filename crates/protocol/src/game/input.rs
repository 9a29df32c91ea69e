//! What a player does, in eight bytes.
//!
//! | byte | what |
//! |---|---|
//! | 0 | 1, which says that this is an input |
//! | 1 | the direction, 0 to 31, or 255 for none |
//! | 2 | 1 while the button is held, else 0 |
//! | 3 | 0 |
//! | 4, 5 | the tick that it is meant for, its lower 16 bits, little endian: the input's number |
//! | 6, 7 | the tick of the last snapshot that the client has seen, its lower 16 bits, little endian |

/// Directions that there are. They are numbered clockwise from the east.
pub const DIRECTIONS: u8 = 32;

/// A player sends an input whenever it changes. One that stays the same is sent again after so many milliseconds, as a sign of life, and to
/// say what the client has seen.
pub const INPUT_AT_LEAST_EVERY_MS: u64 = 250;

const KIND: u8 = 1;
const NO_DIRECTION: u8 = 255;

/// Which keys a player holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct InputFrame {
    /// Where to: 0 to 31; none to stay.
    pub direction: Option<u8>,
    /// Whether the button is held.
    pub hold: bool,
    /// The input's number: the tick that it is meant for, its lower 16 bits. Each must be newer than the one before, so there is at most one
    /// input for each tick.
    pub sequence: u16,
    /// The lower 16 bits of the tick that the client has seen last; 0 if it has seen none.
    pub seen: u16,
}

impl InputFrame {
    /// The length of the frame, in bytes.
    pub const LENGTH: usize = 8;

    /// The frame's bytes.
    #[must_use]
    pub fn encode(&self) -> [u8; InputFrame::LENGTH] {
        let direction = self.direction.unwrap_or(NO_DIRECTION);
        let [low, high] = self.sequence.to_le_bytes();
        let [seen_low, seen_high] = self.seen.to_le_bytes();
        let hold = u8::from(self.hold);
        [KIND, direction, hold, 0, low, high, seen_low, seen_high]
    }

    /// Reads a frame.
    ///
    /// # Errors
    /// When it is none.
    pub fn decode(bytes: &[u8]) -> Result<InputFrame, BadInputError> {
        let [kind, direction, hold, rest, low, high, seen_low, seen_high] = *bytes else {
            return Err(BadInputError::Length(bytes.len()));
        };
        if kind != KIND {
            return Err(BadInputError::Kind(kind));
        }
        let direction = match direction {
            NO_DIRECTION => None,
            0..DIRECTIONS => Some(direction),
            other => return Err(BadInputError::Direction(other)),
        };
        if hold > 1 || rest != 0 {
            return Err(BadInputError::Flags(hold, rest));
        }
        Ok(InputFrame {
            direction,
            hold: hold == 1,
            sequence: u16::from_le_bytes([low, high]),
            seen: u16::from_le_bytes([seen_low, seen_high]),
        })
    }
}

/// These bytes are no input. The sentence says what was wrong, and what is accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadInputError {
    /// The length.
    #[error("this has {0} bytes; an input must have 8")]
    Length(usize),
    /// The first byte.
    #[error("this is of kind {0}; an input must begin with 1")]
    Kind(u8),
    /// The second byte.
    #[error("{0} is no direction; it must be 0 to 31, or 255 for none")]
    Direction(u8),
    /// The third byte and the fourth.
    #[error("the button is {0}, and the byte behind it {1}; they must be 0 or 1, and 0")]
    Flags(u8, u8),
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;

    #[test]
    fn what_is_no_input_is_told_with_what_is_accepted() {
        let good = InputFrame::default().encode();
        assert_eq!(InputFrame::decode(&good), Ok(InputFrame::default()));
        assert_eq!(
            InputFrame::decode(&good[..7]),
            Err(BadInputError::Length(7))
        );
        let with = |place: usize, byte: u8| {
            let mut bad = good;
            bad[place] = byte;
            InputFrame::decode(&bad).unwrap_err()
        };
        assert_eq!(with(0, 2), BadInputError::Kind(2));
        assert_eq!(with(1, 32), BadInputError::Direction(32));
        assert_eq!(with(1, 254), BadInputError::Direction(254));
        assert_eq!(with(2, 2), BadInputError::Flags(2, 0));
        assert_eq!(with(3, 1), BadInputError::Flags(0, 1));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(20_000))]

        #[test]
        fn no_bytes_make_the_decoder_panic_and_what_is_accepted_is_written_the_same(
            bytes in prop_oneof![vec(any::<u8>(), 0..20), (0..3_u8, any::<u8>(), 0..3_u8, any::<[u8; 5]>()).prop_map(
                |(kind, direction, hold, rest)| [&[kind, direction, hold][..], &rest].concat(),
            )]
        ) {
            if let Ok(input) = InputFrame::decode(&bytes) {
                prop_assert_eq!(&input.encode()[..], &bytes[..]);
            }
        }

        #[test]
        fn what_a_client_writes_is_what_is_read(
            direction in proptest::option::of(0..DIRECTIONS), hold: bool, sequence: u16, seen: u16,
        ) {
            let input = InputFrame { direction, hold, sequence, seen };
            prop_assert_eq!(InputFrame::decode(&input.encode()), Ok(input));
        }
    }
}
