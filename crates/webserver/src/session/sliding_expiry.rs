//! A session lives for a time after it was last *used*, but its expiry moves only when it is *written*.
//!
//! Writing at each request would double the work of the store. So the session notes when it was last written, and is
//! written again when that is some minutes ago. For a lifetime of days that is exact enough.

use tower_sessions::{Session, session};

/// The key under which stands when the session was last written, in seconds since 1970.
const WRITTEN: &str = "written";

/// How old that may get, in seconds.
const WRITE_EVERY: i64 = 5 * 60;

/// Notes that the session is written now.
///
/// # Errors
/// When the store does not answer.
pub async fn begin(session: &Session) -> Result<(), session::Error> {
    session.insert(WRITTEN, now()).await
}

/// Has the session written if that was long ago, which moves its expiry.
///
/// # Errors
/// When the store does not answer.
pub async fn keep_alive(session: &Session) -> Result<(), session::Error> {
    let written: Option<i64> = session.get(WRITTEN).await?;
    if written.is_none_or(|written| now() - written >= WRITE_EVERY) {
        begin(session).await?;
    }
    Ok(())
}

fn now() -> i64 {
    jiff::Timestamp::now().as_second()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use tower_sessions::MemoryStore;

    use super::*;

    #[tokio::test]
    async fn a_session_is_written_once_in_a_while_only() {
        let session = Session::new(None, Arc::new(MemoryStore::default()), None);
        keep_alive(&session).await.unwrap();
        session.save().await.unwrap();

        let again = Session::new(session.id(), Arc::new(MemoryStore::default()), None);
        again.insert(WRITTEN, now() - WRITE_EVERY).await.unwrap();
        keep_alive(&again).await.unwrap();
        let written: Option<i64> = again.get(WRITTEN).await.unwrap();
        assert!(written.is_some_and(|written| now() - written < WRITE_EVERY));
    }

    #[tokio::test]
    async fn a_fresh_one_is_not_written() {
        let store = Arc::new(MemoryStore::default());
        let session = Session::new(None, Arc::clone(&store) as _, None);
        begin(&session).await.unwrap();
        session.save().await.unwrap();
        let used = Session::new(session.id(), store, None);
        keep_alive(&used).await.unwrap();
        assert!(!used.is_modified());
    }
}
