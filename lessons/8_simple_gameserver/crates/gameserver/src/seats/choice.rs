//! Which seat somebody gets who comes.

/// The seat for a new player among those that no player has: while a match is played that of the goat with the most lives, and of equals the one
/// with the lowest number. None if all are taken.
///
/// `lives` are those of each seat's goat, or nothing while no match is played.
#[must_use]
pub fn seat_for_a_player(
    is_free: impl Iterator<Item = bool>,
    lives: Option<&[u8]>,
) -> Option<usize> {
    let free = is_free.enumerate().filter(|(_, is_free)| *is_free);
    let lives = |seat: usize| lives.and_then(|lives| lives.get(seat)).copied();
    // Of equals `max_by_key` takes the last, hence backwards.
    let free: Vec<usize> = free.map(|(seat, _)| seat).collect();
    free.into_iter().rev().max_by_key(|seat| lives(*seat))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn before_a_match_it_is_the_first_free_seat() {
        let seat = |free: [bool; 3]| seat_for_a_player(free.into_iter(), None);
        assert_eq!(seat([true, true, true]), Some(0));
        assert_eq!(seat([false, false, true]), Some(2));
        assert_eq!(seat([false, false, false]), None);
    }

    #[test]
    fn while_one_is_played_it_is_the_goat_that_is_best_off() {
        let seat =
            |free: [bool; 4], lives: [u8; 4]| seat_for_a_player(free.into_iter(), Some(&lives));
        assert_eq!(seat([true; 4], [1, 3, 2, 3]), Some(1));
        assert_eq!(seat([true, false, true, true], [1, 3, 2, 2]), Some(2));
        assert_eq!(seat([true, false, true, false], [0, 3, 0, 3]), Some(0));
        assert_eq!(seat([false; 4], [3, 3, 3, 3]), None);
    }
}
