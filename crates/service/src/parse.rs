//! Parsers of values on the command line. Each error is a sentence that says what a value must be.

use std::{convert::Infallible, net::SocketAddr, time::Duration};

/// Parses an address and a port.
pub fn address(text: &str) -> Result<SocketAddr, String> {
    text.parse()
        .map_err(|_| "it must be an IP address and a port, such as 127.0.0.1:8080".to_owned())
}

/// Parses seconds, with fractions, from 0 to 60. Docker kills a container that takes longer than its own
/// grace period, so a longer wait would only be cut off.
pub fn seconds(text: &str) -> Result<Duration, String> {
    text.parse()
        .ok()
        .filter(|seconds| (0.0..=60.0).contains(seconds))
        .map(Duration::from_secs_f64)
        .ok_or_else(|| "it must be a number of seconds from 0 to 60".to_owned())
}

/// Whether there is anything at all. Of some variables only this counts, and not what stands in them.
#[allow(clippy::unnecessary_wraps, reason = "clap asks for a Result")]
pub fn is_given(text: &str) -> Result<bool, Infallible> {
    Ok(!text.is_empty())
}
