//! A player as the tests see one: somebody with a browser, whose answers are looked at.

use std::time::Duration;

use anyhow::{Context, ensure};
use bot::{Browser, session_cookie};
use reqwest::{RequestBuilder, Response};
use serde_json::Value;

use crate::answer::expect;

/// The name of the service. Traefik routes by it; a replica that is asked directly does not care.
pub const HOST: &str = "webserver.localhost";

/// How long a player waits for an answer. Longer than a replica takes to give up on a lost Redis, and much shorter
/// than for ever.
const PATIENCE: Duration = Duration::from_secs(3);

/// Somebody with a browser, who can ask Traefik and, past it, any replica.
#[derive(Clone, Debug)]
pub struct Player {
    browser: Browser,
    name: String,
}

impl Player {
    /// Somebody who is not logged in, with this cookie; an empty one is not sent.
    ///
    /// # Errors
    /// When no client can be made.
    pub fn nobody(cookie: &str) -> anyhow::Result<Player> {
        Ok(Player {
            browser: Browser::new(HOST, PATIENCE)?.with_cookie(cookie),
            name: String::new(),
        })
    }

    /// Somebody who logged in at `address`: a replica's, or Traefik's.
    ///
    /// # Errors
    /// When the login is refused.
    pub async fn log_in(address: &str, name: &str) -> anyhow::Result<Player> {
        let nobody = Player::nobody("")?;
        let answer = nobody.try_log_in(address, name).await?;
        let cookie = cookie_of(&expect(answer, 200).await?)?;
        Ok(Player {
            browser: nobody.browser.with_cookie(&cookie),
            name: name.to_owned(),
        })
    }

    /// The same browser, after somebody logged in there once more.
    ///
    /// # Errors
    /// When the login is refused.
    pub async fn log_in_again(&self, address: &str, name: &str) -> anyhow::Result<Player> {
        let answer = self.try_log_in(address, name).await?;
        let cookie = cookie_of(&expect(answer, 200).await?)?;
        Ok(Player {
            browser: self.browser.clone().with_cookie(&cookie),
            name: name.to_owned(),
        })
    }

    /// Tries to log in with the cookie that this browser has, and gives the answer.
    ///
    /// # Errors
    /// When there is no answer in time.
    pub async fn try_log_in(&self, address: &str, name: &str) -> anyhow::Result<Response> {
        let login = self.browser.log_in(address, name).await;
        login.context("the login got no answer")
    }

    /// The name under which this player logged in.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The cookie, as a browser sends it.
    #[must_use]
    pub fn cookie(&self) -> &str {
        self.browser.cookie()
    }

    /// A GET that has yet to be sent.
    pub fn get(&self, address: &str, path: &str) -> RequestBuilder {
        self.browser.get(address, path)
    }

    /// A POST of JSON that has yet to be sent.
    pub fn post(&self, address: &str, path: &str, body: &Value) -> RequestBuilder {
        self.browser.post(address, path, body)
    }

    /// Who the server at `address` takes this browser for; none if for nobody.
    ///
    /// # Errors
    /// When it cannot tell, or does not answer in time.
    pub async fn known_as(&self, address: &str) -> anyhow::Result<Option<String>> {
        let answer = self.get(address, "/api/me").send().await?;
        let me: Value = expect(answer, 200).await?.json().await?;
        ensure!(me["replica"].is_string(), "{me}");
        Ok(me["name"].as_str().map(str::to_owned))
    }
}

/// The cookie that an answer sets, as a browser sends it back: without its attributes.
///
/// # Errors
/// When the answer sets none.
pub fn cookie_of(answer: &Response) -> anyhow::Result<String> {
    let cookie = session_cookie(answer.headers());
    cookie.with_context(|| format!("{}: no set-cookie", answer.url()))
}
