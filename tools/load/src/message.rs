//! A message in the form in which it stands in Redis, between replicas.

use std::time::Duration;

use jiff::Timestamp;

/// Who is to read a message there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Replicas of this repository.
    Ours,
    /// Whoever hands on what stands there as it is.
    Bare,
}

impl Form {
    /// The message number `sequence`, from 0, of a publisher that began at `began_at` and has been at it for `elapsed`. Its
    /// text must need no escape in JSON.
    #[must_use]
    pub fn message(
        self,
        began_at: Timestamp,
        elapsed: Duration,
        sequence: u64,
        text: &str,
    ) -> String {
        let sent_at = began_at + elapsed;
        let message =
            format!(r#""author":"load","text":"{text}","sent_at":"{sent_at:.3}","replica":"load""#);
        // lesson 7
        // Replicas want to know its place in the history, too. Each place is greater than the one before.
        if self == Form::Ours {
            let from = began_at.as_millisecond();
            return format!("{from}-{} {{{message}}}", sequence + 1);
        }

        let id = uuid::Uuid::now_v7();
        format!(r#"{{"id":"{id}",{message}}}"#)
    }
}
