//! How far a player may be behind what they are sent.
//!
//! A connection that delivers nothing for some seconds does not say so. The system takes what is written to it and keeps it, and when
//! the connection works again the player gets all of it at once: dozens of snapshots, of which only the last one matters. So each input says
//! what its player has seen last, and who has seen nothing for a second is sent little.

use protocol::serial::ahead;

/// What one player has seen of a match, and was sent last.
#[derive(Debug)]
pub struct Window {
    /// How many ticks a second has. That far a player may be behind: an unchanged input comes four times a second, and the rest
    /// is for the way.
    second: u16,
    seen: u16,
    sent: u16,
}

impl Window {
    /// A player who has seen this tick, because there was nothing to see before.
    #[must_use]
    pub fn new(ticks_per_second: u32, tick: u32) -> Window {
        Window {
            second: u16::try_from(ticks_per_second).unwrap_or(u16::MAX),
            seen: tick as u16,
            sent: tick as u16,
        }
    }

    /// The player has seen a tick, by its lower bits, while the match is at `now`.
    pub fn see(&mut self, tick: u16, now: u32) {
        let is_newer = ahead(self.seen, tick) > 0;
        // Nobody has seen what is to come. This is the last match's, then.
        let has_been = ahead(now as u16, tick) <= 0;
        if is_newer && has_been {
            self.seen = tick;
        }
    }

    /// Whether the player is sent the snapshot of this tick: every one, or one a second.
    pub fn lets_through(&mut self, tick: u32) -> bool {
        let tick = tick as u16;
        let behind = tick.wrapping_sub(self.seen);
        let since = tick.wrapping_sub(self.sent);
        let lets = behind <= self.second || since >= self.second;
        if lets {
            self.sent = tick;
        }
        lets
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(window: &mut Window, ticks: std::ops::Range<u32>) -> Vec<u32> {
        ticks.filter(|tick| window.lets_through(*tick)).collect()
    }

    #[test]
    fn who_has_seen_nothing_for_a_second_is_sent_one_a_second_until_something_is_heard() {
        let mut window = Window::new(20, 0);
        let through = sent(&mut window, 1..101);
        assert_eq!(
            through,
            (1..=20).chain([40, 60, 80, 100]).collect::<Vec<_>>()
        );
        window.see(20, 100);
        assert!(sent(&mut window, 101..105).is_empty());
        window.see(100, 104);
        assert_eq!(sent(&mut window, 105..110).len(), 5);
    }

    #[test]
    fn who_keeps_up_is_sent_everything() {
        let mut window = Window::new(20, 0);
        for tick in 1..100_000_u32 {
            assert!(window.lets_through(tick), "{tick}");
            // A quarter of a second on the way, and told of four times a second.
            if tick % 5 == 0 {
                window.see((tick - 5) as u16, tick);
            }
        }
    }

    #[test]
    fn what_was_seen_of_the_last_match_says_nothing_of_this_one() {
        let mut window = Window::new(20, 0);
        window.see(1_300, 2);
        window.see(65_000, 2);
        assert_eq!(sent(&mut window, 1..31).len(), 20);
    }
}
