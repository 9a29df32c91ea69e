//! Keys by which a message that is sent twice is known to be the same.
//!
//! Whoever gets no answer cannot know whether the message was said: the answer may be what was lost. So the client gives
//! each message a key, and sends it again under the same key until it has an answer. That is called *idempotency*.

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, HeaderName, request::Parts},
};
use protocol::PlayerId;
use sha2::{Digest, Sha256};

use service::ApiError;

/// The header in which a client gives its key.
const HEADER: HeaderName = HeaderName::from_static("idempotency-key");

/// The longest key, in bytes.
const MAX: usize = 64;

/// The key of a request, if it has one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdempotencyKey(pub Option<String>);

impl<S: Send + Sync> FromRequestParts<S> for IdempotencyKey {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<IdempotencyKey, ApiError> {
        match parse(&parts.headers) {
            Some(key) => Ok(IdempotencyKey(key)),
            None => Err(ApiError::unprocessable(format!(
                "an Idempotency-Key must be 1 to {MAX} visible ASCII characters, or be left out"
            ))),
        }
    }
}

/// The key, which may be missing; nothing if what is there is no key.
fn parse(headers: &HeaderMap) -> Option<Option<String>> {
    let mut keys = headers.get_all(HEADER).iter();
    let Some(key) = keys.next() else {
        return Some(None);
    };
    let is_visible = key.as_bytes().iter().all(u8::is_ascii_graphic);
    if !is_visible || !(1..=MAX).contains(&key.len()) || keys.next().is_some() {
        return None;
    }
    key.to_str().ok().map(|key| Some(key.to_owned()))
}

/// The key under which a message is remembered for all replicas.
///
/// It is the client's key and the player's id, so nobody meets another's by choosing the same, and whoever has to log in
/// once more meets their own. Only a hash of both goes to Redis: there no key is longer than another.
pub fn scope(player: PlayerId, key: &str) -> String {
    let mut hash = Sha256::new();
    // Always as long, so no other player and key make the same text.
    hash.update(player.to_string());
    hash.update(key);
    let hash = hash.finalize();
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {

    use super::*;

    fn headers(keys: &[&[u8]]) -> HeaderMap {
        let keys = keys.iter().map(|key| (HEADER, key.to_vec()));
        keys.map(|(name, key)| (name, key.try_into().unwrap()))
            .collect()
    }

    #[test]
    fn a_key_is_visible_and_bounded() {
        assert_eq!(parse(&headers(&[])), Some(None));
        let long = "k".repeat(MAX);
        for good in ["k", "!~", &long] {
            let key = parse(&headers(&[good.as_bytes()]));
            assert_eq!(key, Some(Some(good.to_owned())));
        }
        let long = "k".repeat(MAX + 1);
        for bad in ["", " ", "a b", "a\tb", "ü", &long] {
            assert_eq!(parse(&headers(&[bad.as_bytes()])), None, "{bad:?}");
        }
        assert_eq!(parse(&headers(&[b"one", b"two"])), None);
    }

    #[test]
    fn the_same_key_of_another_player_is_another() {
        let (one, two) = (PlayerId::random(), PlayerId::random());
        assert_eq!(scope(one, "k"), scope(one, "k"));
        assert_ne!(scope(one, "k"), scope(two, "k"));
        assert_ne!(scope(one, "k"), scope(one, "K"));
        assert_eq!(scope(one, "").len(), 64);
    }
}
