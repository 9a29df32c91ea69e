//! `golden.json` has whole matches: what was pressed, and the hash of every tick. The rules must play them again to the last bit, and so
//! must those in TypeScript.
//!
//! Whoever changes the rules makes the file anew with `UPDATE_GOLDEN=1 cargo test -p game --test golden`. Two builds that
//! differ in it do not play the same game, which is more than a change of numbers.

use std::{fs, iter, path::Path, sync::LazyLock};

use game::{Direction, Input, MAX_SEATS, Outcome, State, bot, snapshot};
use serde::{Deserialize, Serialize};

/// A letter for each of the 66 inputs: the 32 directions and none, all that first without holding and then with it.
const LETTERS: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_.~";

const TICKS_A_LINE: usize = 20;
const TICKS_A_SNAPSHOT: usize = 100;

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Golden {
    made_by: String,
    letters: String,
    matches: Vec<Match>,
}

#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Match {
    name: String,
    seed: u32,
    seats: usize,
    /// For each seat a letter a tick.
    inputs: Vec<String>,
    /// Eight hexadecimal digits for the state after each tick, twenty ticks in a line.
    hashes: Vec<String>,
    /// The seat that has won, `drawn`, or `playing` if the example ends before the match.
    outcome: String,
    snapshots: Vec<Example>,
}

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Example {
    tick: u32,
    #[serde(rename = "match")]
    match_number: u16,
    last_inputs: Vec<u16>,
    /// In hexadecimal digits.
    bytes: String,
}

/// What a seat does in a tick, by seed, state and seat.
type Player = fn(u32, &State, usize) -> Input;

/// Matches of which each shows what the others do not: name, seed, seats, the most ticks, and who plays.
const MATCHES: &[(&str, u32, usize, usize, Player)] = &[
    ("eight bots", 1, 8, usize::MAX, bot),
    ("two bots", u32::MAX, 2, usize::MAX, bot),
    ("five that press anything", 3, 5, 500, presses_anything),
    ("seven that crowd in the middle", 4, 7, 500, crowds),
    ("three that run away", 5, 3, usize::MAX, runs_away),
    (
        "two that do nothing until time is up",
        6,
        2,
        usize::MAX,
        |_, _, _| Input::default(),
    ),
    (
        "four of whom two are bots",
        7,
        4,
        usize::MAX,
        every_other_a_bot,
    ),
];

static GOLDEN: LazyLock<Golden> = LazyLock::new(|| {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden.json");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        let text = serde_json::to_string_pretty(&made()).expect("JSON");
        fs::write(&path, text + "\n").expect("golden.json can be written");
    }
    let text = fs::read_to_string(path).expect("golden.json can be read");
    serde_json::from_str(&text).expect("golden.json has its form")
});

#[test]
fn whole_matches_are_played_again_to_the_last_bit() {
    assert_eq!(GOLDEN.letters, LETTERS);
    for example in &GOLDEN.matches {
        let ticks = example.inputs[0].len();
        let again = play(
            &example.name,
            example.seed,
            example.seats,
            ticks,
            |tick, _, seat| input(example.inputs[seat].as_bytes()[tick]),
        );
        // The first line that differs says more than all of them.
        for (line, (is, was)) in iter::zip(&again.hashes, &example.hashes).enumerate() {
            assert_eq!(
                is,
                was,
                "{}, after tick {}",
                example.name,
                line * TICKS_A_LINE
            );
        }
        assert!(again == *example, "{}", example.name);
    }
}

#[test]
fn bots_press_what_they_pressed() {
    for (is, was) in iter::zip(made().matches, &GOLDEN.matches) {
        assert_eq!(is.inputs, was.inputs, "{}", is.name);
    }
    assert_eq!(GOLDEN.matches.len(), MATCHES.len());
}

#[test]
fn the_examples_of_snapshots_are_read_as_they_were_written() {
    let snapshots = GOLDEN.matches.iter().flat_map(|played| &played.snapshots);
    assert!(snapshots.clone().count() > 30);
    for example in snapshots {
        let read = snapshot::decode(&from_hex(&example.bytes)).unwrap();
        assert_eq!(read.state.tick, example.tick);
        assert_eq!(read.match_number, example.match_number);
        assert_eq!(read.last_inputs, example.last_inputs);
    }
}

fn made() -> Golden {
    let matches = MATCHES.iter().map(|(name, seed, seats, ticks, player)| {
        play(name, *seed, *seats, *ticks, |_, state, seat| {
            player(*seed, state, seat)
        })
    });
    Golden {
        made_by: "UPDATE_GOLDEN=1 cargo test -p game --test golden".into(),
        letters: LETTERS.into(),
        matches: matches.collect(),
    }
}

/// Plays at most so many ticks, and writes down what happens. `pressed` is asked with tick, state and seat.
fn play(
    name: &str,
    seed: u32,
    seats: usize,
    ticks: usize,
    pressed: impl Fn(usize, &State, usize) -> Input,
) -> Match {
    let mut state = State::new(seed, seats);
    let mut played = Match {
        name: name.into(),
        seed,
        seats,
        inputs: vec![String::new(); seats],
        ..Match::default()
    };
    for tick in 0..ticks {
        if state.outcome() != Outcome::Playing {
            break;
        }
        let inputs: Vec<Input> = (0..seats).map(|seat| pressed(tick, &state, seat)).collect();
        for (letters, input) in iter::zip(&mut played.inputs, &inputs) {
            letters.push(letter(*input));
        }
        state.step(&inputs);
        if tick % TICKS_A_LINE == 0 {
            played.hashes.push(String::new());
        }
        if let Some(line) = played.hashes.last_mut() {
            *line += &format!("{:08x}", state.hash());
        }
        if (tick + 1) % TICKS_A_SNAPSHOT == 0 {
            played.snapshots.push(Example::of(&state));
        }
    }
    played.outcome = match state.outcome() {
        Outcome::Playing => "playing".into(),
        Outcome::Won(seat) => seat.to_string(),
        Outcome::Drawn => "drawn".into(),
    };
    played
}

impl Example {
    fn of(state: &State) -> Example {
        // They go up to the largest number, which a signed one would not hold.
        let match_number = u16::MAX - state.tick as u16;
        let last_inputs =
            (0..state.goats.len() as u16).map(|seat| match_number.rotate_left(seat.into()));
        let last_inputs: Vec<u16> = last_inputs.collect();
        let bytes = snapshot::encode(state, match_number, &last_inputs);
        Example {
            tick: state.tick,
            match_number,
            last_inputs,
            bytes: bytes.iter().map(|byte| format!("{byte:02x}")).collect(),
        }
    }
}

fn letter(input: Input) -> char {
    let direction = input.direction.map_or(Direction::COUNT, Direction::number);
    let number = usize::from(direction) + if input.hold { LETTERS.len() / 2 } else { 0 };
    char::from(LETTERS.as_bytes()[number])
}

fn input(letter: u8) -> Input {
    let number = LETTERS.bytes().position(|known| known == letter);
    let number = number.expect("a letter that stands for an input");
    let half = LETTERS.len() / 2;
    Input {
        direction: Direction::new((number % half) as u8),
        hold: number >= half,
    }
}

fn from_hex(digits: &str) -> Vec<u8> {
    let pairs = digits.as_bytes().chunks(2);
    let pairs = pairs.map(|pair| str::from_utf8(pair).expect("digits"));
    pairs
        .map(|pair| u8::from_str_radix(pair, 16).expect("digits"))
        .collect()
}

/// Something else in each tick and at each seat.
fn presses_anything(seed: u32, state: &State, seat: usize) -> Input {
    let mut number = seed ^ (state.tick * MAX_SEATS as u32 + seat as u32);
    for _ in 0..4 {
        // What is multiplied flows upwards, and the rotation brings it down again.
        number = (number.wrapping_mul(0x2C1B_3C6D) ^ 0x5BD1_E995).rotate_right(15);
    }
    Input {
        direction: Direction::new((number % 40) as u8),
        hold: number >> 16 & 3 != 0,
    }
}

/// All want to the middle, and butt whoever is there before.
fn crowds(_: u32, state: &State, seat: usize) -> Input {
    let goat = state.goats[seat];
    Input {
        direction: Some(Direction::towards(-goat.x, -goat.y)),
        hold: (state.tick as usize + seat * 3) % 11 < 5 + seat,
    }
}

/// Outwards, with nothing in mind but to fall.
fn runs_away(_: u32, state: &State, seat: usize) -> Input {
    let goat = state.goats[seat];
    Input {
        direction: Some(Direction::towards(goat.x, goat.y)),
        hold: seat == 1,
    }
}

fn every_other_a_bot(seed: u32, state: &State, seat: usize) -> Input {
    let player = if seat.is_multiple_of(2) {
        bot
    } else {
        presses_anything
    };
    player(seed, state, seat)
}
