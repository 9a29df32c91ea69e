//! How long a session lives: for a time after it was last *used*, and never beyond the end that it was given at the login.
//!
//! To use a session does not write it. Redis keeps each key's time to live beside the key, so only that is moved, with
//! `EXPIRE`, and not at every request but when some minutes have gone. A Redis that is full refuses to write, but not that: so
//! those who are logged in stay logged in.

use async_trait::async_trait;
use tower_sessions::{
    SessionStore,
    cookie::time::{Duration, OffsetDateTime},
    session::{Id, Record},
    session_store::{Error, Result},
};
use tower_sessions_redis_store::{
    RedisStore,
    fred::{clients::Client, interfaces::KeysInterface},
};
use tracing::debug;

/// How long a session lives that is not used.
const UNUSED: Duration = Duration::days(7);

/// How long one lives that was never used. A browser that has logged in asks at once who it is. Whoever logs in again and
/// again and throws the cookies away fills Redis for as long as this.
const NEVER_USED: Duration = Duration::minutes(10);

/// How much of its life a session may lose before it is given back. For a life of days that is exact enough.
const RENEW_AFTER: Duration = Duration::minutes(5);

/// The sessions in Redis, each with its time to live.
#[derive(Clone, Debug)]
pub struct SlidingExpiry {
    redis: Client,
    store: RedisStore<Client>,
}

impl SlidingExpiry {
    /// The sessions in this Redis.
    pub fn new(redis: Client) -> SlidingExpiry {
        SlidingExpiry {
            store: RedisStore::new(redis.clone()),
            redis,
        }
    }

    async fn expire(&self, id: &Id, after: Duration) -> Result<()> {
        let expire = self
            .redis
            .expire(id.to_string(), after.whole_seconds(), None);
        let set: std::result::Result<(), _> = expire.await;
        set.map_err(|error| Error::Backend(error.to_string()))
    }
}

#[async_trait]
impl SessionStore for SlidingExpiry {
    async fn create(&self, record: &mut Record) -> Result<()> {
        self.store.create(record).await?;
        self.expire(&record.id, NEVER_USED).await
    }

    async fn save(&self, record: &Record) -> Result<()> {
        self.store.save(record).await?;
        self.expire(&record.id, lifetime(record)).await
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        // Both are sent before either is answered, so this takes no longer than one of them.
        let (record, left) = tokio::join!(self.store.load(id), self.redis.ttl(id.to_string()));
        let Some(record) = record? else {
            return Ok(None);
        };
        let lifetime = lifetime(&record);
        if left.is_ok_and(|left| lifetime - Duration::seconds(left) >= RENEW_AFTER) {
            // This request is not worse off if it fails: the next one tries again.
            if let Err(error) = self.expire(id, lifetime).await {
                debug!(%error, "a session was not renewed");
            }
        }
        Ok(Some(record))
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        self.store.delete(id).await
    }
}

/// How long a session may live from now on without being used. The record's own date is its end in any case.
fn lifetime(record: &Record) -> Duration {
    UNUSED.min(record.expiry_date - OffsetDateTime::now_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_use_keeps_a_session_beyond_its_end() {
        let record = |left| Record {
            id: Id::default(),
            data: Default::default(),
            expiry_date: OffsetDateTime::now_utc() + left,
        };
        assert_eq!(lifetime(&record(Duration::days(30))), UNUSED);
        assert!(lifetime(&record(Duration::days(2))) <= Duration::days(2));
        // Redis deletes at once what lives for no time.
        assert!(lifetime(&record(-Duration::days(1))).is_negative());
    }
}
