//! A store in which no session stands under its id.

use async_trait::async_trait;
use tower_sessions::{
    SessionStore,
    session::{Id, Record},
    session_store::Result,
};

use crate::session::key::SessionKey;

/// A store that is given hashes where others are given ids. The session layer above it, and the browser, know the ids; what
/// is kept below knows the hashes only, in its keys and in its values.
#[derive(Clone, Debug)]
pub struct HashedKeys<Store>(pub Store);

#[async_trait]
impl<Store: SessionStore> SessionStore for HashedKeys<Store> {
    async fn create(&self, record: &mut Record) -> Result<()> {
        // The store would choose another id if this one were taken, and we would not learn of it. Two of 2^128 never meet.
        self.0.create(&mut hashed(record)).await
    }

    async fn save(&self, record: &Record) -> Result<()> {
        self.0.save(&hashed(record)).await
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let record = self.0.load(&SessionKey::of(*id).as_id()).await?;
        Ok(record.map(|record| Record { id: *id, ..record }))
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        self.0.delete(&SessionKey::of(*id).as_id()).await
    }
}

/// A record holds its own id, too.
fn hashed(record: &Record) -> Record {
    Record {
        id: SessionKey::of(record.id).as_id(),
        ..record.clone()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use tower_sessions::{MemoryStore, Session};

    use super::*;

    #[tokio::test]
    async fn a_session_is_found_by_its_id_and_stands_under_its_hash() {
        let below = MemoryStore::default();
        let store = Arc::new(HashedKeys(below.clone()));
        let session = Session::new(None, Arc::clone(&store), None);
        session.insert("name", "Ada").await.unwrap();
        session.save().await.unwrap();
        let id = session.id().unwrap();
        let again = Session::new(Some(id), Arc::clone(&store), None);
        let name: Option<String> = again.get("name").await.unwrap();
        assert_eq!(name.as_deref(), Some("Ada"));

        let key = SessionKey::of(id).as_id();
        assert_eq!(below.load(&id).await.unwrap(), None);
        assert_eq!(below.load(&key).await.unwrap().unwrap().id, key);
        // What stands in the store opens nothing.
        assert_eq!(store.load(&key).await.unwrap(), None);
        session.delete().await.unwrap();
        assert_eq!(below.load(&key).await.unwrap(), None);
    }
}
