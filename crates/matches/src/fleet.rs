//! Which game servers there are.

use serde::{Deserialize, Serialize};

use crate::{directory::Directory, directory_error::DirectoryError, ids::ServerId, scripts::FLEET};

/// What a game server is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ServerState {
    /// It has begun, and nobody can reach it yet.
    Starting,
    /// It takes matches.
    Ready,
    /// It takes matches, and has some. A server never says this of itself: it is what others see.
    Allocated,
    /// It takes nobody more, and ends.
    Draining,
    /// Nothing has been heard of it for longer than its lease. It never says this of itself.
    Lost,
}

/// One game server, as the directory sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ServerView {
    /// Which one.
    pub server: ServerId,
    /// What it is doing.
    pub state: ServerState,
    /// How many matches it has.
    pub matches: u32,
    /// How many it has room for.
    pub capacity: u32,
    /// How many seats each has.
    pub seats: u8,
    /// How many players there are in all of them.
    pub players: u32,
}

impl Directory {
    /// All game servers that were heard of within the last minute, in the order of their ids.
    ///
    /// # Errors
    /// When the directory does not answer.
    pub async fn fleet(&self) -> Result<Vec<ServerView>, DirectoryError> {
        let fleet: Vec<Row> = self.run(&FLEET, |_| ()).await?;
        let fleet = fleet.into_iter().map(read);
        fleet
            .collect::<Option<_>>()
            .ok_or(DirectoryError::Unreadable)
    }
}

/// A server as the script says it: its id, state, matches, capacity, seats and players.
type Row = (String, String, u32, u32, u8, u32);

fn read((server, state, matches, capacity, seats, players): Row) -> Option<ServerView> {
    Some(ServerView {
        server: server.parse().ok()?,
        state: match state.as_str() {
            "starting" => ServerState::Starting,
            "ready" => ServerState::Ready,
            "allocated" => ServerState::Allocated,
            "draining" => ServerState::Draining,
            "lost" => ServerState::Lost,
            _ => return None,
        },
        matches,
        capacity,
        seats,
        players,
    })
}
