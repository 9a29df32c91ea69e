//! The page of the board, and what it asks.

use std::{sync::Arc, time::Duration};

use anyhow::Context;
use axum::{
    Json, Router,
    extract::{Path, Query, State},
    http::{StatusCode, header::CONTENT_TYPE},
    middleware::from_fn,
    response::{IntoResponse, Response},
    routing::get,
};
use serde::Deserialize;
use serde_json::json;
use tokio::{
    net::TcpListener,
    sync::{Semaphore, SemaphorePermit},
    time::timeout,
};

use crate::{
    alerts::Watch,
    config::Config,
    dashboard::Boards,
    engine::Engine,
    guard::guard,
    panel,
    window::{Span, Window},
};

/// How many questions are asked at a time, for all who look. Others wait for a second, and are then refused: the engine has work to do.
const QUESTIONS: usize = 4;
const WAIT: Duration = Duration::from_secs(1);

/// How long all queries of one panel may take together.
const ANSWERED_WITHIN: Duration = Duration::from_secs(6);

/// Files that the page is made of. They are in the program, so it needs nothing from elsewhere.
const FILES: [(&str, &str, &str); 5] = [
    (
        "/",
        "text/html; charset=utf-8",
        include_str!("../page/index.html"),
    ),
    (
        "/board.js",
        "text/javascript; charset=utf-8",
        include_str!("../page/board.js"),
    ),
    (
        "/board.css",
        "text/css; charset=utf-8",
        include_str!("../page/board.css"),
    ),
    (
        "/uplot.js",
        "text/javascript; charset=utf-8",
        include_str!("../page/uplot/uPlot.iife.min.js"),
    ),
    (
        "/uplot.css",
        "text/css; charset=utf-8",
        include_str!("../page/uplot/uPlot.min.css"),
    ),
];

struct App {
    boards: Boards,
    engine: Engine,
    http: reqwest::Client,
    alertmanager: reqwest::Url,
    questions: Semaphore,
}

/// Why a question has no answer.
enum Refusal {
    Unknown(anyhow::Error),
    Busy,
    Failed(anyhow::Error),
}

/// Serves the page until the process ends.
///
/// # Errors
/// When a board is not understood, or the address is taken.
pub async fn serve(config: &Config) -> anyhow::Result<()> {
    let listener = TcpListener::bind(config.listen).await;
    let listener = listener.with_context(|| format!("cannot listen on {}", config.listen))?;
    let router = router(config)?;
    eprintln!("The board is at http://{}/", listener.local_addr()?);
    axum::serve(listener, router).await?;
    Ok(())
}

fn router(config: &Config) -> anyhow::Result<Router> {
    let app = App {
        boards: Boards::load(&config.dashboards)?,
        engine: Engine::new(config.prometheus.as_str())?,
        http: stack::http_client(Duration::from_secs(3))?,
        alertmanager: config.alertmanager.clone(),
        questions: Semaphore::new(QUESTIONS),
    };
    let mut router = Router::new()
        .route("/api/health", get(async || "well\n"))
        // Browsers ask for it, and there is none.
        .route("/favicon.ico", get(async || StatusCode::NO_CONTENT))
        .route("/api/boards", get(boards))
        .route("/api/boards/{board}/panels/{panel}", get(panel))
        .route("/api/alerts", get(alerts));
    for (path, kind, text) in FILES {
        router = router.route(path, get(async move || ([(CONTENT_TYPE, kind)], text)));
    }
    Ok(router.layer(from_fn(guard)).with_state(Arc::new(app)))
}

async fn boards(State(app): State<Arc<App>>) -> Json<Boards> {
    Json(app.boards.clone())
}

#[derive(Deserialize)]
struct Choice {
    #[serde(default)]
    span: Span,
}

/// What one panel shows. A browser names the panel, and never says what is to be asked.
async fn panel(
    State(app): State<Arc<App>>,
    Path((board, panel)): Path<(String, u32)>,
    Query(choice): Query<Choice>,
) -> Result<Response, Refusal> {
    let panel = app.boards.panel(&board, panel).map_err(Refusal::Unknown)?;
    let _turn = app.turn().await?;
    let window = Window::until_now(choice.span);
    let data = timeout(ANSWERED_WITHIN, panel::run(panel, &app.engine, &window)).await;
    let data = data
        .context("the queries took too long")
        .and_then(|data| data);
    let data = data.map_err(Refusal::Failed)?;
    let window = json!({ "from": window.from(), "to": window.to, "step": window.step.as_secs() });
    Ok(Json(json!({ "window": window, "data": data })).into_response())
}

async fn alerts(State(app): State<Arc<App>>) -> Result<Json<Watch>, Refusal> {
    let _turn = app.turn().await?;
    Ok(Json(
        Watch::look(&app.engine, &app.http, &app.alertmanager).await,
    ))
}

impl App {
    async fn turn(&self) -> Result<SemaphorePermit<'_>, Refusal> {
        match timeout(WAIT, self.questions.acquire()).await {
            Ok(Ok(turn)) => Ok(turn),
            _ => Err(Refusal::Busy),
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let (status, reason) = match self {
            Refusal::Unknown(error) => (StatusCode::NOT_FOUND, format!("{error:#}")),
            Refusal::Busy => (
                StatusCode::SERVICE_UNAVAILABLE,
                "too many questions at a time: ask again".to_owned(),
            ),
            Refusal::Failed(error) => (StatusCode::BAD_GATEWAY, format!("{error:#}")),
        };
        (status, Json(json!({ "error": reason }))).into_response()
    }
}

#[cfg(test)]
mod tests {
    use reqwest::Url;

    use super::*;

    /// A board that asks nobody, since nobody is there.
    async fn board() -> (String, reqwest::Client) {
        let nowhere = Url::parse("http://127.0.0.1:9").unwrap();
        let config = Config {
            listen: ([127, 0, 0, 1], 0).into(),
            dashboards: stack::workspace_root().join("observability/dashboards"),
            prometheus: nowhere.clone(),
            alertmanager: nowhere,
        };
        let listener = TcpListener::bind(config.listen).await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let router = router(&config).unwrap();
        tokio::spawn(async { axum::serve(listener, router).await });
        (
            address,
            stack::http_client(Duration::from_secs(10)).unwrap(),
        )
    }

    #[tokio::test]
    async fn the_page_is_whole_and_loads_nothing_from_elsewhere() {
        let (address, http) = board().await;
        for (path, kind, text) in FILES {
            let answer = http.get(format!("{address}{path}")).send().await.unwrap();
            assert_eq!(answer.status(), 200, "{path}");
            assert_eq!(answer.headers()["content-type"], kind);
            assert_eq!(answer.text().await.unwrap(), text);
        }
        for (_, _, text) in &FILES[..3] {
            assert!(!text.contains("https://"), "it asks somebody else");
        }
    }

    #[tokio::test]
    async fn no_query_leaves_the_board_and_none_gets_in() {
        let (address, http) = board().await;
        let get = async |path: &str| {
            let answer = http.get(format!("{address}{path}")).send().await.unwrap();
            (answer.status().as_u16(), answer.text().await.unwrap())
        };
        let (status, boards) = get("/api/boards").await;
        assert_eq!(status, 200);
        assert!(
            boards.contains("Requests") && !boards.contains("rate("),
            "{boards}"
        );
        assert_eq!(get("/api/boards/requests/panels/999").await.0, 404);
        assert_eq!(get("/api/boards/requests/panels/1?span=9y").await.0, 400);
        let (status, error) = get("/api/boards/requests/panels/1?query=up").await;
        assert_eq!(status, 502);
        assert!(error.contains("does not answer"), "{error}");
        assert!(get("/api/alerts").await.1.contains("Nothing is watched"));
    }
}
