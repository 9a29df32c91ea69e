//! A match as bytes: what the directory keeps of it, so that another server can go on with it.
//!
//! It is a line with a CRC-32 of all that follows, in hexadecimal digits, and behind that line a JSON text. Whoever reads it believes nothing:
//! the bytes were in another process for a while, a newer build may have written them, and a match that is wrong is worse than one that has
//! ended.

use std::fmt::Write as _;

use crc::{CRC_32_ISO_HDLC, Crc};
use game::{MAX_SEATS, MIN_SEATS, State, StateError};
use matches::{MatchId, Nonce};
use protocol::{PlayerId, game::RULES};
use serde::{Deserialize, Serialize};

/// The version of what stands here. It is raised with every change that a build of before would read otherwise, or not at all: a server takes
/// over what has its own version or a lower one.
pub const VERSION: u32 = 1;

/// The longest that is read, in bytes. A match has a fiftieth of that.
const MAX_LENGTH: usize = 64 * 1024;

const CRC: Crc<u32> = Crc::<u32>::new(&CRC_32_ISO_HDLC);

/// A match at one tick, or before its first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Saved {
    /// What number it had where it began.
    pub number: u16,
    /// What its bots go by, and who begins where.
    pub seed: u32,
    /// How it stands; none while it gathers.
    pub state: Option<State>,
    /// By seat, who sits there.
    pub seats: Vec<Option<SavedSeat>>,
}

/// Who sits on a seat.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedSeat {
    /// Which player.
    pub player: PlayerId,
    /// What the others may call this player. Nobody else knows that.
    pub name: String,
    /// Under which number the seat was given.
    pub nonce: Nonce,
}

/// Why bytes are no checkpoint of a match.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadCheckpoint {
    /// There are too many.
    #[error("a checkpoint has at most {MAX_LENGTH} bytes, and this has {0}")]
    TooLong(usize),
    /// They are not those that were written.
    #[error("its sum is wrong, so something of it was lost or changed")]
    Sum,
    /// They are no text of the kind.
    #[error("it cannot be read: {0}")]
    Text(String),
    /// It is another match's.
    #[error("it is of the match {0}")]
    AnotherMatch(String),
    /// It was played by rules of a later time.
    #[error("it is played by rules {0}, which this build does not know")]
    Rules(u32),
    /// There are more or fewer seats than there can be, or than it has goats.
    #[error("it has {0} seats, which do not fit")]
    Seats(usize),
    /// The state is none.
    #[error(transparent)]
    State(#[from] StateError),
}

/// The text.
#[derive(Serialize, Deserialize)]
struct Text {
    #[serde(rename = "match")]
    id: String,
    number: u16,
    seed: u32,
    rules: u32,
    /// In hexadecimal digits.
    state: Option<String>,
    seats: Vec<Option<SavedSeat>>,
}

/// The bytes of a match.
#[must_use]
pub fn write(id: &MatchId, saved: &Saved) -> Vec<u8> {
    let text = Text {
        id: id.to_string(),
        number: saved.number,
        seed: saved.seed,
        rules: RULES,
        state: saved.state.as_ref().map(|state| to_hex(&state.to_bytes())),
        seats: saved.seats.clone(),
    };
    // Numbers and words always become JSON.
    let text = serde_json::to_string(&text).unwrap_or_default();
    format!("{:08x}\n{text}", CRC.checksum(text.as_bytes())).into_bytes()
}

/// The match that these bytes are of.
///
/// # Errors
/// When they are not as [`write`] has made them for this match.
pub fn read(id: &MatchId, bytes: &[u8]) -> Result<Saved, BadCheckpoint> {
    if bytes.len() > MAX_LENGTH {
        return Err(BadCheckpoint::TooLong(bytes.len()));
    }
    let text = std::str::from_utf8(bytes).map_err(|_| BadCheckpoint::Sum)?;
    let (sum, text) = text.split_once('\n').ok_or(BadCheckpoint::Sum)?;
    if sum != format!("{:08x}", CRC.checksum(text.as_bytes())) {
        return Err(BadCheckpoint::Sum);
    }
    let text: Text =
        serde_json::from_str(text).map_err(|error| BadCheckpoint::Text(error.to_string()))?;
    if text.id != id.to_string() {
        return Err(BadCheckpoint::AnotherMatch(text.id));
    }
    if text.rules > RULES {
        return Err(BadCheckpoint::Rules(text.rules));
    }
    let state = text.state.map(|hex| {
        let bytes = from_hex(&hex);
        let bytes = bytes.ok_or_else(|| BadCheckpoint::Text("a state is no number".to_owned()))?;
        Ok::<_, BadCheckpoint>(State::from_bytes(&bytes)?)
    });
    let state = state.transpose()?;
    let seats = text.seats.len();
    let fits = state
        .as_ref()
        .is_none_or(|state| state.goats.len() == seats);
    if !fits || !(MIN_SEATS..=MAX_SEATS).contains(&seats) {
        return Err(BadCheckpoint::Seats(seats));
    }
    Ok(Saved {
        number: text.number,
        seed: text.seed,
        state,
        seats: text.seats,
    })
}

fn to_hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut hex, byte| {
        // Into a string nothing can fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

fn from_hex(hex: &str) -> Option<Vec<u8>> {
    let (pairs, rest) = hex.as_bytes().as_chunks::<2>();
    let digit = |byte: u8| char::from(byte).to_digit(16);
    let byte = |pair: &[u8; 2]| Some((digit(pair[0])? << 4 | digit(pair[1])?) as u8);
    let bytes = pairs.iter().map(byte).collect::<Option<_>>();
    bytes.filter(|_| rest.is_empty())
}

#[cfg(test)]
mod tests {
    use game::{Outcome, bot};
    use proptest::{collection::vec, prelude::*};

    use super::*;

    fn id() -> MatchId {
        "7h2kq0x9vd".parse().unwrap()
    }

    /// A match that has been played by bots for so many ticks.
    fn played(seed: u32, seats: usize, ticks: u32) -> Saved {
        let mut state = State::new(seed, seats);
        for _ in 0..ticks {
            let inputs: Vec<_> = (0..seats).map(|seat| bot(seed, &state, seat)).collect();
            state.step(&inputs);
        }
        let sits = |seat: usize| {
            (seat % 3 != 1).then(|| SavedSeat {
                player: PlayerId::random(),
                name: format!("Zoë \"{seat}\"\n\u{1f410}"),
                nonce: Nonce::random(),
            })
        };
        Saved {
            number: 65_535,
            seed,
            state: Some(state),
            seats: (0..seats).map(sits).collect(),
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn what_was_written_is_read_and_goes_on_alike(seed: u32, seats in 2..=8_usize, ticks in 0..1_800_u32) {
            let saved = played(seed, seats, ticks);
            let bytes = write(&id(), &saved);
            prop_assert!(bytes.len() < 4_096, "{} bytes", bytes.len());
            let read = read(&id(), &bytes).unwrap();
            prop_assert_eq!(&read, &saved);
            let (mut one, mut other) = (saved.state.unwrap(), read.state.unwrap());
            while one.outcome() == Outcome::Playing {
                let inputs: Vec<_> = (0..seats).map(|seat| bot(seed, &one, seat)).collect();
                one.step(&inputs);
                other.step(&inputs);
                prop_assert_eq!(one.hash(), other.hash());
            }
        }

        #[test]
        fn bytes_of_a_stranger_are_refused_and_never_end_the_reader(bytes in vec(any::<u8>(), 0..300)) {
            prop_assert!(read(&id(), &bytes).is_err());
            // Even with the right sum.
            let text = String::from_utf8_lossy(&bytes).into_owned();
            let summed = format!("{:08x}\n{text}", CRC.checksum(text.as_bytes()));
            prop_assert!(read(&id(), summed.as_bytes()).is_err());
        }

        #[test]
        fn whatever_is_cut_off_or_changed_is_noticed(
            ticks in 0..600_u32, at: prop::sample::Index, byte: u8, to: prop::sample::Index,
        ) {
            let bytes = write(&id(), &played(1, 8, ticks));
            let cut = &bytes[..to.index(bytes.len())];
            prop_assert!(read(&id(), cut).is_err());
            let mut changed = bytes.clone();
            let at = at.index(bytes.len());
            changed[at] = byte;
            prop_assert_eq!(read(&id(), &changed).is_ok(), changed == bytes);
        }
    }

    /// The bytes of what is written otherwise, with the right sum.
    fn with(change: impl FnOnce(&mut serde_json::Value)) -> Vec<u8> {
        let bytes = write(&id(), &played(1, 2, 10));
        let text = std::str::from_utf8(&bytes[9..]).unwrap();
        let mut text: serde_json::Value = serde_json::from_str(text).unwrap();
        change(&mut text);
        let text = text.to_string();
        format!("{:08x}\n{text}", CRC.checksum(text.as_bytes())).into_bytes()
    }

    #[test]
    fn what_is_wrong_with_a_checkpoint_is_told() {
        let told = |bytes: &[u8]| read(&id(), bytes).unwrap_err().to_string();
        assert!(read(&id(), &with(|_| {})).is_ok());
        assert!(told(&vec![b' '; 1 << 20]).contains("at most 65536 bytes"));
        assert!(told(b"").contains("sum"));
        assert!(told(&[0xff; 40]).contains("sum"));
        let another = write(&"0123456789".parse().unwrap(), &played(1, 2, 10));
        assert!(told(&another).contains("of the match 0123456789"));
        assert!(told(&with(|text| text["rules"] = 999.into())).contains("rules 999"));
        assert!(told(&with(|text| text["state"] = "0g".into())).contains("no number"));
        assert!(told(&with(|text| text["state"] = "00".into())).contains("1 bytes"));
        assert!(told(&with(|text| text["seats"] = serde_json::json!([null]))).contains("1 seats"));
        assert!(told(&with(|text| text["seed"] = (-1).into())).contains("cannot be read"));
        let gathers = with(|text| text["state"] = serde_json::Value::Null);
        assert_eq!(read(&id(), &gathers).unwrap().state, None);
    }
}
