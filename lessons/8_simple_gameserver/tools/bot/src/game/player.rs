//! A client that plays as the rules' own bots do, and writes down what it sees.

use std::collections::BTreeMap;

use game::{Input, bot};
use serde_json::Value;

use super::client::{Event, GameClient, GameError};

/// An unchanged input is sent again after so many ticks: a sign of life, which also says what has been seen.
const AGAIN_AFTER: u32 = 4;

/// A match as one client saw it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Played {
    /// Which match.
    pub number: u16,
    /// The hash of the state at each tick that it was shown.
    pub hashes: BTreeMap<u32, u32>,
    /// The frame `result`.
    pub result: Value,
}

/// Plays the next match that ends with a result, or watches it, and gives what it saw.
///
/// # Errors
/// When the connection is lost before, or closed.
pub async fn play_match(client: &mut GameClient, seed: u32) -> Result<Played, GameError> {
    let mut played = Played::default();
    let mut held = None;
    let mut sent_at = 0;
    loop {
        match client.event().await? {
            Event::Told(frame) if frame["type"] == "result" => {
                played.result = frame;
                return Ok(played);
            }
            Event::Told(frame) if frame["type"] == "started" => {
                played = Played::default();
                (held, sent_at) = (None, 0);
            }
            Event::Told(_) => {}
            Event::Snapshot(snapshot) => {
                let state = snapshot.state;
                played.number = snapshot.match_number;
                played.hashes.insert(state.tick, state.hash());
                if let Some(seat) = client.seat() {
                    let input: Input = bot(seed, &state, seat);
                    if held != Some(input) || state.tick - sent_at >= AGAIN_AFTER {
                        client.act(input).await?;
                        (held, sent_at) = (Some(input), state.tick);
                    }
                }
            }
            Event::Closed(code) => return Err(GameError::Closed(code)),
        }
    }
}
