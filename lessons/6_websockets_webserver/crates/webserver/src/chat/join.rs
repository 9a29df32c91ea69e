//! How a socket joins the hub, and what it is told first.

use std::iter;

use axum::extract::ws::Message;
use sockets::{Connection, SocketError};

use crate::{
    app::App,
    chat::{frames::welcome_frame, members::Member, visitor::Visitor},
};

/// Welcomes a client, and makes its socket a member of the hub.
///
/// # Errors
/// When the client cannot be written to.
pub async fn join(
    app: &App,
    connection: &Connection,
    visitor: &Visitor,
) -> Result<Member, SocketError> {
    let welcome = welcome_frame(&app.replica.id.to_string(), &visitor.player.who());
    // What is said from here on, and who comes and goes, waits behind the greeting.
    let member = app.chat.hub.join(connection.outbound());
    let greeting = iter::once(welcome).chain(app.chat.hub.present());
    connection.send(greeting.map(Message::Text)).await?;
    Ok(member)
}
