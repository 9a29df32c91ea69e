//! Work that a client's frames have caused.
//!
//! To handle one frame after another would be simple, and slow: while one waits for an answer from elsewhere, the next stays
//! unread. So each is begun as soon as it is read, and what comes of them is given in the order in which they came.

use std::fmt;

use futures_util::{StreamExt, future::BoxFuture, stream::FuturesOrdered};

/// Work that one client may have going on. What it sends beyond that stays unread, and soon it can't send any more.
const MOST: usize = 32;

/// Work that was begun and is not done yet. Dropping it ends the work where it stands.
///
/// Each begins only after all before it have begun. So if it asks one server, over one connection, that server is asked in the order
/// of the frames.
pub struct Pipeline<T> {
    /// Nothing as long as there was none: most sockets only listen.
    begun: Option<FuturesOrdered<BoxFuture<'static, T>>>,
}

impl<T> Pipeline<T> {
    /// Whether there is room for no more.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.begun.as_ref().is_some_and(|begun| begun.len() >= MOST)
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.begun.as_ref().is_none_or(FuturesOrdered::is_empty)
    }

    /// Adds work behind all other. It must not be [full](Self::is_full).
    pub fn begin(&mut self, work: impl Future<Output = T> + Send + 'static) {
        debug_assert!(!self.is_full());
        self.begun.get_or_insert_default().push_back(Box::pin(work));
    }

    /// Waits until the first of it is done, and gives what comes of that and of all behind it that is done, too. It waits
    /// for ever if there is none. Nothing is lost if whoever waits stops waiting.
    pub async fn done(&mut self) -> Vec<T> {
        if let Some(begun) = &mut self.begun
            && let Some(done) = begun.ready_chunks(MOST).next().await
        {
            return done;
        }
        // It would keep some room, for every socket that has once said something.
        self.begun = None;
        std::future::pending().await
    }

    /// Waits until all of it is done.
    pub async fn finish(&mut self) {
        while !self.is_idle() {
            self.done().await;
        }
    }
}

impl<T> Default for Pipeline<T> {
    fn default() -> Pipeline<T> {
        Pipeline { begun: None }
    }
}

impl<T> fmt::Debug for Pipeline<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let going_on = self.begun.as_ref().map_or(0, FuturesOrdered::len);
        f.debug_struct("Pipeline")
            .field("going_on", &going_on)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;
    use tokio::sync::oneshot;

    use super::*;

    #[tokio::test]
    async fn all_is_begun_and_what_comes_of_it_is_given_in_order() {
        let mut pipeline = Pipeline::default();
        let mut ends = Vec::new();
        let mut begun = Vec::new();
        for number in 0..MOST {
            let (end, ended) = oneshot::channel::<()>();
            let (begins, has_begun) = oneshot::channel();
            pipeline.begin(async move {
                let _ = begins.send(());
                let _ = ended.await;
                number
            });
            ends.push(end);
            begun.push(has_begun);
        }
        assert!(pipeline.is_full());
        assert!(pipeline.done().now_or_never().is_none());
        assert!(begun.iter_mut().all(|begun| begun.try_recv().is_ok()));
        // The second is done first, and waits for the first.
        let mut ends = ends.into_iter();
        let (first, second) = (ends.next().unwrap(), ends.next().unwrap());
        drop(second);
        assert!(pipeline.done().now_or_never().is_none());
        drop(first);
        assert_eq!(pipeline.done().await, [0, 1]);
        assert!(!pipeline.is_full());
        drop(ends);
        assert_eq!(pipeline.done().await, (2..MOST).collect::<Vec<_>>());
        assert!(pipeline.done().now_or_never().is_none());
        assert!(pipeline.is_idle());
        pipeline.finish().await;
    }
}
