//! How much may be said from one browser.

use std::{num::NonZeroU32, time::Duration};

use axum::http::StatusCode;
use service::ApiError;

use crate::limit::Limit;

/// Lets each browser say a number of things a second, and twice that number at once, whoever logs in there.
///
/// The count is this replica's own, and holds back what need not reach Redis.
#[derive(Debug)]
pub struct RateLimit {
    /// Messages a second.
    pub per_second: NonZeroU32,
    of_browser: Limit<String>,
}

impl RateLimit {
    /// A limit of so many messages a second for each browser.
    pub fn new(per_second: NonZeroU32) -> RateLimit {
        let burst = per_second.saturating_mul(NonZeroU32::MIN.saturating_add(1));
        RateLimit {
            per_second,
            of_browser: Limit::new(per_second, burst),
        }
    }

    /// Counts one message from a browser.
    ///
    /// # Errors
    /// 429, with how long to wait, when it is one too many.
    pub fn check(&self, browser: &String) -> Result<(), ApiError> {
        self.of_browser
            .check(browser)
            .map_err(|wait| self.too_many(wait))
    }

    /// The error for a message that is one too many, with how long to wait.
    pub fn too_many(&self, wait: Duration) -> ApiError {
        let message = format!(
            "this is more than may be said at once; send at most {} messages a second, and wait a little now",
            self.per_second
        );
        ApiError::new(StatusCode::TOO_MANY_REQUESTS, message)
            .with_code("too_many_messages")
            .retry_after(wait)
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
