//! How much one player may say.

use std::{
    num::NonZeroU32,
    sync::atomic::{AtomicUsize, Ordering},
};

use axum::http::StatusCode;
use governor::{
    DefaultKeyedRateLimiter, Quota, RateLimiter,
    clock::{Clock, DefaultClock},
};
use tower_sessions::session::Id;

use service::ApiError;

/// Sessions are forgotten that have been quiet for long enough to be at rest again. That is looked into once in so
/// many checks, so the memory is bounded by how many sessions talk at the same time.
const TIDY_EVERY: usize = 4096;

/// Lets each session say a number of things a second, and twice that number at once.
///
/// The count is this replica's own. Somebody whose requests reach three replicas may say three times as much, which is
/// what it costs not to ask Redis each time.
#[derive(Debug)]
pub struct RateLimit {
    limiter: DefaultKeyedRateLimiter<Id>,
    checks: AtomicUsize,
}

impl RateLimit {
    /// A limit of so many messages a second for each session.
    pub fn new(per_second: NonZeroU32) -> RateLimit {
        let burst = per_second.saturating_mul(NonZeroU32::MIN.saturating_add(1));
        RateLimit {
            limiter: RateLimiter::keyed(Quota::per_second(per_second).allow_burst(burst)),
            checks: AtomicUsize::new(0),
        }
    }

    /// Counts one message of a session.
    ///
    /// # Errors
    /// 429, with the seconds to wait, when it is one too many.
    pub fn check(&self, session: Id) -> Result<(), ApiError> {
        if self.checks.fetch_add(1, Ordering::Relaxed) % TIDY_EVERY == TIDY_EVERY - 1 {
            self.limiter.retain_recent();
        }
        self.limiter.check_key(&session).map_err(|until| {
            let wait = until.wait_time_from(DefaultClock::default().now());
            // Rounded up: whoever comes back a moment early would only be sent away again.
            let seconds = wait.as_secs_f64().ceil().max(1.0) as u64;
            ApiError::new(
                StatusCode::TOO_MANY_REQUESTS,
                "this is more than one player may say at once; wait a little",
            )
            .with_code("too_many_messages")
            .retry_after(seconds)
        })
    }
}

#[cfg(test)]
mod tests {
    use axum::response::IntoResponse;

    use super::*;

    #[test]
    fn one_session_is_held_back_and_another_is_not() {
        let limit = RateLimit::new(NonZeroU32::new(2).unwrap());
        let (ada, bob) = (Id(1), Id(2));
        for _ in 0..4 {
            assert!(limit.check(ada).is_ok());
        }
        let told = limit.check(ada).unwrap_err().into_response();
        assert_eq!(told.headers()["retry-after"], "1");
        assert!(limit.check(bob).is_ok());
    }
}
