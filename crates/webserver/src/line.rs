//! A socket that two write to: its own task, and the hub.
//!
//! While a client keeps up, the hub writes a frame to its socket then and there. To wake the socket's task instead, so that
//! it does the same a moment later, would cost a fifth more. Only a socket that does not take a frame at once makes
//! work for its task: the frame waits in a queue, and so do those behind it, until the task has written them all.

use std::{
    collections::VecDeque,
    future::poll_fn,
    pin::Pin,
    sync::{Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, Waker, ready},
};

use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket};
use futures_util::{Sink, Stream};
use tokio::sync::Notify;

/// Frames that a client may be behind. They share their bytes with all other sockets, so this bounds what sockets that do
/// not read can keep in memory, for one of them or for all: so many of the last frames.
const BEHIND: usize = 512;

/// Why nothing more can be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Broken {
    /// The connection is lost, or was closed.
    Gone,
    /// The client is further behind than it may be.
    TooSlow,

    // lesson 7
    /// This replica missed messages itself, and cannot tell this client what comes next.
    Hole,
}

/// A socket and what waits to be written to it.
#[derive(Debug)]
pub struct Line {
    /// Never contended: this process has one thread. It makes two writers take turns.
    state: Mutex<State>,
    /// There is something for the socket's task.
    behind: Notify,
}

#[derive(Debug)]
struct State {
    socket: WebSocket,
    queue: VecDeque<Message>,
    /// Frames that have left the queue, ever.
    taken: u64,
    /// Everything is written, so the hub may write the next frame itself.
    is_idle: bool,
    broken: Option<Broken>,
}

impl Line {
    /// A line on which only its task writes, until it has written something.
    pub fn new(socket: WebSocket) -> Line {
        Line {
            state: Mutex::new(State {
                socket,
                queue: VecDeque::new(),
                taken: 0,
                is_idle: false,
                broken: None,
            }),
            behind: Notify::new(),
        }
    }

    /// Writes frames if the client has kept up; else they wait for the socket's task.
    pub fn offer(&self, frames: &[Utf8Bytes]) {
        let mut state = self.state();
        let is_idle = state.is_idle;
        state.enqueue(frames.iter().cloned().map(Message::Text));
        // Nobody is to be woken by this try: if it does not do, the task tries again and waits.
        let mut nobody = Context::from_waker(Waker::noop());
        let goal = state.goal();
        let is_written = is_idle && state.poll_write(&mut nobody, goal) == Poll::Ready(Ok(()));
        if (is_idle && !is_written) || state.broken.is_some() {
            self.behind.notify_one();
        }
    }

    /// Puts frames into the queue, and writes what is in there by now: one system call for all of it, if they are small.
    ///
    /// # Errors
    /// When the line is broken.
    pub async fn write(&self, frames: impl IntoIterator<Item = Message>) -> Result<(), Broken> {
        let goal = {
            let mut state = self.state();
            state.enqueue(frames);
            state.goal()
        };
        let written = poll_fn(|context| self.state().poll_write(context, goal)).await;
        if !self.state().is_idle {
            // More has come meanwhile. Between the two, its task can listen.
            self.behind.notify_one();
        }
        written
    }

    // lesson 7
    /// Writes frames before all that is in the queue, which stays there: what the hub has told meanwhile is to come later.
    ///
    /// # Errors
    /// When the line is broken.
    pub async fn write_ahead(
        &self,
        frames: impl IntoIterator<Item = Message>,
    ) -> Result<(), Broken> {
        let goal = self.state().prepend(frames);
        poll_fn(|context| {
            let mut state = self.state();
            match state.broken {
                Some(broken) => Poll::Ready(Err(broken)),
                None => state.poll_socket(context, goal),
            }
        })
        .await
    }

    // lesson 7
    /// Lets its task know that nothing more can be told.
    pub fn has_hole(&self) {
        self.state().broken = Some(Broken::Hole);
        self.behind.notify_one();
    }

    /// Waits until there is something to write, or the line is broken.
    pub async fn is_behind(&self) {
        self.behind.notified().await;
    }

    /// The next that the client says. None when it is gone.
    pub async fn hear(&self) -> Option<Result<Message, axum::Error>> {
        poll_fn(|context| Pin::new(&mut self.state().socket).poll_next(context)).await
    }

    /// Says a last word, and waits until the client has answered it.
    pub async fn close(&self, frame: CloseFrame) {
        {
            let mut state = self.state();
            state.queue.clear();
            state.broken = None;
        }
        if self.write([Message::Close(Some(frame))]).await.is_ok() {
            while let Some(Ok(_)) = self.hear().await {}
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn enqueue(&mut self, frames: impl IntoIterator<Item = Message>) {
        if self.broken.is_some() {
            return;
        }
        self.queue.extend(frames);
        self.is_idle = false;
        if self.queue.len() > BEHIND {
            self.queue = VecDeque::new();
            self.broken = Some(Broken::TooSlow);
        }
    }

    // lesson 7
    /// Puts frames before all others, and gives what [`Self::taken`] will be when they have left.
    fn prepend(&mut self, frames: impl IntoIterator<Item = Message>) -> u64 {
        let waiting = std::mem::take(&mut self.queue);
        self.queue.extend(frames);
        let goal = self.goal();
        self.queue.extend(waiting);
        goal
    }

    /// What [`Self::taken`] will be when everything that is in the queue now has left it.
    fn goal(&self) -> u64 {
        self.taken + self.queue.len() as u64
    }

    /// Writes frames until `goal` have left the queue, and then all bytes of them.
    fn poll_write(&mut self, context: &mut Context<'_>, goal: u64) -> Poll<Result<(), Broken>> {
        if let Some(broken) = self.broken {
            return Poll::Ready(Err(broken));
        }
        let written = ready!(self.poll_socket(context, goal));
        match written {
            Ok(()) => self.is_idle = self.queue.is_empty(),
            Err(broken) => self.broken = Some(broken),
        }
        Poll::Ready(written)
    }

    fn poll_socket(&mut self, context: &mut Context<'_>, goal: u64) -> Poll<Result<(), Broken>> {
        let gone = |_| Broken::Gone;
        let mut socket = Pin::new(&mut self.socket);
        while self.taken < goal {
            ready!(socket.as_mut().poll_ready(context)).map_err(gone)?;
            let Some(frame) = self.queue.pop_front() else {
                break;
            };
            self.taken += 1;
            socket.as_mut().start_send(frame).map_err(gone)?;
        }
        socket.poll_flush(context).map_err(gone)
    }
}
