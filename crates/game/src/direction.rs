//! The 32 directions in which a goat can look.

/// One of 32 directions. 0 is east, and they go on clockwise as seen on a screen, on which y grows downwards: 8 is south.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Direction(u8);

/// As long as a direction's vector is. A power of two, so that a division by it is quick.
pub(crate) const ONE: i32 = 1024;

/// `ONE` times the cosine of each direction. No cosine is computed, because each machine may round it in its own way.
#[rustfmt::skip]
const COSINES: [i32; Direction::COUNT as usize] = [
    1024, 1004, 946, 851, 724, 569, 392, 200,
    0, -200, -392, -569, -724, -851, -946, -1004,
    -1024, -1004, -946, -851, -724, -569, -392, -200,
    0, 200, 392, 569, 724, 851, 946, 1004,
];

impl Direction {
    /// How many there are.
    pub const COUNT: u8 = 32;

    /// The direction with this number, 0 to 31; none beyond.
    #[must_use]
    pub const fn new(number: u8) -> Option<Direction> {
        if number < Direction::COUNT {
            Some(Direction(number))
        } else {
            None
        }
    }

    /// Its number, 0 to 31.
    #[must_use]
    pub const fn number(self) -> u8 {
        self.0
    }

    /// The direction that is nearest to a vector; east for a vector without length.
    #[must_use]
    pub fn towards(x: i32, y: i32) -> Direction {
        let along = |direction: Direction| {
            let (cosine, sine) = direction.vector();
            i64::from(x) * i64::from(cosine) + i64::from(y) * i64::from(sine)
        };
        let mut nearest = Direction(0);
        // In ever smaller steps around the circle: ten products instead of thirty-two.
        for steps in [8, 8, 4, 2, 1] {
            for direction in [nearest.turned(steps), nearest.turned(-steps)] {
                if along(direction) > along(nearest) {
                    nearest = direction;
                }
            }
        }
        nearest
    }

    /// The direction that is so many steps clockwise of this one, or counter-clockwise if they are negative.
    #[must_use]
    pub fn turned(self, steps: i32) -> Direction {
        let number = i32::from(self.0) + steps % i32::from(Direction::COUNT);
        // It is from 0 to 31, so nothing is lost.
        Direction(number.rem_euclid(i32::from(Direction::COUNT)) as u8)
    }

    /// Its vector, which is 1024 long.
    #[must_use]
    pub fn vector(self) -> (i32, i32) {
        let number = usize::from(self.0);
        let quarter = usize::from(Direction::COUNT) / 4;
        let sine = (number + COSINES.len() - quarter) % COSINES.len();
        (COSINES[number], COSINES[sine])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all() -> impl Iterator<Item = Direction> {
        (0..=u8::MAX).filter_map(Direction::new)
    }

    #[test]
    fn there_are_32_directions_and_each_is_as_long_as_the_others() {
        assert_eq!(all().count(), 32);
        for direction in all() {
            let (x, y) = direction.vector();
            let length = f64::from(x).hypot(f64::from(y));
            assert!((length - f64::from(ONE)).abs() < 1.0, "{direction:?}");
        }
    }

    #[test]
    fn directions_go_clockwise_on_a_screen() {
        let [east, south, west, north] = [0, 8, 16, 24].map(|number| Direction(number).vector());
        assert_eq!(east, (ONE, 0));
        assert_eq!(south, (0, ONE));
        assert_eq!(west, (-ONE, 0));
        assert_eq!(north, (0, -ONE));
        assert_eq!(Direction(31).turned(2), Direction(1));
        assert_eq!(Direction(1).turned(-2), Direction(31));
        assert_eq!(Direction(1).turned(i32::MIN), Direction(1));
    }

    #[test]
    fn a_vector_has_the_direction_that_is_nearest_to_it() {
        for direction in all() {
            let (x, y) = direction.vector();
            assert_eq!(Direction::towards(x, y), direction);
            // As far off as it may be, on both sides: nearly half a step.
            for off in [4, -4] {
                let (x, y) = (x * 50 - y * off, y * 50 + x * off);
                assert_eq!(Direction::towards(x, y), direction);
            }
        }
        assert_eq!(Direction::towards(0, 0), Direction(0));
        assert_eq!(Direction::towards(i32::MIN, 0), Direction(16));
    }
}
