//! A player in the lobby: asks a web server for a seat, and says with whom it would like to sit.

use std::time::Duration;

use protocol::Who;
use reqwest::{Client, Method, RequestBuilder, Response, StatusCode, header::RETRY_AFTER};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};

use crate::{
    browser::{Browser, session_cookie},
    session::Session,
};

/// How long an answer may take. With hundreds of others a request may wait for its turn.
const PATIENCE: Duration = Duration::from_secs(30);

/// A player who is logged in, as the lobby knows one.
#[derive(Clone, Debug)]
pub struct Lobby {
    browser: Browser,
    address: String,
}

/// A seat, or a place to watch from, and what it takes to get in there.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Ticketed {
    /// The game server.
    pub server: String,
    /// The match.
    #[serde(rename = "match")]
    pub match_id: String,
    /// The seat; none for who watches.
    pub seat: Option<u8>,
    /// Where that server has its sockets.
    pub path: String,
    /// What is shown there, as the first frame.
    pub ticket: String,
    /// For how long the seat is held.
    pub hold_ms: u64,
}

/// What the server knows of a player: the answer to `GET /api/lobby`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct LobbyState {
    /// Who is logged in.
    pub player: Option<Who>,
    /// Whom the player wants to sit with.
    pub party: Option<PartyState>,
    /// Where the player sits.
    pub seat: Option<SeatState>,
}

/// Players who want to sit together.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct PartyState {
    /// What others join it with.
    pub code: String,
    /// Who is in it, in the order in which they came.
    pub members: Vec<Who>,
    /// How many there may be.
    pub size: usize,
}

/// A seat as the lobby shows it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct SeatState {
    /// The game server.
    pub server: String,
    /// The match.
    #[serde(rename = "match")]
    pub match_id: String,
    /// Which of its seats.
    pub seat: u8,
    /// Whether the player has got there.
    pub taken: bool,
    /// Whether the match is on its way to another server.
    #[serde(default)]
    pub moving: bool,
}

/// What has come of a match.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct MatchResult {
    /// The seat that has won, if one has.
    pub winner: Option<u8>,
    /// Its last tick; 0 if it was not played.
    pub tick: u32,
    /// Why nobody could win, as one word; none if somebody could.
    pub cancelled: Option<String>,
}

/// Why the lobby did not do it.
#[derive(Debug, thiserror::Error)]
pub enum LobbyError {
    /// There is no answer, or none that can be read.
    #[error(transparent)]
    NoAnswer(#[from] reqwest::Error),
    /// There was none for so long that nobody waits for it any more.
    #[error("there was no answer in time")]
    TooLate,
    /// The server let the player in, and did not say how it will be known.
    #[error("{0} set no cookie called session")]
    NoCookie(String),
    /// The server has refused.
    #[error("{status} {code}: {error}")]
    Refused {
        /// The answer's status.
        status: StatusCode,
        /// Why, as one word.
        code: String,
        /// Why, in a sentence.
        error: String,
        /// After how many seconds it makes sense to try again, if it does.
        retry_after: Option<u64>,
    },
}

impl LobbyError {
    /// The server's word for the refusal, if it was one.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        match self {
            LobbyError::Refused { code, .. } => Some(code),
            _ => None,
        }
    }

    /// How long the server asks to wait before the next try, if it does.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            LobbyError::Refused { retry_after, .. } => retry_after.map(Duration::from_secs),
            _ => None,
        }
    }
}

impl Lobby {
    /// Somebody who has logged in at `address`, a replica's or Traefik's, with a browser of their own.
    ///
    /// # Errors
    /// When the login is refused.
    pub async fn log_in(address: &str, host: &str, name: &str) -> Result<Lobby, LobbyError> {
        let nobody = Lobby::of(Browser::new(host, PATIENCE)?, address);
        nobody.log_in_again(name).await
    }

    /// Whoever this browser is, at `address`.
    #[must_use]
    pub fn of(browser: Browser, address: &str) -> Lobby {
        Lobby {
            browser,
            address: address.to_owned(),
        }
    }

    /// One of those that [`log_in_all`](crate::log_in_all) has logged in, over an HTTP client that they share.
    #[must_use]
    pub fn of_session(client: Client, session: &Session) -> Lobby {
        let browser = Browser::of(client, &session.target.host).with_cookie(&session.cookie);
        Lobby::of(browser, &session.target.address.to_string())
    }

    /// The same browser, after somebody logged in there once more.
    ///
    /// # Errors
    /// When the login is refused.
    pub async fn log_in_again(&self, name: &str) -> Result<Lobby, LobbyError> {
        let answer = self.browser.log_in(&self.address, name).await?;
        let answer = accepted(answer).await?;
        let cookie = session_cookie(answer.headers());
        let cookie = cookie.ok_or_else(|| LobbyError::NoCookie(self.address.clone()))?;
        // Read to its end, so that the connection can be used for the next request.
        answer.bytes().await?;
        Ok(Lobby::of(
            self.browser.clone().with_cookie(&cookie),
            &self.address,
        ))
    }

    /// Logs out. The browser still has its cookie, which is worth nothing any more.
    ///
    /// # Errors
    /// When there is no answer, or a refusal.
    pub async fn log_out(&self) -> Result<(), LobbyError> {
        self.done(self.post("/api/logout", &json!({}))).await
    }

    /// The same player, who asks at another address from now on.
    #[must_use]
    pub fn at(&self, address: &str) -> Lobby {
        Lobby::of(self.browser.clone(), address)
    }

    /// The browser itself.
    #[must_use]
    pub fn browser(&self) -> &Browser {
        &self.browser
    }

    /// A seat: for this player alone, or for all of the party with this code.
    ///
    /// # Errors
    /// When there is no answer, or a refusal, such as that there is no room.
    pub async fn play(&self, party: Option<&str>) -> Result<Ticketed, LobbyError> {
        let body = party.map_or_else(|| json!({}), |code| json!({ "party": code }));
        self.read(self.post("/api/play", &body)).await
    }

    /// A place to watch from.
    ///
    /// # Errors
    /// When there is no answer, or a refusal, such as that nobody plays.
    pub async fn watch(&self) -> Result<Ticketed, LobbyError> {
        self.read(self.post("/api/watch", &json!({}))).await
    }

    /// Gives the seat up, if there is one.
    ///
    /// # Errors
    /// When there is no answer, or a refusal.
    pub async fn leave(&self) -> Result<(), LobbyError> {
        self.delete("/api/play").await
    }

    /// A party with this player in it: the one that there is, or else a new one.
    ///
    /// # Errors
    /// When there is no answer, or a refusal.
    pub async fn create_party(&self) -> Result<LobbyState, LobbyError> {
        self.read(self.post("/api/party", &json!({}))).await
    }

    /// Joins the party with this code, in place of another one.
    ///
    /// # Errors
    /// When there is no answer, or a refusal, such as that there is no such party.
    pub async fn join_party(&self, code: &str) -> Result<LobbyState, LobbyError> {
        let body = json!({ "code": code });
        self.read(self.post("/api/party/join", &body)).await
    }

    /// Leaves the party, if there is one.
    ///
    /// # Errors
    /// When there is no answer, or a refusal.
    pub async fn leave_party(&self) -> Result<(), LobbyError> {
        self.delete("/api/party").await
    }

    /// What the server knows of this player.
    ///
    /// # Errors
    /// When there is no answer, or a refusal.
    pub async fn state(&self) -> Result<LobbyState, LobbyError> {
        self.read(self.browser.get(&self.address, "/api/lobby"))
            .await
    }

    /// What has come of a match, as `GET /api/results/MATCH` says it.
    ///
    /// # Errors
    /// When there is no answer, or a refusal, such as that the match is not over.
    pub async fn result(&self, match_id: &str) -> Result<MatchResult, LobbyError> {
        let path = format!("/api/results/{match_id}");
        self.read(self.browser.get(&self.address, &path)).await
    }

    /// All game servers, as `GET /api/fleet` lists them.
    ///
    /// # Errors
    /// When there is no answer, or a refusal.
    pub async fn fleet(&self) -> Result<Value, LobbyError> {
        self.read(self.browser.get(&self.address, "/api/fleet"))
            .await
    }

    /// A POST of JSON that has yet to be sent.
    pub fn post(&self, path: &str, body: &Value) -> RequestBuilder {
        self.browser.post(&self.address, path, body)
    }

    async fn delete(&self, path: &str) -> Result<(), LobbyError> {
        let (client, request) = self.browser.get(&self.address, path).build_split();
        let mut request = request?;
        *request.method_mut() = Method::DELETE;
        let answer = client.execute(request).await?;
        accepted(answer).await?.bytes().await?;
        Ok(())
    }

    async fn read<T: DeserializeOwned>(&self, request: RequestBuilder) -> Result<T, LobbyError> {
        Ok(accepted(request.send().await?).await?.json().await?)
    }

    async fn done(&self, request: RequestBuilder) -> Result<(), LobbyError> {
        accepted(request.send().await?).await?.bytes().await?;
        Ok(())
    }
}

/// An answer that is no refusal.
async fn accepted(answer: Response) -> Result<Response, LobbyError> {
    let status = answer.status();
    if status.is_success() {
        return Ok(answer);
    }
    let retry_after = answer.headers().get(RETRY_AFTER);
    let retry_after = retry_after.and_then(|value| value.to_str().ok()?.parse().ok());
    let body = answer.text().await.unwrap_or_default();
    // A proxy that refuses says so in words of its own.
    let told: Value = serde_json::from_str(&body).unwrap_or_default();
    let text = |key: &str| told[key].as_str().map(str::to_owned);
    Err(LobbyError::Refused {
        status,
        code: text("code").unwrap_or_default(),
        error: text("error").unwrap_or(body),
        retry_after,
    })
}
