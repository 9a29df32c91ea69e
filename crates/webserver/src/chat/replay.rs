//! What a client missed, before what is said from now on.

use std::sync::Arc;

use axum::extract::ws::Message;
use messages::{HistoryUnavailable, PageError};
use protocol::ServerFrame;

use crate::chat::{
    hub::{Member, message_frames},
    socket::{Connection, End, in_time},
};

impl Connection {
    /// Brings the client up to date and makes it a member of the hub, with no hole and no double at the seam.
    ///
    /// The order is what does it. *First* the line joins the hub, which says how far it has told everybody; what it tells
    /// after that waits in the line's queue. *Then* the history is read up to there, and written. *Last* the queue follows.
    /// To read first and join then would lose what is said between the two.
    ///
    /// # Errors
    /// When the history cannot be read, or the client cannot be written to.
    pub async fn catch_up(&self, first: [Message; 2]) -> Result<Member, End> {
        self.write_ahead(first).await?;
        let Some(after) = self.after else {
            return Ok(self.app.chat.hub.join(Arc::clone(&self.line)));
        };
        let messages = &self.app.chat.messages;
        let resume = messages.resume(after).await;
        let resume = resume.map_err(|HistoryUnavailable| End::NoHistory)?;
        let joined = self.app.chat.hub.join_after(&self.line, resume.from).await;
        let (member, told) = joined.ok_or(End::NoHistory)?;
        if let Some(gap) = resume.gap {
            let first = gap.first;
            let gap = ServerFrame::Gap { after, first }.to_json().into();
            self.write_ahead([Message::Text(gap)]).await?;
        }
        let replica = self.app.replica.id.to_string();
        let mut pages = messages.pages(resume.from, told);
        while let Some(page) = pages.next().await.map_err(End::from)? {
            let frames = message_frames(&replica, &page);
            self.write_ahead(frames.map(Message::Text)).await?;
        }
        Ok(member)
    }

    async fn write_ahead(&self, frames: impl IntoIterator<Item = Message>) -> Result<(), End> {
        in_time(self.line.write_ahead(frames)).await
    }
}

impl From<PageError> for End {
    fn from(error: PageError) -> End {
        match error {
            PageError::Unavailable(_) => End::NoHistory,
            // The client connects again from where it is by now, and is told of the gap.
            PageError::CutOff => End::Hole,
        }
    }
}
