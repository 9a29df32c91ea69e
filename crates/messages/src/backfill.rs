//! What a replica missed: how it comes to the end of the history.

use tracing::{info, warn};

use crate::{
    history::{MAX_LENGTH, Page},
    recent::KEPT,
    shared::Shared,
};

/// Brings this replica to the end of the history. It must be subscribed by then, so that it hears of all that comes
/// after: what comes meanwhile is then heard twice, and taken once.
///
/// # Errors
/// When the history cannot be read.
pub(crate) async fn backfill(shared: &Shared) -> anyhow::Result<()> {
    let Some(mut last) = shared.newest() else {
        return begin(shared).await;
    };
    // A history that was empty has no place from which it could be seen that something was cut off since. Nothing was,
    // as long as it was never full.
    if last.is_zero() && shared.history.length().await? >= MAX_LENGTH {
        warn!(
            "so much was said since this replica lost its Redis that it cannot know what it missed"
        );
        return begin(shared).await;
    }
    loop {
        let Some(page) = shared.history.after(last, KEPT).await? else {
            warn!(%last, "the history does not reach back to the last message that this replica knows");
            return begin(shared).await;
        };
        shared.take(&page.messages)?;
        let Some(end) = page.last() else {
            return Ok(());
        };
        shared.advance(end);
        info!(
            messages = page.messages.len(),
            "this replica caught up with what it had missed"
        );
        if !page.is_full {
            return Ok(());
        }
        last = end;
    }
}

async fn begin(shared: &Shared) -> anyhow::Result<()> {
    let page: Page = shared.history.last(KEPT).await?;
    info!(
        messages = page.messages.len(),
        "this replica begins with what the history has"
    );
    shared.begin(page);
    Ok(())
}
