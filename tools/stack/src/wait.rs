//! Waiting for a condition that nobody tells us of.

use std::{future::Future, time::Duration};

use anyhow::bail;
use tokio::time::{Instant, sleep};

/// The time from one look to the next. Consul, Traefik and a replica have no way to call us back when they
/// are ready, so we ask; this often costs nothing and is not noticed as waiting.
const PAUSE: Duration = Duration::from_millis(20);

/// Asks again and again until `condition` gives something, and gives that.
///
/// # Errors
/// After `limit`, with `what` as the thing that did not happen, and the last reason that `condition` gave.
pub async fn until<T, F>(
    what: &str,
    limit: Duration,
    mut condition: impl FnMut() -> F,
) -> anyhow::Result<T>
where
    F: Future<Output = Result<T, String>>,
{
    let deadline = Instant::now() + limit;
    let mut reason = "the first look took too long".to_owned();
    loop {
        // A condition that hangs must not outlive the limit either. What the look before it gave says more than that.
        match tokio::time::timeout_at(deadline, condition()).await {
            Ok(Ok(value)) => return Ok(value),
            Ok(Err(told)) => reason = told,
            Err(_) => {}
        }
        if Instant::now() + PAUSE > deadline {
            bail!("{what} did not happen within {limit:?}: {reason}");
        }
        sleep(PAUSE).await;
    }
}
