//! How much may be said from one browser.

use std::{
    num::NonZeroU32,
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

use axum::http::StatusCode;
use governor::{
    DefaultKeyedRateLimiter, Quota, RateLimiter,
    clock::{Clock, DefaultClock},
};

use service::ApiError;

/// Browsers are forgotten that have been quiet for long enough to be at rest again. That is looked into once in so
/// many checks, so the memory is bounded by how many of them talk at the same time.
const TIDY_EVERY: usize = 4096;

/// Lets each browser say a number of things a second, and twice that number at once, whoever logs in there.
///
/// The count is this replica's own, and holds back what need not reach Redis.
#[derive(Debug)]
pub struct RateLimit {
    /// Messages a second.
    pub per_second: NonZeroU32,
    limiter: DefaultKeyedRateLimiter<String>,
    checks: AtomicUsize,
}

impl RateLimit {
    /// A limit of so many messages a second for each browser.
    pub fn new(per_second: NonZeroU32) -> RateLimit {
        let burst = per_second.saturating_mul(NonZeroU32::MIN.saturating_add(1));
        RateLimit {
            per_second,
            limiter: RateLimiter::keyed(Quota::per_second(per_second).allow_burst(burst)),
            checks: AtomicUsize::new(0),
        }
    }

    /// Counts one message from a browser.
    ///
    /// # Errors
    /// 429, with the seconds to wait, when it is one too many.
    pub fn check(&self, browser: &String) -> Result<(), ApiError> {
        if self.checks.fetch_add(1, Ordering::Relaxed) % TIDY_EVERY == TIDY_EVERY - 1 {
            self.limiter.retain_recent();
        }
        self.limiter
            .check_key(browser)
            .map_err(|until| self.too_many(until.wait_time_from(DefaultClock::default().now())))
    }

    /// The error for a message that is one too many, with how long to wait.
    pub fn too_many(&self, wait: Duration) -> ApiError {
        // Rounded up: whoever comes back a moment early would only be sent away again.
        let seconds = wait.as_secs_f64().ceil().max(1.0) as u64;
        let message = format!(
            "this is more than may be said at once; {} messages a second are accepted, so wait a little",
            self.per_second
        );
        ApiError::new(StatusCode::TOO_MANY_REQUESTS, message)
            .with_code("too_many_messages")
            .retry_after(seconds)
    }
}

#[cfg(test)]
mod tests {
    use axum::response::IntoResponse;

    use super::*;

    #[test]
    fn one_browser_is_held_back_and_another_is_not() {
        let limit = RateLimit::new(NonZeroU32::new(2).unwrap());
        let (ada, bob) = (&"ada's".to_owned(), &"bob's".to_owned());
        for _ in 0..4 {
            assert!(limit.check(ada).is_ok());
        }
        let told = limit.check(ada).unwrap_err().into_response();
        assert_eq!(told.headers()["retry-after"], "1");
        assert!(limit.check(bob).is_ok());
    }
}
