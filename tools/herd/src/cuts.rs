//! Networks that come and go.

use std::time::Duration;

use bot::game::ResumingClient;
use tokio::time::Instant;

/// How long all is well between two cuts: at least, and how much more at most.
const WELL_FOR: (u64, u64) = (3_000, 9_000);

/// How long a network is away: at least, and how much more at most.
const AWAY_FOR: (u64, u64) = (200, 3_000);

/// When one player is cut off, and how: in turn the socket is closed without a word, and nothing is heard for a while.
#[derive(Debug)]
pub struct Cuts {
    random: u64,
    next_at: Option<Instant>,
}

impl Cuts {
    /// Those of one player, who is one of `percent` in a hundred that have any. The same seed gives the same.
    #[must_use]
    pub fn new(seed: u32, percent: u32) -> Cuts {
        let mut cuts = Cuts {
            random: u64::from(seed) + 1,
            next_at: None,
        };
        if cuts.draw(100) < u64::from(percent) {
            cuts.next_at = Some(cuts.next());
        }
        cuts
    }

    /// Cuts the player off, if it is time. Gives whether it was.
    pub fn cut(&mut self, client: &mut ResumingClient) -> bool {
        let now = Instant::now();
        let is_time = self.next_at.is_some_and(|at| at <= now);
        if is_time {
            if self.draw(2) == 0 {
                client.drop_socket();
            } else {
                client.cut_until(now + self.between(AWAY_FOR));
            }
            self.next_at = Some(self.next());
        }
        is_time
    }

    fn next(&mut self) -> Instant {
        Instant::now() + self.between(WELL_FOR)
    }

    fn between(&mut self, (least, more): (u64, u64)) -> Duration {
        Duration::from_millis(least + self.draw(more))
    }

    /// A number below `below`.
    fn draw(&mut self, below: u64) -> u64 {
        // Knuth's, of which the upper bits are good.
        self.random = self
            .random
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.random >> 33) % below
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn about_as_many_players_as_were_asked_for_are_cut_off() {
        let of = |percent| {
            let players = (0..1_000).map(|seed| Cuts::new(seed, percent));
            players.filter(|cuts| cuts.next_at.is_some()).count()
        };
        assert_eq!(of(0), 0);
        assert_eq!(of(100), 1_000);
        assert!((200..400).contains(&of(30)), "{}", of(30));
    }
}
