//! The second half of a graceful stop: what must still be done, and how long it may take.

use std::time::Duration;

use crate::signals::{Signal, Signals};

/// Why some work was not waited for any longer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Interrupted {
    /// Its deadline passed.
    Deadline,
    /// Another signal came: whoever sent it does not want to wait.
    Signal(Signal),
}

/// Waits for `work`, but not beyond `deadline`, and not beyond the next signal.
///
/// The first signal has been received, and `work` is what must still be done. Without a deadline one stuck client could keep the process alive until SIGKILL. Without
/// the second signal a person who presses Ctrl-C twice would be ignored.
///
/// # Errors
/// Says what interrupted the work. The work itself is dropped then.
pub async fn finish<T>(
    work: impl Future<Output = T>,
    signals: &mut Signals,
    deadline: Duration,
) -> Result<T, Interrupted> {
    tokio::select! {
        done = work => Ok(done),
        signal = signals.next() => Err(Interrupted::Signal(signal)),
        () = tokio::time::sleep(deadline) => Err(Interrupted::Deadline),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn work_that_ends_in_time_gives_its_result() {
        let mut signals = Signals::listen().unwrap();
        let result = finish(async { 7 }, &mut signals, Duration::from_secs(60)).await;
        assert_eq!(result, Ok(7));
    }

    #[tokio::test]
    async fn work_that_never_ends_is_cut_at_the_deadline() {
        let mut signals = Signals::listen().unwrap();
        let never = std::future::pending::<()>();
        let result = finish(never, &mut signals, Duration::from_millis(1)).await;
        assert_eq!(result, Err(Interrupted::Deadline));
    }
}
