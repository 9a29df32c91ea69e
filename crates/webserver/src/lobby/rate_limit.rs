//! How often one browser may ask for a seat, or for a party.

use std::{num::NonZeroU32, time::Duration};

use axum::http::StatusCode;
use service::ApiError;

use crate::limit::Limit;

/// Asks a second. Whoever waits for room asks once a second.
const PER_SECOND: NonZeroU32 = NonZeroU32::MIN.saturating_add(4);

/// Asks at once.
const AT_ONCE: NonZeroU32 = NonZeroU32::MIN.saturating_add(19);

/// Lets each browser ask so often, whoever logs in there. There is no such limit by address: a class has one address, and all of
/// it may want to play in the same second.
#[derive(Debug)]
pub struct RateLimit(Limit<String>);

impl RateLimit {
    /// Nobody has asked yet.
    pub fn new() -> RateLimit {
        RateLimit(Limit::new(PER_SECOND, AT_ONCE))
    }

    /// Counts one ask.
    ///
    /// # Errors
    /// 429, with how long to wait, when it is one too many.
    pub fn check(&self, browser: &String) -> Result<(), ApiError> {
        self.0.check(browser).map_err(too_often)
    }
}

fn too_often(wait: Duration) -> ApiError {
    let message = format!(
        "this was asked too often; ask at most {PER_SECOND} times a second, and wait a little now"
    );
    ApiError::new(StatusCode::TOO_MANY_REQUESTS, message)
        .with_code("too_many_plays")
        .retry_after(wait)
}
