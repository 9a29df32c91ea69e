//! How often a party's code may be guessed wrong.
//!
//! A code is forty bits of chance, so nobody finds one by guessing. That nobody can try without end keeps it so, and keeps
//! Redis free for others.

use std::time::Duration;

use axum::http::StatusCode;
use service::ApiError;

use crate::{lobby::tries::Tries, session::address::ClientAddress};

/// Wrong codes that one browser may give in a minute. Whoever copies one from a blackboard needs two or three.
const OF_BROWSER: u32 = 10;

/// Wrong codes that one address may give in a minute: a class of forty, each of whom mistypes it three times.
const OF_ADDRESS: u32 = 120;

/// Counts wrong codes.
#[derive(Debug)]
pub struct Guesses {
    of_browser: Tries<String>,
    of_address: Tries<ClientAddress>,
}

/// A code that somebody gives, of which it is not known yet whether it is right. It counts as wrong unless it is taken back.
#[derive(Debug)]
pub struct Guess<'a> {
    guesses: &'a Guesses,
    browser: String,
    address: Option<ClientAddress>,
}

impl Guesses {
    /// Nobody has guessed yet.
    pub fn new() -> Guesses {
        Guesses {
            of_browser: Tries::new(OF_BROWSER),
            of_address: Tries::new(OF_ADDRESS),
        }
    }

    /// Lets a browser give a code.
    ///
    /// A browser that has guessed nothing wrong is let through, whatever others at its address do: one who guesses all the time
    /// locks nobody else out. A new browser takes a login, and there is a limit to these by address.
    ///
    /// # Errors
    /// 429, with how long to wait, when too many were wrong.
    pub fn begin(&self, browser: &str, address: ClientAddress) -> Result<Guess<'_>, ApiError> {
        let browser = browser.to_owned();
        let is_new = self.of_browser.has_all(&browser);
        self.of_browser.take(&browser).map_err(too_many)?;
        let mut guess = Guess {
            guesses: self,
            browser,
            address: None,
        };
        match self.of_address.take(&address) {
            Ok(()) => guess.address = Some(address),
            Err(_) if is_new => {}
            Err(wait) => {
                guess.take_back();
                return Err(too_many(wait));
            }
        }
        Ok(guess)
    }
}

impl Guess<'_> {
    /// The code was right, or nobody knows: it is not counted.
    pub fn take_back(self) {
        self.guesses.of_browser.give_back(&self.browser);
        if let Some(address) = self.address {
            self.guesses.of_address.give_back(&address);
        }
    }
}

fn too_many(wait: Duration) -> ApiError {
    ApiError::new(
        StatusCode::TOO_MANY_REQUESTS,
        "too many wrong codes came from here; look at the code again, or ask for the link, and wait a little",
    )
    .with_code("too_many_guesses")
    .retry_after(wait)
}

#[cfg(test)]
mod tests {
    use axum::{extract::FromRequestParts, http::Request};

    use super::*;

    async fn address(text: &str) -> ClientAddress {
        let request = Request::builder().header("x-forwarded-for", text);
        let (mut parts, ()) = request.body(()).unwrap().into_parts();
        let Ok(address) = ClientAddress::from_request_parts(&mut parts, &()).await;
        address
    }

    #[tokio::test]
    async fn right_codes_are_not_counted_and_wrong_ones_are() {
        let (guesses, home) = (Guesses::new(), address("10.0.0.1").await);
        for _ in 0..100 {
            guesses.begin("Ada's", home).unwrap().take_back();
        }
        for _ in 0..OF_BROWSER {
            guesses.begin("Ada's", home).unwrap();
        }
        let refused = guesses.begin("Ada's", home).unwrap_err();
        assert_eq!(refused.code(), "too_many_guesses");
        assert!(refused.wait().unwrap() <= 6);
        assert!(guesses.begin("Bob's", home).is_ok());
    }

    #[tokio::test]
    async fn many_browsers_of_one_address_are_held_back_and_a_class_is_not() {
        let (guesses, school) = (Guesses::new(), address("10.0.0.1").await);
        let mut let_through = 0;
        for browser in 0..100 {
            for _ in 0..OF_BROWSER {
                let_through += u32::from(guesses.begin(&browser.to_string(), school).is_ok());
            }
        }
        // Those of the address, and the first of each browser.
        assert!(
            (OF_ADDRESS..OF_ADDRESS + 110).contains(&let_through),
            "{let_through}"
        );
        for pupil in 0..40 {
            let pupil = format!("pupil {pupil}");
            guesses.begin(&pupil, school).unwrap().take_back();
        }
        let elsewhere = address("10.0.0.2").await;
        for _ in 0..OF_BROWSER {
            guesses.begin("elsewhere", elsewhere).unwrap();
        }
    }
}
