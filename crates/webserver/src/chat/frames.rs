//! What this replica tells, as frames.

use std::borrow::Cow;

use axum::extract::ws::Utf8Bytes;
use messages::{Changes, Present};
use protocol::{Message, ServerFrame, Who};

/// Where a frame of messages is full, in bytes of text. Messages that came together share a frame. Times the number of
/// frames that a client may be behind, this is what all that do not read can keep in memory: 2 MB.
const FULL: usize = 4 * 1024;

/// Players that one frame tells of when a socket is told who is here.
const TOLD_AT_ONCE: usize = 16;

/// The first frame of a socket.
pub fn welcome_frame(replica: &str, who: &Who) -> Utf8Bytes {
    let frame = ServerFrame::Welcome {
        replica: replica.into(),
        name: (&who.name).into(),
        player: who.player,
    };
    frame.to_json().into()
}

/// The frames that tell who is here: some of them first, and the others as if they had come since.
///
/// One frame with all would do. But a socket keeps memory for the largest frame that was ever written to it, and this would be
/// it for those who only listen.
pub fn presence_frames(present: &Present) -> Vec<Utf8Bytes> {
    let count = present.count;
    let players: Vec<Who> = present.players.values().cloned().collect();
    let (first, others) = players.split_at(players.len().min(TOLD_AT_ONCE));
    let first = ServerFrame::Presence {
        count,
        players: first.into(),
    };
    let others = others
        .chunks(TOLD_AT_ONCE)
        .map(|came| ServerFrame::Changes {
            count,
            came: came.into(),
            left: Cow::default(),
        });
    std::iter::once(first)
        .chain(others)
        .map(|frame| frame.to_json().into())
        .collect()
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
    use protocol::{Id, PlayerId};
    use serde_json::Value;

    use super::*;

    #[test]
    fn a_long_list_is_told_in_small_frames_and_nobody_is_left_out() {
        let who = |number: u32| Who {
            player: PlayerId::random(),
            name: format!("Player {number}"),
        };
        let players = (0..100).map(who).map(|who| (who.player, who)).collect();
        let present = Present {
            count: 5_000,
            players,
        };
        let frames: Vec<Value> = presence_frames(&present)
            .iter()
            .map(|frame| serde_json::from_str(frame).unwrap())
            .collect();
        assert_eq!(frames.len(), 7);
        assert!(frames.iter().all(|frame| frame["count"] == 5_000));
        assert_eq!(frames[0]["type"], "presence");
        let told = frames.iter().flat_map(|frame| {
            let entries = ["players", "came"].map(|key| frame[key].as_array());
            entries.into_iter().flatten().flatten()
        });
        assert_eq!(told.count(), 100);
        assert_eq!(presence_frames(&Present::default()).len(), 1);
    }

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
