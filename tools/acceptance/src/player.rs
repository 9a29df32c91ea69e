//! A player as the server sees one: a browser that keeps a cookie.

use std::time::Duration;

use anyhow::{Context, ensure};
use reqwest::{Client, RequestBuilder, Response};
use serde_json::{Value, json};

use crate::answer::{expect, header};

/// The name of the service. Traefik routes by it; a replica that is asked directly does not care.
pub const HOST: &str = "webserver.localhost";

/// How long a player waits for an answer. Longer than a replica takes to give up on a lost Redis, and much shorter
/// than for ever.
const PATIENCE: Duration = Duration::from_secs(3);

/// Somebody with a browser, who can ask Traefik and, past it, any replica.
#[derive(Clone, Debug)]
pub struct Player {
    client: Client,
    name: String,
    cookie: String,
}

impl Player {
    /// Somebody who is not logged in, with this cookie; an empty one is not sent.
    ///
    /// # Errors
    /// When no client can be made.
    pub fn nobody(cookie: &str) -> anyhow::Result<Player> {
        Ok(Player {
            client: Client::builder().timeout(PATIENCE).build()?,
            name: String::new(),
            cookie: cookie.to_owned(),
        })
    }

    /// Somebody who logged in at `address`: a replica's, or Traefik's.
    ///
    /// # Errors
    /// When the login is refused.
    pub async fn log_in(address: &str, name: &str) -> anyhow::Result<Player> {
        let mut player = Player::nobody("")?;
        let answer = player.try_log_in(address, name).await?;
        player.cookie = cookie_of(&expect(answer, 200).await?)?;
        player.name = name.to_owned();
        Ok(player)
    }

    /// Tries to log in with the cookie that this browser has, and gives the answer.
    ///
    /// # Errors
    /// When there is no answer in time.
    pub async fn try_log_in(&self, address: &str, name: &str) -> anyhow::Result<Response> {
        let login = self.post(address, "/api/login", &json!({ "name": name }));
        login.send().await.context("the login got no answer")
    }

    /// The name under which this player logged in.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The cookie, as a browser sends it.
    #[must_use]
    pub fn cookie(&self) -> &str {
        &self.cookie
    }

    /// A GET that has yet to be sent.
    pub fn get(&self, address: &str, path: &str) -> RequestBuilder {
        self.as_browser(self.client.get(format!("http://{address}{path}")))
    }

    /// A POST of JSON that has yet to be sent.
    pub fn post(&self, address: &str, path: &str, body: &Value) -> RequestBuilder {
        self.as_browser(self.client.post(format!("http://{address}{path}")))
            .json(body)
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

    fn as_browser(&self, request: RequestBuilder) -> RequestBuilder {
        let request = request.header("host", HOST);
        if self.cookie.is_empty() {
            return request;
        }
        request.header("cookie", &self.cookie)
    }
}

/// The cookie that an answer sets, as a browser sends it back: without its attributes.
///
/// # Errors
/// When the answer sets none.
pub fn cookie_of(answer: &Response) -> anyhow::Result<String> {
    let set = header(answer, "set-cookie")?;
    Ok(set.split(';').next().unwrap_or_default().to_owned())
}
