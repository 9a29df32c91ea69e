//! What a service brings of its own.

use std::sync::Arc;

use axum::Router;

/// The features of a service, as the shell around them sees them.
pub trait Application: Send + Sync + 'static {
    /// All routes, and what answers where there is none.
    fn router(self: Arc<Self>) -> Router;

    /// What keeps the features from working, each in a sentence for whoever asks whether this replica is ready; nothing
    /// if nothing does.
    fn missing(&self) -> impl Future<Output = Vec<&'static str>> + Send {
        async { Vec::new() }
    }

    // lesson 11
    /// Gives to others what must not end with this replica.
    ///
    /// It is called when this replica has been told to stop. Until it is done requests come here as before. It has no deadline but its own.
    fn drain(&self) -> impl Future<Output = ()> + Send {
        async {}
    }

    /// Ends what would outlive its request.
    ///
    /// It is called when this replica has been told to stop and gets no new requests any more. It may take as long as
    /// requests in progress may, and is dropped after that.
    fn close(&self) -> impl Future<Output = ()> + Send {
        async {}
    }
}
