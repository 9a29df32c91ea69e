//! Frames that wait to be written to one socket.

use std::collections::VecDeque;

use axum::extract::ws::Message;

/// Frames in the order in which they are to be written.
#[derive(Debug, Default)]
pub(crate) struct Queue {
    frames: VecDeque<Message>,
    /// Where the frame is that the next of its kind replaces.
    latest: Option<usize>,
    /// Frames that have been taken out to be written, ever.
    taken: u64,
}

impl Queue {
    pub(crate) fn len(&self) -> usize {
        self.frames.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.frames.is_empty()
    }

    /// Frames that have been taken out to be written, ever.
    pub(crate) fn taken(&self) -> u64 {
        self.taken
    }

    /// What [`Self::taken`] will be at the latest when everything that is in here now has been taken out.
    pub(crate) fn goal(&self) -> u64 {
        self.taken + self.frames.len() as u64
    }

    /// Puts frames behind all others.
    pub(crate) fn push(&mut self, frames: impl IntoIterator<Item = Message>) {
        self.frames.extend(frames);
    }

    /// Puts a frame behind all others, and takes out the one that was put here so before. The newer one does not take its place: it
    /// may make sense only after what was said since.
    pub(crate) fn push_latest(&mut self, frame: Message) {
        if let Some(place) = self.latest {
            self.frames.remove(place);
        }
        self.latest = Some(self.frames.len());
        self.frames.push_back(frame);
    }

    /// Puts frames before all others, and gives what [`Self::taken`] will be when they have been taken out.
    pub(crate) fn push_first(&mut self, frames: impl IntoIterator<Item = Message>) -> u64 {
        let waiting = std::mem::take(&mut self.frames);
        self.frames.extend(frames);
        self.latest = self.latest.map(|place| place + self.frames.len());
        let goal = self.goal();
        self.frames.extend(waiting);
        goal
    }

    /// Takes the first frame out.
    pub(crate) fn pop(&mut self) -> Option<Message> {
        let frame = self.frames.pop_front()?;
        self.taken += 1;
        // Before the first place there is none, so it is forgotten where it is this frame itself.
        self.latest = self.latest.and_then(|place| place.checked_sub(1));
        Some(frame)
    }

    /// Throws away what is in here, and gives its memory back.
    pub(crate) fn clear(&mut self) {
        self.frames = VecDeque::new();
        self.latest = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Everything that is in there.
    fn all(queue: &mut Queue) -> Vec<String> {
        let all = std::iter::from_fn(|| queue.pop());
        all.map(|frame| frame.to_text().unwrap().to_owned())
            .collect()
    }

    fn frames<const COUNT: usize>(texts: [&str; COUNT]) -> [Message; COUNT] {
        texts.map(Message::text)
    }

    #[test]
    fn of_what_only_the_last_matters_the_last_is_there() {
        let mut queue = Queue::default();
        for number in 0..100 {
            queue.push_latest(Message::text(number.to_string()));
            assert_eq!(queue.len(), 1);
        }
        assert_eq!(all(&mut queue), ["99"]);
        queue.push_latest(Message::text("100"));
        assert_eq!(all(&mut queue), ["100"]);
    }

    #[test]
    fn what_was_said_between_stays_and_the_newest_comes_after_it() {
        let mut queue = Queue::default();
        queue.push(frames(["a", "b"]));
        queue.push_latest(Message::text("1"));
        queue.push(frames(["c"]));
        assert_eq!(queue.push_first(frames(["first", "second"])), 2);
        assert_eq!(queue.pop(), Some(Message::text("first")));
        queue.push_latest(Message::text("2"));
        queue.push(frames(["d"]));
        queue.push_latest(Message::text("3"));
        queue.push(frames(["e"]));
        assert_eq!(all(&mut queue), ["second", "a", "b", "c", "d", "3", "e"]);
        assert_eq!(queue.taken(), 8);
    }

    #[test]
    fn what_has_been_thrown_away_is_not_replaced() {
        let mut queue = Queue::default();
        queue.push_latest(Message::text("1"));
        queue.clear();
        queue.push(frames(["a"]));
        queue.push_latest(Message::text("2"));
        assert_eq!(all(&mut queue), ["a", "2"]);
    }
}
