//! How a socket joins the hub, and what it is told first: what its client missed, and then what is said from now on.

use axum::extract::ws::{Message, Utf8Bytes};
use messages::{CutOff, HistoryUnavailable};
use protocol::{CloseReason, Id, ServerFrame};
use sockets::{Connection, SocketError};

use crate::{
    app::App,
    chat::{
        frames::{message_frames, welcome_frame},
        members::Member,
        visitor::Visitor,
    },
};

/// Welcomes a client, brings it up to date, and makes its socket a member of the hub.
///
/// # Errors
/// When the history cannot be read, or the client cannot be written to.
pub async fn join(
    app: &App,
    connection: &Connection,
    visitor: &Visitor,
) -> Result<Member, SocketError> {
    let welcome = welcome_frame(&app.replica.id.to_string(), &visitor.player.who());
    connection.send_first([Message::Text(welcome)]).await?;
    match visitor.after.after {
        Some(after) => replay(app, connection, after).await,
        None => {
            let member = app.chat.hub.join(connection.outbound());
            tell_who_is_here(app, connection).await?;
            Ok(member)
        }
    }
}

/// Tells who is here. It comes right after joining, so that each later change of it is told as well.
async fn tell_who_is_here(app: &App, connection: &Connection) -> Result<(), SocketError> {
    let present = app.chat.hub.present().into_iter().map(Message::Text);
    connection.send_first(present).await
}

/// Tells what came after one message and makes the socket a member, with no hole and no double at the seam.
///
/// The order is what does it. *First* the socket joins the hub, which says how far it has delivered the history to everybody;
/// what it tells after that waits in the socket's queue. *Then* the history is read up to there, and written. *Last* the
/// queue follows. To read first and join then would lose what is said between the two.
async fn replay(app: &App, connection: &Connection, after: Id) -> Result<Member, SocketError> {
    let messages = &app.chat.messages;
    let resume = messages.resume(after).await;
    let resume = resume.map_err(|HistoryUnavailable| CloseReason::HistoryUnavailable)?;
    let joined = app
        .chat
        .hub
        .join_after(connection.outbound(), resume.from)
        .await;
    let (member, delivered_up_to) = joined.ok_or(CloseReason::HistoryUnavailable)?;
    tell_who_is_here(app, connection).await?;
    if let Some(gap) = resume.gap {
        let first = gap.first;
        let gap = Utf8Bytes::from(ServerFrame::Gap { after, first }.to_json());
        connection.send_first([Message::Text(gap)]).await?;
    }
    let replica = app.replica.id.to_string();
    let mut pages = messages.pages(resume.from, delivered_up_to);
    // One that was cut off connects again from where it is by now, and is told of the gap.
    while let Some(page) = pages
        .next_page()
        .map_err(|CutOff| CloseReason::MissedMessages)?
    {
        let frames = message_frames(&replica, &page);
        connection.send_first(frames.map(Message::Text)).await?;
    }
    Ok(member)
}
