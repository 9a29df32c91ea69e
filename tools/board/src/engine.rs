//! Prometheus, or VictoriaMetrics, which answers the same questions in the same way.

use std::{collections::BTreeMap, time::Duration};

use anyhow::{Context, bail, ensure};
use reqwest::Url;
use serde::{Deserialize, de::DeserializeOwned};

use crate::window::Window;

/// How long the engine may work on one query, and how long we wait for it.
const QUERY_TIMEOUT: &str = "4s";
const PATIENCE: Duration = Duration::from_secs(5);

/// More than a screen can show. An answer that is larger is a query that forgot to sum.
const MOST_SERIES: usize = 200;
const MOST_BYTES: usize = 4 << 20;

/// The labels of a series.
pub type Labels = BTreeMap<String, String>;

/// Whom a board asks for metrics.
#[derive(Clone, Debug)]
pub struct Engine {
    http: reqwest::Client,
    base: Url,
}

/// One value of one series.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    /// Which series.
    pub labels: Labels,
    /// Its value. It is no number where nothing was divided by nothing.
    pub value: f64,
}

/// The values of one series over time.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Which series.
    pub labels: Labels,
    /// When, in seconds since 1970, and what.
    pub points: Vec<(f64, f64)>,
}

#[derive(Deserialize)]
struct Envelope<T> {
    status: String,
    error: Option<String>,
    data: Option<T>,
}

#[derive(Deserialize)]
struct Found {
    result: Vec<Series>,
}

#[derive(Deserialize)]
struct Series {
    metric: Labels,
    value: Option<Point>,
    values: Option<Vec<Point>>,
}

#[derive(Deserialize)]
struct Point(f64, String);

impl Engine {
    /// The engine at this address, such as `http://127.0.0.1:9090`.
    ///
    /// # Errors
    /// When it is no address.
    pub fn new(base: &str) -> anyhow::Result<Engine> {
        let base = Url::parse(base).with_context(|| format!("{base} is no address"))?;
        let http = stack::http_client(PATIENCE)?;
        Ok(Engine { http, base })
    }

    /// What a query gives for one moment, which is in seconds since 1970.
    ///
    /// # Errors
    /// When the engine does not answer, or refuses the query.
    pub async fn instant(&self, query: &str, at: u64) -> anyhow::Result<Vec<Sample>> {
        let parameters = [
            ("query", query.to_owned()),
            ("time", at.to_string()),
            ("timeout", QUERY_TIMEOUT.to_owned()),
        ];
        let found: Found = self.ask("/api/v1/query", &parameters).await?;
        let samples = bounded(found)?.into_iter().map(|series| {
            let point = series.value.context("a series without a value")?;
            Ok(Sample {
                labels: series.metric,
                value: point.number()?,
            })
        });
        samples.collect()
    }

    /// What a query gives over time.
    ///
    /// # Errors
    /// When the engine does not answer, or refuses the query.
    pub async fn range(&self, query: &str, window: &Window) -> anyhow::Result<Vec<Line>> {
        let parameters = [
            ("query", query.to_owned()),
            ("start", window.from().to_string()),
            ("end", window.to.to_string()),
            ("step", window.step.as_secs().to_string()),
            ("timeout", QUERY_TIMEOUT.to_owned()),
        ];
        let found: Found = self.ask("/api/v1/query_range", &parameters).await?;
        let lines = bounded(found)?.into_iter().map(|series| {
            let points = series.values.unwrap_or_default().into_iter();
            let points = points.map(|point| Ok((point.0, point.number()?)));
            Ok(Line {
                labels: series.metric,
                points: points.collect::<anyhow::Result<_>>()?,
            })
        });
        lines.collect()
    }

    /// What the engine says to a GET, of which it is known that it is a value of this type.
    pub(crate) async fn ask<T: DeserializeOwned>(
        &self,
        path: &str,
        parameters: &[(&str, String)],
    ) -> anyhow::Result<T> {
        let body = get(&self.http, &self.base, path, parameters).await?;
        let envelope: Envelope<T> = serde_json::from_slice(&body)
            .with_context(|| format!("{} does not answer as Prometheus does", self.base))?;
        match envelope.data {
            Some(data) if envelope.status == "success" => Ok(data),
            _ => bail!("{}", envelope.error.unwrap_or(envelope.status)),
        }
    }
}

/// Asks, and takes no more than is bearable, whatever the status is: errors are told in the body.
pub(crate) async fn get(
    http: &reqwest::Client,
    base: &Url,
    path: &str,
    parameters: &[(&str, String)],
) -> anyhow::Result<Vec<u8>> {
    let mut url = base.join(path)?;
    if !parameters.is_empty() {
        url.query_pairs_mut().extend_pairs(parameters);
    }
    let answer = http.get(url).send().await;
    let mut answer = answer.with_context(|| format!("{base} does not answer"))?;
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await? {
        ensure!(
            body.len() + chunk.len() <= MOST_BYTES,
            "{base} answers with more than can be shown"
        );
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

fn bounded(found: Found) -> anyhow::Result<Vec<Series>> {
    let count = found.result.len();
    ensure!(
        count <= MOST_SERIES,
        "the query gives {count} series, and {MOST_SERIES} are more than anybody can read: sum some of them"
    );
    Ok(found.result)
}

impl Point {
    fn number(&self) -> anyhow::Result<f64> {
        let Point(_, text) = self;
        text.parse()
            .with_context(|| format!("{text:?} is no number"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_is_understood() {
        let numbers = ["1.5", "+Inf", "-Inf", "1e-05"];
        let expected = [1.5, f64::INFINITY, f64::NEG_INFINITY, 0.00001];
        for (text, expected) in numbers.into_iter().zip(expected) {
            assert_eq!(Point(0.0, text.to_owned()).number().unwrap(), expected);
        }
        assert!(Point(0.0, "NaN".to_owned()).number().is_ok_and(f64::is_nan));
        assert!(Point(0.0, "many".to_owned()).number().is_err());
    }

    #[test]
    fn an_answer_with_too_many_series_is_refused() {
        let series = |_| Series {
            metric: Labels::new(),
            value: None,
            values: None,
        };
        let found = |count| Found {
            result: (0..count).map(series).collect(),
        };
        assert!(bounded(found(MOST_SERIES)).is_ok());
        assert!(bounded(found(MOST_SERIES + 1)).is_err());
    }

    #[tokio::test]
    async fn who_is_not_there_is_named() {
        let engine = Engine::new("http://127.0.0.1:9").unwrap();
        let error = engine.instant("up", 0).await.unwrap_err().to_string();
        assert!(error.contains("127.0.0.1:9"), "{error}");
    }
}
