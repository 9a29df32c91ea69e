//! What a request waited for.
//!
//! Nearly all of the time that a request takes it waits for a server behind the replica. So each wait is added to the
//! request that it is done for, and the one line that says how long the request took says, too, which of them it was.

use std::{cell::RefCell, time::Duration};

use tokio::{task_local, time::Instant};

pub use crate::server::Server;
use crate::stores;

/// How long a request has waited for each server; none for one that it did not ask.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Waits {
    /// For the Redis of the sessions.
    pub sessions: Option<Duration>,
    /// For the Redis of the messages.
    pub pubsub: Option<Duration>,
    /// For the Redis of the matches.
    pub matches: Option<Duration>,
}

task_local! {
    static WAITS: RefCell<Waits>;
}

/// Does what is to be done for one request, and says what that has waited for.
pub async fn counted<T>(request: impl Future<Output = T>) -> (T, Waits) {
    let with_waits = async {
        let result = request.await;
        (result, WAITS.with(|waits| *waits.borrow()))
    };
    WAITS.scope(RefCell::default(), with_waits).await
}

/// Waits for an answer of this server, and adds the time to those of the request. Of two that are asked at once both
/// times count, so the sum may be more than the request took.
///
/// # Errors
/// That of the answer, which counts as a failure of this server.
pub async fn on<T, E>(server: Server, answer: impl Future<Output = Result<T, E>>) -> Result<T, E> {
    let begun = Instant::now();
    let answer = answer.await;
    let waited = begun.elapsed();
    stores::waited(server, waited, answer.is_ok());
    // What is done for no request has nobody to tell.
    let _ = WAITS.try_with(|waits| {
        let mut waits = waits.borrow_mut();
        let sum = match server {
            Server::Sessions => &mut waits.sessions,
            Server::Pubsub => &mut waits.pubsub,
            Server::Matches => &mut waits.matches,
        };
        *sum = Some(sum.unwrap_or_default() + waited);
    });
    answer
}

/// A time as it is logged: in milliseconds, with one digit behind the point.
#[must_use]
pub fn in_ms(time: Duration) -> f64 {
    (time.as_secs_f64() * 10_000.0).round() / 10.0
}

#[cfg(test)]
mod tests {
    use tokio::time::sleep;

    use super::*;

    #[tokio::test]
    async fn waits_are_added_up_for_each_server() {
        let ms = Duration::from_millis;
        let wait = async |time| {
            sleep(ms(time)).await;
            Ok::<(), ()>(())
        };
        let request = async {
            on(Server::Sessions, wait(3)).await?;
            on(Server::Matches, wait(5)).await?;
            on(Server::Sessions, wait(4)).await?;
            Ok::<_, ()>("done")
        };
        let (answer, waits) = counted(request).await;
        assert_eq!(answer, Ok("done"));
        assert!(waits.sessions >= Some(ms(7)), "{waits:?}");
        assert!(waits.matches >= Some(ms(5)), "{waits:?}");
        assert_eq!(waits.pubsub, None);
        assert_eq!(on(Server::Pubsub, async { Err::<(), _>(1) }).await, Err(1));
    }

    #[test]
    fn milliseconds_have_one_digit() {
        assert_eq!(in_ms(Duration::from_micros(301_249)), 301.2);
        assert_eq!(in_ms(Duration::ZERO), 0.0);
    }
}
