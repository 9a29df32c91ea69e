//! Whoever comes through Traefik may read records, in the page's way, and nothing else.

use anyhow::ensure;
use reqwest::{Method, RequestBuilder, StatusCode, Url, redirect::Policy};
use stack::Stack;

use super::{ask, header, record_of, records};

const REFUSED: StatusCode = StatusCode::NOT_FOUND;

/// A request to a host through Traefik.
fn request(stack: &Stack, method: Method, host: &str, path: &str) -> RequestBuilder {
    let url = format!("http://{}{path}", stack.address());
    stack.client().request(method, url).header("host", host)
}

/// Whether the store itself has answered, with records or that there are none.
async fn is_the_store_s(request: RequestBuilder) -> anyhow::Result<bool> {
    let answer = request.send().await?;
    ensure!(!answer.headers().contains_key("access-control-allow-origin"));
    let kind = answer.headers().get("content-type");
    let kind = kind.and_then(|kind| kind.to_str().ok());
    Ok(answer.status().is_success() && kind == Some("application/stream+json"))
}

#[tokio::test]
async fn the_store_s_page_reads_and_nobody_writes() -> anyhow::Result<()> {
    let stack = Stack::builder().start().await?;
    let host = "logs.localhost";
    let query = "/select/logsql/query?query=*&limit=1";
    ensure!(is_the_store_s(request(&stack, Method::GET, host, query)).await?);
    let form = request(&stack, Method::POST, host, "/select/logsql/query");
    let form = form.header("content-type", "application/x-www-form-urlencoded");
    ensure!(is_the_store_s(form.body("query=*&limit=1")).await?);
    #[expect(clippy::disallowed_methods, reason = "it goes through no proxy either")]
    let stays = reqwest::Client::builder()
        .no_proxy()
        .redirect(Policy::none())
        .build()?;
    let page = stays.get(format!("http://{}/", stack.address()));
    let page = page.header("host", host).send().await?;
    let location = header(&page, "location")?;
    ensure!(
        location == "http://logs.localhost/select/vmui/",
        "{location}"
    );

    for (method, path) in [
        (Method::POST, "/insert/jsonline"),
        (Method::POST, "/insert/opentelemetry/v1/logs"),
        (Method::GET, "/insert/jsonline"),
        (Method::PUT, "/select/logsql/query"),
        (Method::DELETE, "/select/logsql/query"),
        (Method::POST, "/delete/run_task?filter=*"),
        (Method::GET, "/delete/active_tasks"),
        (Method::GET, "/internal/force_flush"),
        (Method::GET, "/internal/select/query"),
        (Method::GET, "/select/logsql/tail?query=*"),
        (Method::GET, "/metrics"),
        (Method::GET, "/flags"),
        (Method::GET, "/debug/pprof/cmdline"),
        (Method::POST, "/"),
    ] {
        let status = request(&stack, method.clone(), host, path)
            .body("{}")
            .send();
        let status = status.await?.status();
        ensure!(status == REFUSED, "{method} {path} answers {status}");
    }
    Ok(())
}

#[tokio::test]
async fn another_site_reads_no_records() -> anyhow::Result<()> {
    let stack = Stack::builder().start().await?;
    for (host, path) in [
        ("logs.localhost", "/select/logsql/query?query=*&limit=1"),
        ("webserver.localhost", "/records?query=*&limit=1"),
    ] {
        let own = format!("http://{host}:8080");
        for (name, value, is_let_through) in [
            ("sec-fetch-site", "same-origin", true),
            ("origin", own.as_str(), true),
            ("sec-fetch-site", "same-site", false),
            ("sec-fetch-site", "cross-site", false),
            ("origin", "http://elsewhere.example", false),
            ("origin", "http://traefik.localhost", false),
            ("origin", "null", false),
        ] {
            let request = request(&stack, Method::GET, host, path).header(name, value);
            let answered = is_the_store_s(request).await?;
            ensure!(
                answered == is_let_through,
                "{host}, {name}: {value}: {answered}"
            );
        }
    }
    let link = request(
        &stack,
        Method::GET,
        "logs.localhost",
        "/select/logsql/query?query=*",
    );
    let link = link.header("sec-fetch-site", "cross-site");
    ensure!(!is_the_store_s(link.header("sec-fetch-dest", "document")).await?);
    Ok(())
}

#[tokio::test]
async fn our_page_finds_the_records_of_one_id_beside_the_players_routes() -> anyhow::Result<()> {
    let stack = Stack::builder().start().await?;
    let host = "webserver.localhost";
    let id = header(&ask(&stack).await?, "x-request-id")?;
    record_of(&stack, &id).await?;
    let query = format!(r#"request_id:="{id}" or "downstream_X-Request-Id":="{id}""#);
    let url = Url::parse_with_params("http://x/records", [("query", &query[..]), ("limit", "9")])?;
    let path = format!("/records?{}", url.query().unwrap_or_default());
    let found = request(&stack, Method::GET, host, &path).send().await?;
    let found = found.error_for_status()?.text().await?;
    ensure!(found.contains(&id), "{found}");
    for path in [
        "/records?query=*",
        "/records?query=*&limit=",
        "/records?query=*&limit=0",
        "/records?query=*&limit=1000",
        "/records?query=*&limit=-1",
        "/records?query=*&limit=1e6",
        "/records?query=*&limit=1000000&limit=1",
        "/records?query=*&limit=1&limit=0",
        "/records/?query=*&limit=1",
    ] {
        let request = request(&stack, Method::GET, host, path);
        ensure!(!is_the_store_s(request).await?, "{path} is answered");
    }
    let posted = request(&stack, Method::POST, host, "/records?query=*&limit=1");
    ensure!(!is_the_store_s(posted).await?);
    // Nothing of that is anybody's to see: the record of a question has no question in it.
    let all = records(&stack, "*").await?;
    ensure!(!all.iter().any(|line| line.contains("limit=")), "{all:?}");
    Ok(())
}
