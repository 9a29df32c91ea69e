//! A socket that two write to: its own task, and whoever has something for all sockets.
//!
//! While a client keeps up, a frame for all is written to its socket then and there. To wake the socket's task instead, so that
//! it does the same a moment later, would cost a fifth more. Only a socket that does not take a frame at once makes
//! work for its task: the frame waits in a queue, and so do those behind it, until the task has written them all.
//!
//! Of some frames only the last one matters, such as where everybody is in a game. Of these no more than one waits.

use std::{
    future::poll_fn,
    pin::Pin,
    task::{Context, Poll, Waker, ready},
};

use axum::{
    body::Bytes,
    extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket},
};
use futures_util::{Sink, Stream};
use parking_lot::{Mutex, MutexGuard};
use protocol::CloseReason;
use tokio::sync::Notify;

use crate::queue::Queue;

/// Frames that a client may be behind. They share their bytes with all other sockets, so this bounds what sockets that do
/// not read can keep in memory, for one of them or for all: so many of the last frames.
const BEHIND: usize = 512;

/// Why a socket cannot be used any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SocketError {
    /// The client has closed it, or its connection is lost.
    #[error("the client is gone")]
    Gone,
    /// The server has to close it.
    #[error("the socket has to be closed: {}", .0.text())]
    Evicted(CloseReason),
}

impl From<CloseReason> for SocketError {
    fn from(reason: CloseReason) -> SocketError {
        SocketError::Evicted(reason)
    }
}

/// What is needed of a socket.
pub trait Socket:
    Stream<Item = Result<Message, axum::Error>> + Sink<Message, Error = axum::Error> + Unpin
{
}

impl Socket for WebSocket {}

/// A socket and what waits to be written to it.
#[derive(Debug)]
pub struct Outbound<S = WebSocket> {
    /// Never contended: this process has one thread. It makes two writers take turns.
    state: Mutex<State<S>>,
    /// There is something for the socket's task.
    backlog: Notify,
}

#[derive(Debug)]
struct State<S> {
    socket: S,
    queue: Queue,
    /// Everything is written, so the next frame may be written by whoever has it.
    is_idle: bool,
    error: Option<SocketError>,
}

impl<S: Socket> Outbound<S> {
    /// Only its task writes, until it has written something.
    pub fn new(socket: S) -> Outbound<S> {
        Outbound {
            state: Mutex::new(State {
                socket,
                queue: Queue::default(),
                is_idle: false,
                error: None,
            }),
            backlog: Notify::new(),
        }
    }

    /// Writes frames if the client has kept up; else they wait for the socket's task.
    pub fn try_send(&self, frames: &[Utf8Bytes]) {
        self.try_write(|queue| queue.push(frames.iter().cloned().map(Message::Text)));
    }

    /// Writes bytes if the client has kept up; else they wait for the socket's task, in place of those that wait from the call before.
    ///
    /// So a client that reads slowly, or not at all for a while, does not have to read what is out of date before it comes to the newest.
    /// What has left for the network cannot be taken back, however.
    pub fn try_send_latest(&self, bytes: Bytes) {
        self.try_write(|queue| queue.push_latest(Message::Binary(bytes)));
    }

    fn try_write(&self, push: impl FnOnce(&mut Queue)) {
        let mut state = self.state();
        let is_idle = state.is_idle;
        state.add(push);
        // Nobody is to be woken by this try: if it does not do, the task tries again and waits.
        let mut nobody = Context::from_waker(Waker::noop());
        let goal = state.queue.goal();
        let is_written = is_idle && state.poll_write(&mut nobody, goal) == Poll::Ready(Ok(()));
        if (is_idle && !is_written) || state.error.is_some() {
            self.backlog.notify_one();
        }
    }

    /// Puts frames into the queue, and writes what is in there by now: one system call for all of it, if they are small.
    ///
    /// # Errors
    /// When the socket cannot be used any more.
    pub async fn send(&self, frames: impl IntoIterator<Item = Message>) -> Result<(), SocketError> {
        let goal = {
            let mut state = self.state();
            state.enqueue(frames);
            state.queue.goal()
        };
        let written = poll_fn(|context| self.state().poll_write(context, goal)).await;
        if !self.state().is_idle {
            // More has come meanwhile. Between the two, its task can listen.
            self.backlog.notify_one();
        }
        written
    }

    /// Writes frames before all that is in the queue, which stays there: what was sent to all meanwhile is to come later.
    ///
    /// # Errors
    /// When the socket cannot be used any more.
    pub async fn send_first(
        &self,
        frames: impl IntoIterator<Item = Message>,
    ) -> Result<(), SocketError> {
        let goal = self.state().queue.push_first(frames);
        poll_fn(|context| {
            let mut state = self.state();
            match state.error {
                Some(error) => Poll::Ready(Err(error)),
                None => state.poll_socket(context, goal),
            }
        })
        .await
    }

    /// Has the socket closed by its task, for this reason. Nothing more is written to it but that.
    pub fn evict(&self, reason: CloseReason) {
        self.state().error = Some(SocketError::Evicted(reason));
        self.backlog.notify_one();
    }

    /// Waits until there is something to write, or the socket cannot be used any more.
    pub async fn backlogged(&self) {
        self.backlog.notified().await;
    }

    /// The next that the client sends. None when it is gone.
    pub async fn receive(&self) -> Option<Result<Message, axum::Error>> {
        poll_fn(|context| Pin::new(&mut self.state().socket).poll_next(context)).await
    }

    /// Says a last word, and waits until the client has answered it.
    pub async fn close(&self, frame: CloseFrame) {
        {
            let mut state = self.state();
            state.queue.clear();
            state.error = None;
        }
        if self.send([Message::Close(Some(frame))]).await.is_ok() {
            while let Some(Ok(_)) = self.receive().await {}
        }
    }

    fn state(&self) -> MutexGuard<'_, State<S>> {
        self.state.lock()
    }
}

impl<S: Socket> State<S> {
    fn enqueue(&mut self, frames: impl IntoIterator<Item = Message>) {
        self.add(|queue| queue.push(frames));
    }

    fn add(&mut self, push: impl FnOnce(&mut Queue)) {
        if self.error.is_some() {
            return;
        }
        push(&mut self.queue);
        self.is_idle = false;
        if self.queue.len() > BEHIND {
            self.queue.clear();
            self.error = Some(CloseReason::TooSlow.into());
        }
    }

    /// Writes frames until `goal` have been taken from the queue, and then all bytes of them.
    fn poll_write(
        &mut self,
        context: &mut Context<'_>,
        goal: u64,
    ) -> Poll<Result<(), SocketError>> {
        if let Some(error) = self.error {
            return Poll::Ready(Err(error));
        }
        let written = ready!(self.poll_socket(context, goal));
        match written {
            Ok(()) => self.is_idle = self.queue.is_empty(),
            Err(error) => self.error = Some(error),
        }
        Poll::Ready(written)
    }

    fn poll_socket(
        &mut self,
        context: &mut Context<'_>,
        goal: u64,
    ) -> Poll<Result<(), SocketError>> {
        let gone = |_| SocketError::Gone;
        let mut socket = Pin::new(&mut self.socket);
        while self.queue.taken() < goal {
            ready!(socket.as_mut().poll_ready(context)).map_err(gone)?;
            let Some(frame) = self.queue.pop() else {
                break;
            };
            socket.as_mut().start_send(frame).map_err(gone)?;
        }
        socket.poll_flush(context).map_err(gone)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use futures_util::FutureExt;

    use super::*;

    /// A client that can be told to take nothing any more, and what it was sent.
    #[derive(Clone, Default)]
    struct Client(Arc<Mutex<Reading>>);

    #[derive(Default)]
    struct Reading {
        is_stuck: bool,
        heard: Vec<Message>,
        waiting: Option<Waker>,
    }

    impl Client {
        fn reads(&self, reads: bool) {
            let mut reading = self.0.lock();
            reading.is_stuck = !reads;
            if let Some(waiting) = reading.waiting.take() {
                waiting.wake();
            }
        }

        fn heard(&self) -> Vec<String> {
            let reading = self.0.lock();
            let texts = reading.heard.iter().map(|frame| frame.to_text().unwrap());
            texts.map(str::to_owned).collect()
        }

        fn poll(&self, context: &Context<'_>) -> Poll<Result<(), axum::Error>> {
            let mut reading = self.0.lock();
            if reading.is_stuck {
                reading.waiting = Some(context.waker().clone());
                return Poll::Pending;
            }
            Poll::Ready(Ok(()))
        }
    }

    impl Socket for Client {}

    impl Stream for Client {
        type Item = Result<Message, axum::Error>;

        fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
            Poll::Pending
        }
    }

    impl Sink<Message> for Client {
        type Error = axum::Error;

        fn poll_ready(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), axum::Error>> {
            self.poll(cx)
        }

        fn start_send(self: Pin<&mut Self>, frame: Message) -> Result<(), axum::Error> {
            self.0.lock().heard.push(frame);
            Ok(())
        }

        fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), axum::Error>> {
            self.poll(cx)
        }

        fn poll_close(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), axum::Error>> {
            self.poll(cx)
        }
    }

    async fn welcomed() -> (Client, Arc<Outbound<Client>>) {
        let client = Client::default();
        let outbound = Arc::new(Outbound::new(client.clone()));
        // The first that is written is written by its task.
        outbound.try_send(&["early".into()]);
        assert!(client.heard().is_empty());
        outbound.send([Message::text("welcome")]).await.unwrap();
        assert_eq!(client.heard(), ["early", "welcome"]);
        (client, outbound)
    }

    #[tokio::test]
    async fn a_client_that_keeps_up_is_told_then_and_there_and_another_by_its_task() {
        let (client, outbound) = welcomed().await;
        outbound.try_send(&["a".into(), "b".into()]);
        assert_eq!(client.heard()[2..], ["a", "b"]);
        client.reads(false);
        outbound.try_send(&["c".into()]);
        outbound.try_send(&["d".into()]);
        assert_eq!(client.heard().len(), 4);
        assert!(
            outbound.backlogged().now_or_never().is_some(),
            "its task was not woken"
        );
        let task = {
            let outbound = Arc::clone(&outbound);
            tokio::spawn(async move { outbound.send([]).await })
        };
        tokio::task::yield_now().await;
        client.reads(true);
        assert_eq!(task.await.unwrap(), Ok(()));
        assert_eq!(client.heard()[4..], ["c", "d"]);
        outbound.try_send(&["e".into()]);
        assert_eq!(client.heard()[6..], ["e"]);
    }

    /// Lets the socket's task write what waits, which `reads` makes possible.
    async fn write_all(client: &Client, outbound: &Arc<Outbound<Client>>) {
        assert!(outbound.backlogged().now_or_never().is_some());
        client.reads(true);
        outbound.send([]).await.unwrap();
    }

    #[tokio::test]
    async fn of_what_only_the_last_matters_a_slow_client_gets_the_last() {
        let (client, outbound) = welcomed().await;
        outbound.try_send_latest("1".into());
        outbound.try_send_latest("2".into());
        assert_eq!(client.heard(), ["early", "welcome", "1", "2"]);
        client.reads(false);
        for number in 3..100 {
            outbound.try_send_latest(number.to_string().into());
        }
        assert_eq!(outbound.state().queue.len(), 1);
        write_all(&client, &outbound).await;
        assert_eq!(client.heard(), ["early", "welcome", "1", "2", "99"]);
        outbound.try_send_latest("100".into());
        assert_eq!(client.heard(), ["early", "welcome", "1", "2", "99", "100"]);
    }

    #[tokio::test]
    async fn before_its_task_has_written_a_socket_keeps_the_newest_only() {
        let client = Client::default();
        let outbound = Arc::new(Outbound::new(client.clone()));
        outbound.try_send_latest("1".into());
        outbound.try_send_latest("2".into());
        outbound.send([Message::text("welcome")]).await.unwrap();
        assert_eq!(client.heard(), ["2", "welcome"]);
    }

    #[tokio::test]
    async fn whoever_has_been_given_up_is_sent_nothing_newer() {
        let (client, outbound) = welcomed().await;
        outbound.evict(CloseReason::Restart);
        outbound.try_send_latest("1".into());
        assert_eq!(client.heard(), ["early", "welcome"]);
        assert!(outbound.state().queue.is_empty());
    }

    #[tokio::test]
    async fn a_client_that_falls_too_far_behind_is_given_up() {
        let (client, outbound) = welcomed().await;
        client.reads(false);
        for _ in 0..=BEHIND {
            outbound.try_send(&["x".into()]);
        }
        assert!(
            outbound.backlogged().now_or_never().is_some(),
            "its task was not woken"
        );
        assert_eq!(outbound.send([]).await, Err(CloseReason::TooSlow.into()));
        assert!(outbound.state().queue.is_empty());
    }
}
