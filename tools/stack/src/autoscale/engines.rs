//! Both engines, followed for as long as somebody waits for it.

use std::path::Path;

use super::{run::Autoscaler, turn::Turn};
use crate::{compose::Compose, native::Stack};

impl Stack {
    /// Lets the game servers follow what is played, until this is dropped.
    pub async fn autoscale(&mut self, autoscaler: &mut Autoscaler) {
        loop {
            autoscaler.due().await;
            autoscaler.follow(self).await;
        }
    }
}

impl Compose {
    /// The same for containers of the repository in `root`. While another process replaces them, nothing is started or stopped.
    pub async fn autoscale(&mut self, autoscaler: &mut Autoscaler, root: &Path) {
        loop {
            autoscaler.due().await;
            // Whoever cannot know whether it is somebody else's turn does not take it.
            match Turn::take(root) {
                Ok(Some(_turn)) => autoscaler.follow(self).await,
                Ok(None) | Err(_) => autoscaler.wait(),
            }
        }
    }
}
