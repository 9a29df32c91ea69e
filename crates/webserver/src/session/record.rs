//! What the server remembers of one browser: who is logged in there.

use protocol::PlayerId;
use serde::{Deserialize, Serialize};
use tower_sessions::{Session, session};

use crate::session::name::PlayerName;

/// The key in a session under which the record stands.
const KEY: &str = "login";

/// Who is logged in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// What the player is called.
    pub name: PlayerName,
    /// By which the player is told from others who are called the same.
    pub player: PlayerId,
    /// The browser, whoever logs in there: by it limits count, so that nobody begins anew with another name. It is as
    /// random as the id of a session, and unlike that one it stays. Nobody is told.
    pub browser: String,
}

/// The record of a session, if somebody is logged in.
///
/// # Errors
/// When the store does not answer.
pub async fn record_in(session: &Session) -> Result<Option<Record>, session::Error> {
    session.get(KEY).await
}

/// Logs in: writes the name into the session, under a new id.
///
/// The new id of the session is what stops *session fixation*. Somebody who slipped a player an id that they know would
/// otherwise be logged in along with the player.
///
/// Whoever logs in again under the same name is the same player, and under another name another one.
///
/// # Errors
/// When the store does not answer.
pub async fn log_in(session: &Session, name: PlayerName) -> Result<Record, session::Error> {
    let known = record_in(session).await?;
    let browser = known.as_ref().map_or_else(
        || session::Id::default().to_string(),
        |known| known.browser.clone(),
    );
    let same = known.filter(|known| known.name == name);
    let player = same.map_or_else(PlayerId::random, |known| known.player);
    let record = Record {
        name,
        player,
        browser,
    };
    session.cycle_id().await?;
    session.insert(KEY, &record).await?;
    Ok(record)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use tower_sessions::MemoryStore;

    use super::*;

    #[tokio::test]
    async fn only_the_same_name_in_the_same_session_is_the_same_player() {
        let store = Arc::new(MemoryStore::default());
        let session = Session::new(None, Arc::clone(&store), None);
        let name = |name| PlayerName::parse(name).unwrap();
        let ada = log_in(&session, name("Ada")).await.unwrap();
        session.save().await.unwrap();
        let before = session.id();
        assert_eq!(log_in(&session, name("Ada")).await.unwrap(), ada);
        session.save().await.unwrap();
        assert_ne!(session.id(), before);
        let bob = log_in(&session, name("Bob")).await.unwrap();
        assert_ne!(bob.player, ada.player);
        assert_eq!(bob.browser, ada.browser);
        let elsewhere = Session::new(None, store, None);
        let another = log_in(&elsewhere, name("Ada")).await.unwrap();
        assert_ne!(another.player, ada.player);
        assert_ne!(another.browser, ada.browser);
    }
}
