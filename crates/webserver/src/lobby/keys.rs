//! The key by which game servers recognise this replica's tickets.
//!
//! Each replica makes one at its start and shows nobody the private half. The public half stands in the directory. So there is no secret
//! that somebody must hand out, and a replica that is gone can sign nothing any more.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use matches::{
    Directory, DirectoryError,
    tickets::{Claims, Signer},
};
use parking_lot::Mutex;
use service::ApiError;
use tokio::time::sleep;
use tracing::{error, info, warn};

use crate::lobby::refusals::{broken, unavailable};

/// How often the public half is published. The directory forgets it after a minute.
const PUBLISH_EVERY: Duration = Duration::from_secs(10);

/// How soon that is tried again when the directory does not answer.
const RETRY_AFTER: Duration = Duration::from_millis(500);

/// A key that was published so long ago is published once more before something is signed with it.
const GOOD_FOR: Duration = Duration::from_secs(30);

/// Signs tickets, and keeps the key for them published.
pub struct Keys {
    signer: Signer,
    directory: Directory,
    published: Mutex<Option<Instant>>,
}

impl Keys {
    /// Makes a key, and publishes it again and again.
    ///
    /// # Errors
    /// When the system gives no random numbers.
    pub fn start(directory: &Directory) -> anyhow::Result<Arc<Keys>> {
        let keys = Arc::new(Keys {
            signer: Signer::generate()?,
            directory: directory.clone(),
            published: Mutex::new(None),
        });
        tokio::spawn(publish_for_ever(Arc::clone(&keys)));
        Ok(keys)
    }

    /// A ticket that says so. It is of no use before the game servers can find the key, so that one is published first.
    ///
    /// # Errors
    /// When the directory does not answer.
    pub async fn sign(&self, claims: &Claims) -> Result<String, ApiError> {
        let published = *self.published.lock();
        if published.is_none_or(|at| at.elapsed() > GOOD_FOR) {
            self.publish().await.map_err(|error| unavailable(&error))?;
        }
        self.signer.sign(claims).map_err(|error| {
            error!(error = format!("{error:#}"), "a ticket could not be signed");
            broken()
        })
    }

    async fn publish(&self) -> Result<(), DirectoryError> {
        let (kid, public) = (self.signer.kid(), self.signer.public());
        self.directory.publish_key(kid, &public).await?;
        *self.published.lock() = Some(Instant::now());
        Ok(())
    }
}

/// Logs, too, when the directory goes and when it comes back: one line for each change, not one for each request that it cost.
async fn publish_for_ever(keys: Arc<Keys>) {
    let mut was_away = false;
    loop {
        let published = keys.publish().await;
        match &published {
            Ok(()) if was_away => info!("the directory of matches answers again"),
            Err(error) if !was_away => {
                warn!(%error, "the directory of matches is away, and will be tried again");
            }
            _ => {}
        }
        was_away = published.is_err();
        sleep(if was_away { RETRY_AFTER } else { PUBLISH_EVERY }).await;
    }
}
