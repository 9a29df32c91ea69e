//! What a player needs to get a seat back.

use protocol::game::ResumeToken;

/// The tokens of one seat: the one that its player has, as far as is known, and the one that was offered since.
///
/// Each welcome offers another one, so that an old one is worth nothing to whoever finds it. But on the line that this is made for,
/// welcomes get lost. So the token before stays good until the offered one is used, which shows that it has come.
#[derive(Debug)]
pub struct Tokens {
    confirmed: Option<ResumeToken>,
    offered: ResumeToken,
}

impl Tokens {
    /// Those of somebody who has come with a ticket: the ticket was for once, so nothing stays good but what is offered.
    #[must_use]
    pub fn new() -> Tokens {
        Tokens {
            confirmed: None,
            offered: ResumeToken::random(),
        }
    }

    /// What the next welcome offers.
    #[must_use]
    pub fn offered(&self) -> ResumeToken {
        self.offered
    }

    /// Somebody shows a token. Gives whether it is one for this seat.
    pub fn accept(&mut self, shown: ResumeToken) -> bool {
        if shown == self.offered {
            self.confirmed = Some(shown);
            self.offered = ResumeToken::random();
            return true;
        }
        // The answer to it was lost, and is given once more.
        self.confirmed == Some(shown)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_welcome_offers_another_token_and_the_one_before_is_good_until_that_is_used() {
        let mut tokens = Tokens::new();
        let first = tokens.offered();
        assert!(tokens.accept(first));
        let second = tokens.offered();
        assert_ne!(first, second);
        // Fifty answers are lost.
        for _ in 0..50 {
            assert!(tokens.accept(first));
            assert_eq!(tokens.offered(), second);
        }
        assert!(tokens.accept(second));
        assert!(!tokens.accept(first), "an old token is good");
        assert!(tokens.accept(second));
        assert!(!tokens.accept(ResumeToken::random()));
    }
}
