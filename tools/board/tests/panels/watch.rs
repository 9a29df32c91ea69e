//! Whether somebody is told: of errors, and of it when nobody watches any more.

use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use serde_json::Value;
use stack::until;

use super::{SHOWN_WITHIN, Scene};

/// How soon the chat hears of it.
const TOLD_WITHIN: Duration = Duration::from_secs(30);

type Headers = &'static [(&'static str, &'static str)];

impl Scene {
    /// Waits until Alertmanager has told a replica of an alert of this name and status.
    async fn is_told(&self, name: &str, status: &str) -> anyhow::Result<Value> {
        let what = format!("the chat's hearing that {name} is {status}");
        until(&what, SHOWN_WITHIN, async || {
            let told: Vec<Value> = self.replicas.iter().flat_map(|one| one.told()).collect();
            let is_it = |told: &&Value| {
                told["groupLabels"]["alertname"] == name && told["status"] == status
            };
            let found = told.iter().find(is_it).cloned();
            found.ok_or_else(|| format!("it was told {told:?}"))
        })
        .await
    }

    async fn board(&self, path: &str) -> anyhow::Result<Value> {
        let answer = self.stack.get("board.localhost", path).await?;
        Ok(answer.error_for_status()?.json().await?)
    }
}

#[tokio::test]
async fn five_of_a_hundred_errors_are_told_and_so_is_the_end_of_watching() -> anyhow::Result<()> {
    let scene = Scene::start().await?;
    let told = scene.is_told("ErrorBudgetBurnsFast", "firing").await?;
    let took = scene.began.elapsed();
    println!(
        "errors are told after {took:?}: {}",
        told["commonAnnotations"]
    );
    ensure!(took < TOLD_WITHIN, "it took {took:?}");
    let summary = told["commonAnnotations"]["summary"].to_string();
    // Rates are taken over a few answers, so it is not exactly five.
    let (share, rest) = summary
        .trim_matches('"')
        .split_once('%')
        .context("no share")?;
    ensure!((4.5..=5.5).contains(&share.parse::<f64>()?), "{summary}");
    ensure!(
        rest.starts_with(" of the answers of webserver"),
        "{summary}"
    );

    // The same stands on the board and among the records, which need no chat.
    until("the board's showing it", SHOWN_WITHIN, async || {
        let watch = scene.board("/api/alerts").await;
        let watch = watch.map_err(|error| format!("{error:#}"))?;
        let shown = watch["broken"].is_null() && watch.to_string().contains("ErrorBudgetBurnsFast");
        shown.then_some(()).ok_or_else(|| watch.to_string())
    })
    .await?;
    let logs = scene.stack.server("logs")?.address();
    let query = "_msg:budget%20%22service.name%22:=alertmanager";
    let url = format!("http://{logs}/select/logsql/query?query={query}");
    until("the record of the alert", SHOWN_WITHIN, async || {
        let answer = scene.stack.client().get(&url).send().await;
        let answer = answer.map_err(|error| error.to_string())?;
        let text = answer.text().await.map_err(|error| error.to_string())?;
        let found = text.contains("% of the answers of webserver");
        found.then_some(()).ok_or(text)
    })
    .await?;

    // The dead man's switch.
    scene.is_told("Watchdog", "firing").await?;
    let killed = Instant::now();
    scene.stack.server("prometheus")?.kill().await?;
    let watch = scene.board("/api/alerts").await?;
    let broken = watch["broken"].as_str().unwrap_or_default();
    ensure!(broken.starts_with("Nothing is watched"), "{watch}");
    scene.is_told("Watchdog", "resolved").await?;
    let took = killed.elapsed();
    println!("that nobody watches is told after {took:?}");
    ensure!(took < TOLD_WITHIN, "it took {took:?}");
    Ok(())
}

#[tokio::test]
async fn what_is_behind_the_boards_can_be_read_and_not_changed() -> anyhow::Result<()> {
    let scene = Scene::start().await?;
    let address = scene.stack.address();
    let ask = async |method: &str, host: &str, path: &str, headers: Headers| {
        let method: reqwest::Method = method.parse()?;
        let url = format!("http://{address}{path}");
        let request = scene
            .stack
            .client()
            .request(method, url)
            .header("host", host);
        let request = headers.iter().fold(request, |request, (name, value)| {
            request.header(*name, *value)
        });
        let answer = request.send().await?;
        let cors = answer.headers().contains_key("access-control-allow-origin");
        ensure!(!cors, "{host}{path} lets other sites read");
        Ok::<_, anyhow::Error>(answer.status().as_u16())
    };
    let foreign: Headers = &[("sec-fetch-site", "cross-site")];
    let origin: Headers = &[("origin", "http://evil.example")];
    let query = "/api/v1/query?query=up";
    let cases: [(&str, &str, &str, Headers, u16); 20] = [
        ("GET", "board.localhost", "/", &[], 200),
        ("GET", "grafana.localhost", "/api/boards", &[], 200),
        ("GET", "board.localhost", "/api/boards", foreign, 404),
        ("GET", "board.localhost", "/api/boards", origin, 404),
        ("POST", "board.localhost", "/api/boards", &[], 404),
        ("POST", "board.localhost", "/api/ds/query", &[], 405),
        ("DELETE", "board.localhost", "/api/boards", &[], 404),
        ("GET", "prometheus.localhost", query, &[], 200),
        ("GET", "prometheus.localhost", query, foreign, 404),
        ("GET", "prometheus.localhost", query, origin, 404),
        (
            "GET",
            "prometheus.localhost",
            "/api/v1/status/config",
            &[],
            404,
        ),
        ("GET", "prometheus.localhost", "/metrics", &[], 404),
        ("POST", "prometheus.localhost", "/-/reload", &[], 404),
        ("POST", "prometheus.localhost", "/-/quit", &[], 404),
        (
            "POST",
            "prometheus.localhost",
            "/api/v1/admin/tsdb/delete_series",
            &[],
            404,
        ),
        ("GET", "alerts.localhost", "/api/v2/alerts", &[], 200),
        ("POST", "alerts.localhost", "/api/v2/silences", &[], 404),
        ("POST", "alerts.localhost", "/api/v2/alerts", &[], 404),
        ("GET", "alerts.localhost", "/metrics", &[], 404),
        ("GET", "traefik.localhost", "/metrics", &[], 404),
    ];
    for (method, host, path, headers, expected) in cases {
        let status = ask(method, host, path, headers).await?;
        ensure!(
            status == expected,
            "{method} {host}{path} {headers:?}: {status} in place of {expected}"
        );
    }
    Ok(())
}
