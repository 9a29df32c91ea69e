//! For how long nobody could say anything.

use std::time::Duration;

use serde::{Serialize, Serializer};

/// A stretch without an acknowledgement that counts as an outage.
const OUTAGE: Duration = Duration::from_secs(1);

/// Stretches in which no message was acknowledged, in seconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Silence {
    /// The longest.
    #[serde(serialize_with = "seconds")]
    pub longest: Duration,
    /// All those of more than a second together.
    #[serde(serialize_with = "seconds")]
    pub outages: Duration,
}

impl Silence {
    /// The stretches between the acknowledgements at these times, as far as they touch `from` to `to`. A stretch that
    /// only touches counts in full.
    #[must_use]
    pub fn between(acknowledged: &[Duration], from: Duration, to: Duration) -> Silence {
        let mut silence = Silence::default();
        for pair in acknowledged.windows(2) {
            if pair[1] > from && pair[0] < to {
                silence.add(pair[1] - pair[0]);
            }
        }
        silence
    }

    fn add(&mut self, stretch: Duration) {
        self.longest = self.longest.max(stretch);
        if stretch > OUTAGE {
            self.outages += stretch;
        }
    }
}

/// Writes a time as seconds.
pub fn seconds<S: Serializer>(time: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64(time.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stretches_belong_to_the_time_that_they_touch() {
        let at = |tenths: u64| Duration::from_millis(tenths * 100);
        let acknowledged = [at(0), at(2), at(20), at(22), at(25), at(40)];
        let silence = |from: u64, to: u64| {
            let silence = Silence::between(&acknowledged, at(from), at(to));
            (silence.longest, silence.outages)
        };
        assert_eq!(silence(0, 40), (at(18), at(18) + at(15)));
        assert_eq!(silence(21, 24), (at(3), at(0)));
        assert_eq!(silence(3, 4), (at(18), at(18)));
        assert_eq!(silence(22, 26), (at(15), at(15)));
        assert_eq!(Silence::between(&[], at(0), at(9)), Silence::default());
    }
}
