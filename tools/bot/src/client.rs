//! A client that comes back: when it loses its socket it opens another one, from the message on that it heard last.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use protocol::Id;
use rand::{RngExt, rngs::StdRng};
use tokio::time::{Instant, sleep, timeout};
use tokio_tungstenite::tungstenite::{Message, Utf8Bytes};

use crate::{
    backoff::Backoff,
    ending::ending,
    session::{self, LoginError, Session},
    socket::Socket,
    watchdog::{Alarm, SILENT_FOR, Watchdog},
    welcome::{self, OpenError, Opened},
};

/// How long an opening may take, from the first packet to the server's welcome.
const OPENED_WITHIN: Duration = Duration::from_secs(5);

/// A connection that lasted so long was a good one.
const GOOD_AFTER: Duration = Duration::from_secs(1);

/// How long a write may take that nobody reads.
const WRITTEN_WITHIN: Duration = Duration::from_secs(5);

/// How a client lost its socket.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LostError {
    /// The server closed it, or the connection broke.
    #[error("{0}")]
    Ended(String),
    /// Nothing came.
    #[error("nothing heard for {} s, given up by the client", SILENT_FOR.as_secs())]
    Silent,
    /// Nothing went.
    #[error("nothing taken for {} s, given up by the client", WRITTEN_WITHIN.as_secs())]
    NotTaken,
    /// There is none.
    #[error("not connected")]
    NotConnected,
}

/// One client.
#[derive(Debug)]
pub struct Client {
    session: Session,
    name: String,
    live: Option<Live>,
    /// The id that it heard last.
    newest: Id,
    /// Whether it says so when it comes back.
    resumes: bool,
    connected_before: bool,
    backoff: Backoff,
    random: StdRng,
}

#[derive(Debug)]
struct Live {
    socket: Socket,
    watchdog: Watchdog,
    since: Instant,
}

impl Client {
    /// A client that is logged in under this name, and not connected yet. `random` decides how long it waits.
    #[must_use]
    pub fn new(session: Session, name: &str, mut random: StdRng) -> Client {
        Client {
            session,
            name: name.to_owned(),
            live: None,
            newest: Id::default(),
            resumes: true,
            connected_before: false,
            backoff: Backoff::new(random.random()),
            random,
        }
    }

    /// Makes it forget what it heard when it comes back.
    pub fn do_not_resume(&mut self) {
        self.resumes = false;
    }

    /// Opens a socket, and gives the replica that holds its other end.
    ///
    /// # Errors
    /// When the server refuses, closes, or says nothing for five seconds.
    pub async fn connect(&mut self) -> Result<String, OpenError> {
        let opened = welcome::open(&self.session, &self.path(), OPENED_WITHIN).await;
        let Opened { socket, replica } = opened?;
        self.connected_before = true;
        self.live = Some(Live {
            socket,
            watchdog: Watchdog::new(self.random.random()),
            since: Instant::now(),
        });
        Ok(replica)
    }

    /// Logs in anew, because the server does not know this client any more.
    ///
    /// # Errors
    /// When the server does not let it in.
    pub async fn log_in(&mut self) -> Result<(), LoginError> {
        let target = self.session.target.clone();
        self.session = session::log_in(&session::client()?, target, &self.name).await?;
        Ok(())
    }

    /// Waits before it connects again: longer each time, until a connection proves good.
    pub async fn wait(&mut self) {
        let wait = self.backoff.wait();
        sleep(wait).await;
    }

    /// The next text. Meanwhile it asks for signs of life. It may be dropped and called again, and nothing is lost.
    ///
    /// # Errors
    /// When the socket has ended, or nothing was heard for five seconds. Then it is not connected any more.
    pub async fn next(&mut self) -> Result<Utf8Bytes, LostError> {
        loop {
            let live = self.live.as_mut().ok_or(LostError::NotConnected)?;
            let alarm = tokio::select! {
                frame = live.socket.next() => {
                    live.watchdog.heard();
                    if let Some(ending) = ending(frame.as_ref()) {
                        self.leave();
                        return Err(LostError::Ended(ending));
                    }
                    if let Some(Ok(Message::Text(text))) = frame {
                        return Ok(text);
                    }
                    continue;
                }
                alarm = live.watchdog.alarm() => alarm,
            };
            match alarm {
                Alarm::Ping => self.write(Message::Ping(Vec::new().into())).await?,
                Alarm::Silent => {
                    self.leave();
                    return Err(LostError::Silent);
                }
            }
        }
    }

    /// Sends a text.
    ///
    /// # Errors
    /// When the connection is lost, or takes nothing for five seconds. Then it is not connected any more.
    pub async fn send(&mut self, text: String) -> Result<(), LostError> {
        self.write(Message::text(text)).await
    }

    /// A message with this id was heard, so this one is where it goes on when it comes back.
    pub fn heard(&mut self, id: Id) {
        self.newest = self.newest.max(id);
    }

    /// Reads nothing for so long. That nothing is heard meanwhile is not the server's fault.
    pub async fn stop_reading(&mut self, time: Duration) {
        sleep(time).await;
        if let Some(live) = &mut self.live {
            live.watchdog.heard();
        }
    }

    /// Cuts the connection without a goodbye.
    pub fn reset(&mut self) {
        if let Some(live) = &self.live {
            // Without this the system would say goodbye in the client's name.
            let _ = live.socket.get_ref().set_zero_linger();
        }
        self.leave();
    }

    /// Drops the socket, if there is one.
    pub fn leave(&mut self) {
        if let Some(live) = self.live.take()
            && live.since.elapsed() >= GOOD_AFTER
        {
            self.backoff.reset();
        }
    }

    /// Where it connects to. One that lost its socket before it heard anything asks for all that is kept.
    fn path(&self) -> String {
        if self.connected_before && self.resumes {
            format!("/ws?after={}", self.newest)
        } else {
            "/ws".to_owned()
        }
    }

    async fn write(&mut self, message: Message) -> Result<(), LostError> {
        let live = self.live.as_mut().ok_or(LostError::NotConnected)?;
        let lost = match timeout(WRITTEN_WITHIN, live.socket.send(message)).await {
            Ok(Ok(())) => return Ok(()),
            Ok(Err(error)) => LostError::Ended(error.to_string()),
            Err(_) => LostError::NotTaken,
        };
        self.leave();
        Err(lost)
    }
}

#[cfg(test)]
mod tests {
    use protocol::{ClientFrame, ServerFrame};

    #[test]
    fn every_kind_of_frame_is_understood() {
        let parse = |text| ServerFrame::parse(text).unwrap();
        let messages = parse(
            r#"{"type":"messages","replica":"webserver-1","messages":[{"id":"5-0","author":"Ada","player":"0123456789abcdef","text":"a \"word\"","sent_at":"2026-11-24T05:22:51.123Z","replica":"webserver-2"}]}"#,
        );
        let ServerFrame::Messages { messages, .. } = messages else {
            panic!("{messages:?}");
        };
        assert_eq!(messages[0].id.to_string(), "5-0");
        assert_eq!(messages[0].text, "a \"word\"");
        let sent = parse(r#"{"type":"sent","ref":"a","id":"5-0"}"#);
        assert!(matches!(sent, ServerFrame::Sent { id, .. } if id.to_string() == "5-0"));
        let error = parse(
            r#"{"type":"error","ref":"a","code":"too_many_messages","error":"no","retry_after":2}"#,
        );
        let retry_after = Some(2);
        assert!(matches!(error, ServerFrame::Error { retry_after: it, .. } if it == retry_after));
        let gap = parse(r#"{"type":"gap","after":"5-0","first":null}"#);
        assert!(
            matches!(gap, ServerFrame::Gap { after, first: None } if after.to_string() == "5-0")
        );
        let welcome = parse(
            r#"{"type":"welcome","replica":"webserver-1","name":"Ada","player":"0123456789abcdef"}"#,
        );
        assert!(
            matches!(welcome, ServerFrame::Welcome { replica, .. } if replica == "webserver-1")
        );
        let presence = parse(r#"{"type":"presence","count":1,"players":[]}"#);
        assert!(matches!(presence, ServerFrame::Presence { .. }));
    }

    #[test]
    fn a_send_is_what_the_server_expects() {
        let send = ClientFrame::Send {
            reference: "7".into(),
            text: "hello".into(),
        };
        assert_eq!(
            send.to_json(),
            r#"{"type":"send","ref":"7","text":"hello"}"#
        );
    }
}
