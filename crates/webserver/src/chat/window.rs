//! What is said within a short time, gathered into one frame.
//!
//! A frame costs whoever handles it about the same, however much is in it: the replica and the proxy each make a system call for
//! it, and the browser wakes up. So in a busy chat it is the number of frames that counts, and here it stops growing
//! with what is said.

use std::time::Duration;

use clap::Args;
use protocol::Message;
use tokio::time::{Instant, sleep_until};

/// Messages that do not wait any longer when so many have gathered: several frames are full by then.
const FULL: usize = 256;

/// How long what is said may wait for more.
#[derive(Args, Clone, Debug)]
pub struct WindowConfig {
    /// Milliseconds within which what is said is gathered into one frame: 0 to 1000, and 0 gathers nothing
    #[arg(
        long,
        env = "FLUSH_WINDOW",
        global = true,
        default_value = "40",
        value_parser = clap::value_parser!(u16).range(0..=1000),
        value_name = "MILLISECONDS"
    )]
    pub flush_window: u16,
}

/// Messages on their way to all sockets.
///
/// The first one after a quiet time goes at once, so a lone word is as fast as without this. What comes soon after waits: the
/// first of it opens a window, and all that has come goes together when that closes.
#[derive(Debug)]
pub struct Window {
    length: Duration,
    /// Until then what is said waits.
    closes: Instant,
    gathered: Vec<Message>,
}

impl Window {
    /// Nothing is on its way.
    pub fn new(config: &WindowConfig) -> Window {
        Window {
            length: Duration::from_millis(config.flush_window.into()),
            closes: Instant::now(),
            gathered: Vec::new(),
        }
    }

    /// Adds what was said.
    pub fn gather(&mut self, said: &[Message]) {
        let now = Instant::now();
        // Not with the last frame: half of the window would often be over by now, with nothing gathered.
        if self.gathered.is_empty() && now < self.closes {
            self.closes = now + self.length;
        }
        self.gathered.extend_from_slice(said);
    }

    /// Waits until something has gathered that may go, and gives it: at least one message. Nothing is lost if whoever waits
    /// stops waiting.
    pub async fn due(&mut self) -> Vec<Message> {
        if self.gathered.is_empty() {
            // Only `gather` changes that, and it cannot be called meanwhile.
            return std::future::pending().await;
        }
        if self.gathered.len() < FULL && Instant::now() < self.closes {
            sleep_until(self.closes).await;
        }
        self.closes = Instant::now() + self.length;
        self.take()
    }

    /// What has gathered, whether it may go or not.
    pub fn take(&mut self) -> Vec<Message> {
        std::mem::take(&mut self.gathered)
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;
    use protocol::{Id, Who};
    use tokio::time::advance;

    use super::*;

    fn window(flush_window: u16) -> Window {
        Window::new(&WindowConfig { flush_window })
    }

    fn say(window: &mut Window, text: &str) {
        window.gather(&[Message::new(
            Id::default(),
            "webserver-1",
            &Who::default(),
            text,
        )]);
    }

    /// What may go now.
    fn due(window: &mut Window) -> Option<Vec<String>> {
        let due = window.due().now_or_never()?;
        Some(due.into_iter().map(|message| message.text).collect())
    }

    async fn pass(milliseconds: u64) {
        advance(Duration::from_millis(milliseconds)).await;
    }

    #[tokio::test(start_paused = true)]
    async fn a_lone_word_goes_at_once_and_what_follows_goes_together() {
        let mut window = window(40);
        assert_eq!(due(&mut window), None);
        say(&mut window, "a");
        assert_eq!(due(&mut window).unwrap(), ["a"]);
        say(&mut window, "b");
        pass(30).await;
        say(&mut window, "c");
        assert_eq!(due(&mut window), None);
        pass(10).await;
        assert_eq!(due(&mut window).unwrap(), ["b", "c"]);
        // Something has just gone, so the next waits, and as long as any.
        pass(30).await;
        say(&mut window, "d");
        pass(30).await;
        assert_eq!(due(&mut window), None);
        pass(10).await;
        assert_eq!(due(&mut window).unwrap(), ["d"]);
        pass(40).await;
        say(&mut window, "e");
        assert_eq!(due(&mut window).unwrap(), ["e"]);
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_waits_is_woken_when_the_window_closes() {
        let mut window = window(40);
        say(&mut window, "a");
        window.due().await;
        say(&mut window, "b");
        let begun = Instant::now();
        assert_eq!(window.due().await.len(), 1);
        assert_eq!(begun.elapsed(), Duration::from_millis(40));
    }

    #[tokio::test(start_paused = true)]
    async fn a_window_of_nothing_gathers_nothing() {
        let mut window = window(0);
        for text in ["a", "b"] {
            say(&mut window, text);
            assert_eq!(due(&mut window).unwrap(), [text]);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn what_would_fill_frames_does_not_wait() {
        let mut window = window(1000);
        say(&mut window, "a");
        assert!(due(&mut window).is_some());
        for _ in 1..FULL {
            say(&mut window, "b");
        }
        assert_eq!(due(&mut window), None);
        say(&mut window, "b");
        assert_eq!(due(&mut window).unwrap().len(), FULL);
    }
}
