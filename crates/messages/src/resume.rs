//! What a client missed: where it goes on, and the pages from there.

use std::{sync::Arc, time::Duration};

use protocol::{Id, Message, MessagePage};
use tracing::debug;

use crate::{messages::Messages, redis_client::ANSWER_WITHIN, shared::Shared};

/// The most messages of a page.
pub const PAGE: usize = 200;

/// How long a replica may be behind the one from which a client comes. It is milliseconds, or as long as it takes to
/// subscribe again.
const BEHIND: Duration = Duration::from_secs(5);

/// Where somebody who was away goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Resume {
    /// Everything after this has to be told.
    pub from: Id,
    /// Something may be missing between where they were and `from`.
    pub gap: Option<Gap>,
}

/// A part of the history that cannot be told any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gap {
    /// The first message that is kept; none if there is none.
    pub first: Option<Id>,
}

/// The history is needed, and cannot be read now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the history does not answer, so what was said cannot be told now; try again in a moment")]
pub struct HistoryUnavailable;

/// Why there is no next page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PageError {
    /// It cannot be read now.
    #[error(transparent)]
    Unavailable(#[from] HistoryUnavailable),
    /// What comes next was cut off while it was being read. Whoever resumes is told that there is a gap.
    #[error("the history does not reach back that far any more")]
    CutOff,
}

/// A part of the history, page by page. See [`Messages::pages`].
pub struct Pages {
    shared: Arc<Shared>,
    after: Id,
    up_to: Id,
}

impl Messages {
    /// Finds out where somebody goes on who had everything up to `after`: from there, or, if the history does not have
    /// that message any more or never had, from the beginning. With [`Id::ZERO`] they ask for the beginning.
    ///
    /// They may come from a replica that was a little ahead. Then this waits, up to five seconds, until this one knows
    /// what they know.
    ///
    /// # Errors
    /// When the history is needed for that and cannot be read, or this replica does not come that far in time.
    pub async fn resume(&self, after: Id) -> Result<Resume, HistoryUnavailable> {
        let shared = &self.shared;
        let behind = |_| {
            debug!(%after, "this replica does not know the history up to there");
            HistoryUnavailable
        };
        shared
            .reaches(Id::ZERO, ANSWER_WITHIN)
            .await
            .map_err(behind)?;
        let whole = Resume {
            from: after,
            gap: None,
        };
        if after.is_zero() || shared.look(|recent| recent.knows(after)) {
            return Ok(whole);
        }
        // It may be older than what is at hand, newer, or forged. The history knows.
        if shared.history.has(after).await.map_err(unavailable)? {
            shared.reaches(after, BEHIND).await.map_err(behind)?;
            return Ok(whole);
        }
        let at_hand = shared.look(|recent| recent.page(Id::ZERO, recent.newest(), 1));
        let first = match at_hand {
            Some(first) => first.first().map(|message| message.id),
            None => shared.history.first().await.map_err(unavailable)?,
        };
        Ok(Resume {
            from: Id::ZERO,
            gap: Some(Gap { first }),
        })
    }

    /// What came after one place and up to another, which [`resume`](Self::resume) and [`newest`](Self::newest) give.
    /// It is read from what this replica has at hand, or else from Redis, page by page and no faster than it is asked for.
    #[must_use]
    pub fn pages(&self, after: Id, up_to: Id) -> Pages {
        Pages {
            shared: Arc::clone(&self.shared),
            after,
            up_to,
        }
    }

    /// The first page of what came after a place, or the last page of all if none is given.
    ///
    /// # Errors
    /// As for [`resume`](Self::resume).
    pub async fn page(&self, after: Option<Id>) -> Result<MessagePage, HistoryUnavailable> {
        let Some(after) = after else {
            self.shared
                .reaches(Id::ZERO, ANSWER_WITHIN)
                .await
                .map_err(unavailable)?;
            return Ok(MessagePage {
                messages: self.shared.look(|recent| recent.last(PAGE)),
                gap: false,
            });
        };
        let resume = self.resume(after).await?;
        let mut pages = self.pages(resume.from, self.newest());
        match pages.next().await {
            Ok(page) => Ok(MessagePage {
                messages: page.unwrap_or_default(),
                gap: resume.gap.is_some(),
            }),
            // Whoever asks again learns which.
            Err(PageError::Unavailable(_) | PageError::CutOff) => Err(HistoryUnavailable),
        }
    }
}

impl Pages {
    /// The next messages, in their order: at least one, and at most [`PAGE`]. Nothing when all were given.
    ///
    /// # Errors
    /// When they cannot be read now, or never again.
    pub async fn next(&mut self) -> Result<Option<Vec<Message>>, PageError> {
        while self.after < self.up_to {
            let (after, up_to) = (self.after, self.up_to);
            if let Some(page) = self.shared.look(|recent| recent.page(after, up_to, PAGE)) {
                self.after = page.last().map_or(up_to, |last| last.id);
                return Ok((!page.is_empty()).then_some(page));
            }
            let read = self.shared.history.after(after, Some(up_to), PAGE).await;
            let page = read.map_err(unavailable)?.ok_or(PageError::CutOff)?;
            self.after = match page.last() {
                Some(last) if page.is_full => last,
                _ => up_to,
            };
            if !page.messages.is_empty() {
                return Ok(Some(page.messages));
            }
        }
        Ok(None)
    }
}

/// The subscription's task logs that Redis is away. This would only say so again, for every client.
fn unavailable(error: anyhow::Error) -> HistoryUnavailable {
    debug!(
        error = telemetry::one_line(&error),
        "the history cannot be read"
    );
    HistoryUnavailable
}
