//! What a run is to do.

use std::time::Duration;

use anyhow::bail;
use bot::Target;
use protocol::limits::MAX_TEXT;

/// How messages follow each other.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Pace {
    /// This many a second, over all senders.
    Rate(f64),
    /// As fast as it goes, with at most this many that the slowest client has not had.
    Window(usize),
}

/// One run.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Where clients go, in turn.
    pub targets: Vec<Target>,
    /// Clients that read and check everything.
    pub clients: usize,
    /// How many of them send, in turn.
    pub senders: usize,
    /// Clients beside them that hold a socket and look at nothing.
    pub idle: usize,
    /// Clients beside them that never read.
    pub slow: usize,
    /// How messages follow each other.
    pub pace: Pace,
    /// How long messages are sent.
    pub time: Duration,
    /// Characters of a message.
    pub length: usize,
    /// How long to wait for what was not delivered yet.
    pub settle: Duration,
}

impl Plan {
    /// A small run: 100 clients, one message a second from each of ten, for ten seconds.
    #[must_use]
    pub fn new(targets: Vec<Target>) -> Plan {
        Plan {
            targets,
            clients: 100,
            senders: 10,
            idle: 0,
            slow: 0,
            pace: Pace::Rate(10.0),
            time: Duration::from_secs(10),
            length: 60,
            settle: Duration::from_secs(15),
        }
    }

    /// All sockets of the run.
    #[must_use]
    pub fn sockets(&self) -> usize {
        self.clients + self.idle + self.slow
    }

    /// Looks for what cannot be.
    ///
    /// # Errors
    /// With what was wrong and what is accepted.
    pub fn check(&self) -> anyhow::Result<()> {
        if self.targets.is_empty() {
            bail!("there is no address to connect to");
        }
        if self.senders > self.clients {
            bail!(
                "{} of {} clients cannot send; at most all of them can",
                self.senders,
                self.clients
            );
        }
        if self.length > MAX_TEXT {
            bail!(
                "a message has at most {} characters, not {}",
                MAX_TEXT,
                self.length
            );
        }
        match self.pace {
            Pace::Rate(rate) if !(rate > 0.0 && rate <= 1e6) => {
                bail!("the rate must be more than 0 and at most 1,000,000 messages a second")
            }
            Pace::Window(0) => bail!("the window must be at least 1 message"),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_is_refused() {
        let plan = Plan::new(vec![Target::at("127.0.0.1:80").unwrap()]);
        assert!(plan.check().is_ok());
        let bad: [fn(&mut Plan); 6] = [
            |plan| plan.targets.clear(),
            |plan| plan.senders = plan.clients + 1,
            |plan| plan.length = 501,
            |plan| plan.pace = Pace::Rate(0.0),
            |plan| plan.pace = Pace::Rate(f64::NAN),
            |plan| plan.pace = Pace::Window(0),
        ];
        for spoil in bad {
            let mut plan = plan.clone();
            spoil(&mut plan);
            assert!(plan.check().is_err(), "{plan:?}");
        }
    }
}
