//! A browser as the server sees one: it keeps a cookie, and sends it with every request.

use std::time::Duration;

use reqwest::{
    Client, RequestBuilder, Response,
    header::{COOKIE, HOST, HeaderMap, SET_COOKIE},
};
use serde_json::{Value, json};

/// How the name of the cookie begins in which the server keeps a session's id. What follows differs from system to system.
const SESSION: &str = "session";

/// Somebody with a browser, who can ask Traefik and, past it, any replica.
#[derive(Clone, Debug)]
pub struct Browser {
    client: Client,
    host: String,
    cookie: String,
}

impl Browser {
    /// A browser without a cookie, which says in the `Host` header that it wants `host`: Traefik routes by that, and a
    /// replica that is asked directly does not care. It waits for an answer for `patience`.
    ///
    /// # Errors
    /// When the system lets no HTTP client be made.
    pub fn new(host: &str, patience: Duration) -> reqwest::Result<Browser> {
        Ok(Browser::of(http_client(patience)?, host))
    }

    /// A browser without a cookie over an HTTP client that others use, too: they share its connections.
    #[must_use]
    pub fn of(client: Client, host: &str) -> Browser {
        Browser {
            client,
            host: host.to_owned(),
            cookie: String::new(),
        }
    }

    /// The same browser with this `Cookie` header; an empty one is not sent.
    #[must_use]
    pub fn with_cookie(mut self, cookie: &str) -> Browser {
        cookie.clone_into(&mut self.cookie);
        self
    }

    /// The `Cookie` header; empty if there is none.
    #[must_use]
    pub fn cookie(&self) -> &str {
        &self.cookie
    }

    /// Asks `address` for a login with the cookie that this browser has, and gives the answer. The browser stays who it
    /// was: what the answer sets as a cookie is for [`session_cookie`] to find.
    ///
    /// # Errors
    /// When there is no answer in time.
    pub async fn log_in(&self, address: &str, name: &str) -> reqwest::Result<Response> {
        let login = self.post(address, "/api/login", &json!({ "name": name }));
        login.send().await
    }

    /// A GET that has yet to be sent.
    pub fn get(&self, address: &str, path: &str) -> RequestBuilder {
        self.identify(self.client.get(format!("http://{address}{path}")))
    }

    /// A POST of JSON that has yet to be sent.
    pub fn post(&self, address: &str, path: &str, body: &Value) -> RequestBuilder {
        self.identify(self.client.post(format!("http://{address}{path}")))
            .json(body)
    }

    fn identify(&self, request: RequestBuilder) -> RequestBuilder {
        let request = request.header(HOST, &self.host);
        if self.cookie.is_empty() {
            return request;
        }
        request.header(COOKIE, &self.cookie)
    }
}

/// An HTTP client that goes to this machine, whatever proxy its environment names, and waits for an answer for
/// `patience`.
///
/// # Errors
/// When the system lets it not be made.
pub fn http_client(patience: Duration) -> reqwest::Result<Client> {
    #[expect(
        clippy::disallowed_methods,
        reason = "what uses this crate need not have the other one"
    )]
    Client::builder().timeout(patience).no_proxy().build()
}

/// The session's cookie that an answer with these headers sets, as a browser sends it back: without its attributes.
#[must_use]
pub fn session_cookie(headers: &HeaderMap) -> Option<String> {
    headers
        .get_all(SET_COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok()?.split(';').next())
        .find(|pair| {
            let name = pair.trim_start();
            name.strip_prefix("__Host-")
                .unwrap_or(name)
                .starts_with(SESSION)
        })
        .map(|pair| pair.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_session_is_sent_back() {
        let set = |cookie: &str, attributes: &str| {
            let value = format!("{cookie}{attributes}").parse().unwrap();
            HeaderMap::from_iter([(SET_COOKIE, value)])
        };
        for cookie in ["session=abc", "session_8000=abc", "__Host-session_80=abc"] {
            let headers = set(cookie, "; HttpOnly; SameSite=Lax; Path=/");
            assert_eq!(session_cookie(&headers).as_deref(), Some(cookie));
        }
        assert_eq!(session_cookie(&set("other=1", "; Path=/")), None);
        assert_eq!(session_cookie(&HeaderMap::new()), None);
    }
}
