//! The names under which things stand in Redis.

/// The channel on which every replica publishes messages, and to which every replica subscribes.
pub(crate) const MESSAGES: &str = "goatscale:messages";

// lesson 6
/// The channel on which a replica says that its players have changed.
pub(crate) const PRESENCE: &str = "goatscale:presence";
/// The channel on which a replica says that a session is over.
pub(crate) const ENDED: &str = "goatscale:ended";
/// The set of replicas that have, or had, a lease.
pub(crate) const REPLICAS: &str = "presence:replicas";
/// The lease under which a replica writes down its players.
pub(crate) fn lease(replica: &str) -> String {
    format!("presence:of:{replica}")
}

// lesson 7
/// The stream that holds the history.
pub(crate) const HISTORY: &str = "goatscale:history";
/// The field of an entry that holds the message. The script that writes it has the same name.
pub(crate) const FIELD: &str = "message";
/// Until when a sender has spoken.
pub(crate) fn spoken(sender: &str) -> String {
    format!("goatscale:spoken:{sender}")
}
/// Where the id of the message is remembered that was said under this idempotency key.
pub(crate) fn remembered(key: &str) -> String {
    format!("goatscale:key:{key}")
}
