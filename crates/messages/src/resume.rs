//! What a client missed: where it goes on, and the pages from there.
//!
//! All of it comes from what this replica has at hand, and nothing is read from Redis for it. Anybody may ask for the past as often
//! as they like; were it read for each of them, a few who ask all the time could keep Redis from taking what is said.

use std::{sync::Arc, time::Duration};

use protocol::{Id, Message, MessagePage};
use tracing::debug;

use crate::{messages::Messages, recent::Recent, redis_client::ANSWER_WITHIN, shared::Shared};

/// The most messages of a page.
pub const PAGE: usize = 200;

/// How many messages are told to somebody who was away for more than there is at hand, or has heard nothing yet. A page shows as
/// many, and nobody reads more.
const LAST: usize = 300;

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

/// A part of the history that is not told any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gap {
    /// The first message that is told; none if there is none.
    pub first: Option<Id>,
}

/// The history is needed, and cannot be read now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the history does not answer, so what you missed cannot be read now; try again in a moment"
)]
pub struct HistoryUnavailable;

/// What comes next is not at hand any more: so much was said while the page before was on its way. Whoever resumes is told that
/// there is a gap.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("what comes next is not at hand any more")]
pub struct CutOff;

/// A part of the history, page by page. See [`Messages::pages`].
pub struct Pages {
    shared: Arc<Shared>,
    after: Id,
    up_to: Id,
}

impl Messages {
    /// Finds out where somebody goes on who had everything up to `after`: from there, or, if that is too long ago or never was,
    /// with the last three hundred messages. With [`Id::ZERO`] they have had nothing, and are told the same.
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
        let begun = shared.reaches(Id::ZERO, ANSWER_WITHIN).await;
        begun.map_err(behind)?;
        // It may be newer than what is at hand, or forged. The history knows, and one entry of it is quickly read.
        if after > self.newest() && shared.history.has(after).await.map_err(unavailable)? {
            shared.reaches(after, BEHIND).await.map_err(behind)?;
        }
        Ok(shared.look(|recent| {
            if recent.knows(after) && !after.is_zero() {
                return Resume {
                    from: after,
                    gap: None,
                };
            }
            let from = recent.before_last(LAST);
            let next = recent.page(from, recent.newest(), 1);
            let first = next.and_then(|next| next.first().map(|message| message.id));
            Resume {
                from,
                gap: (!after.is_zero()).then_some(Gap { first }),
            }
        }))
    }

    /// What came after one place and up to another, which [`resume`](Self::resume) and [`newest`](Self::newest) give:
    /// page by page, and no faster than it is asked for.
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
        // Whoever asks again learns what was cut off.
        let page = self.pages(resume.from, self.newest()).next_page();
        let page = page.map_err(|CutOff| HistoryUnavailable)?;
        Ok(MessagePage {
            messages: page.unwrap_or_default(),
            gap: resume.gap.is_some(),
        })
    }
}

impl Pages {
    /// The next messages, in their order: at least one, and at most [`PAGE`]. Nothing when all were given.
    ///
    /// # Errors
    /// When they are not at hand any more.
    pub fn next_page(&mut self) -> Result<Option<Vec<Message>>, CutOff> {
        let page = |recent: &Recent| recent.page(self.after, self.up_to, PAGE);
        let page = self.shared.look(page).ok_or(CutOff)?;
        let Some(last) = page.last() else {
            return Ok(None);
        };
        self.after = last.id;
        Ok(Some(page))
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
