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

/// What a publisher has to say.
#[derive(Clone, Copy, Debug)]
pub struct Post<'a> {
    /// What its texts begin with.
    pub run: &'a str,
    /// How many it has published before.
    pub sequence: u64,
    /// When it began.
    pub began_at: Timestamp,
    /// How long ago that is.
    pub elapsed: Duration,
    /// What stands at the end of its texts. It must need no escape in JSON.
    pub padding: &'a str,
}

impl Form {
    /// The message with which somebody says this.
    #[must_use]
    pub fn message(self, post: &Post<'_>) -> String {
        let (run, sequence, padding) = (post.run, post.sequence, post.padding);
        let time = post.elapsed.as_micros();
        let sent_at = post.began_at + post.elapsed;
        let message = format!(
            r#""author":"load","player":"0000000000000000","text":"{run} {sequence} {time} {padding}","sent_at":"{sent_at:.3}","replica":"load""#
        );
        // lesson 7
        // Replicas want to know its place in the history, too. Each place is greater than the one before.
        if self == Form::Ours {
            let from = post.began_at.as_millisecond();
            return format!("{from}-{} {{{message}}}", sequence + 1);
        }

        let id = uuid::Uuid::now_v7();
        format!(r#"{{"id":"{id}",{message}}}"#)
    }
}
