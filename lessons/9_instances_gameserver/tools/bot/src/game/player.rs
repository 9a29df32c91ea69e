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
    /// Which match, among those of all servers.
    pub id: String,
    /// The hash of the state at each tick that it was shown.
    pub hashes: BTreeMap<u32, u32>,
    /// The frame `result`, or `cancelled`.
    pub result: Value,
}

/// Plays the match that this client has entered to its end, or watches it, and gives what it saw.
///
/// # Errors
/// When the connection is lost before, or closed.
pub async fn play_match(client: &mut GameClient, seed: u32) -> Result<Played, GameError> {
    let mut played = Played {
        id: client.match_id().to_owned(),
        ..Played::default()
    };
    let mut held = None;
    let mut sent_at = 0;
    loop {
        match client.event().await? {
            Event::Told(frame) if frame["type"] == "result" || frame["type"] == "cancelled" => {
                played.result = frame;
                return Ok(played);
            }
            Event::Told(_) => {}
            Event::Snapshot(snapshot) => {
                let state = snapshot.state;
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
