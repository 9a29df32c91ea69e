//! What every answer must have, whatever it says.

use anyhow::{Context, ensure};
use reqwest::Response;
use serde_json::Value;

/// Makes sure that an answer has this status and names its replica, and gives it back.
///
/// # Errors
/// When it does not, with what it says instead.
pub async fn expect(response: Response, status: u16) -> anyhow::Result<Response> {
    let named = response.headers().contains_key("x-replica");
    let url = response.url().clone();
    ensure!(named, "{url}: the answer names no replica");
    let got = response.status();
    if got == status {
        return Ok(response);
    }
    let body = response.text().await.unwrap_or_default();
    anyhow::bail!("{url}: {got} instead of {status}: {body:.300}")
}

/// The sentence of an error, which must have this status and the form of all errors.
///
/// # Errors
/// When the answer is another one.
pub async fn refused(response: Response, status: u16) -> anyhow::Result<String> {
    Ok(error_of(response, status).await?.0)
}

/// The same for an error that has a word of its own for programs.
///
/// # Errors
/// When the answer is another one.
pub async fn refused_as(response: Response, status: u16, code: &str) -> anyhow::Result<String> {
    let (sentence, body) = error_of(response, status).await?;
    ensure!(body["code"] == code, "{body}");
    Ok(sentence)
}

async fn error_of(response: Response, status: u16) -> anyhow::Result<(String, Value)> {
    let response = expect(response, status).await?;
    let kind = header(&response, "content-type")?;
    ensure!(kind == "application/json", "the error is {kind}");
    let body: Value = response.json().await?;
    ensure!(body["status"] == status, "{body}");
    let code = body["code"].as_str().unwrap_or_default();
    ensure!(!code.is_empty(), "{body}");
    let sentence = body["error"].as_str().unwrap_or_default();
    ensure!(sentence.len() > 10, "{body}");
    Ok((sentence.to_owned(), body))
}

/// A header of an answer.
///
/// # Errors
/// When it is missing, or is no text.
pub fn header(response: &Response, name: &str) -> anyhow::Result<String> {
    let value = response.headers().get(name);
    let value = value.with_context(|| format!("{}: no {name}", response.url()))?;
    Ok(value.to_str()?.to_owned())
}
