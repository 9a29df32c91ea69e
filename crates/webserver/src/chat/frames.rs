//! What this replica tells, as frames.

use axum::extract::ws::Utf8Bytes;
use messages::{Changes, Present};
use protocol::{Message, ServerFrame, Who};

/// Where a frame of messages is full, in bytes of text. Messages that came together share a frame. Times the number of
/// frames that a client may be behind, this is what all that do not read can keep in memory: 2 MB.
const FULL: usize = 4 * 1024;

/// The first frame of a socket.
pub fn welcome_frame(replica: &str, who: &Who) -> Utf8Bytes {
    let frame = ServerFrame::Welcome {
        replica: replica.into(),
        name: (&who.name).into(),
        player: who.player,
    };
    frame.to_json().into()
}

/// The frame that tells who is here.
pub fn presence_frame(present: &Present) -> Utf8Bytes {
    let frame = ServerFrame::Presence {
        count: present.count,
        players: present.players.values().cloned().collect(),
    };
    frame.to_json().into()
}

/// The frame that tells what has changed in who is here.
pub fn changes_frame(before: &Present, present: &Present) -> Utf8Bytes {
    let Changes { came, left } = present.since(before);
    let frame = ServerFrame::Changes {
        count: present.count,
        came: came.into(),
        left: left.into(),
    };
    frame.to_json().into()
}

/// The frames that tell these messages.
pub fn message_frames(replica: &str, batch: &[Message]) -> impl Iterator<Item = Utf8Bytes> {
    split(batch).map(move |messages| {
        let frame = ServerFrame::Messages {
            replica: replica.into(),
            messages: messages.into(),
        };
        frame.to_json().into()
    })
}

/// The messages of a batch, in portions that each fill a frame.
fn split(mut batch: &[Message]) -> impl Iterator<Item = &[Message]> {
    std::iter::from_fn(move || {
        let mut bytes = 0;
        let fitting = batch.iter().take_while(|message| {
            let fits = bytes < FULL;
            bytes += message.text.len() + message.author.len();
            fits
        });
        let (portion, rest) = batch.split_at(fitting.count());
        batch = rest;
        (!portion.is_empty()).then_some(portion)
    })
}

#[cfg(test)]
mod tests {
    use protocol::Id;

    use super::*;

    #[test]
    fn a_batch_is_split_where_a_frame_is_full_and_nothing_is_lost() {
        let message = |number| {
            let text = format!("{number:0500}");
            Message::new(Id::default(), "webserver-1", &Who::default(), &text)
        };
        let batch: Vec<Message> = (0..50).map(message).collect();
        let portions: Vec<&[Message]> = split(&batch).collect();
        assert_eq!(portions.concat(), batch);
        assert_eq!(portions.len(), 6);
        assert_eq!(split(&[]).count(), 0);
    }
}
