//! Numbers that wrap, and which of two is the newer.
//!
//! A number of 16 bits lasts for an hour at twenty a second, and then begins anew at 0. Compared as plain numbers, 0 would be older than
//! 65,535 from then on. So only the way from one to the other counts, the shorter one around the circle (RFC 1982).

/// How far `number` lies ahead of `of`: -32,768 to 32,767, below 0 if it lies behind.
///
/// Where both ways around are equally long nobody can tell which is the newer. Here such a number lies behind.
#[must_use]
pub fn ahead(of: u16, number: u16) -> i16 {
    number.wrapping_sub(of).cast_signed()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_comes_after_the_largest_number_is_newer() {
        assert_eq!(ahead(65_535, 0), 1);
        assert_eq!(ahead(0, 65_535), -1);
        assert_eq!(ahead(65_534, 1), 3);
        assert_eq!(ahead(7, 7), 0);
        assert_eq!(ahead(0, 32_767), 32_767);
        assert_eq!(ahead(0, 32_768), -32_768);
    }

    proptest! {
        #[test]
        fn the_way_there_leads_there(of: u16, number: u16) {
            prop_assert_eq!(of.wrapping_add_signed(ahead(of, number)), number);
        }
    }
}
