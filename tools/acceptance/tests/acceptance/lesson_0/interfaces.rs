//! The user interfaces show what their pages need, and only to whoever asks for it by himself.

use anyhow::ensure;
use reqwest::StatusCode;
use stack::Stack;

/// What Traefik answers where it has no route.
const REFUSED: StatusCode = StatusCode::NOT_FOUND;

async fn status(
    stack: &Stack,
    host: &str,
    path: &str,
    headers: &[(&str, &str)],
) -> anyhow::Result<StatusCode> {
    let url = format!("http://{}{path}", stack.address());
    let mut request = stack.client().get(url).header("host", host);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    Ok(request.send().await?.status())
}

#[tokio::test]
async fn consul_shows_its_page_and_keeps_the_rest() -> anyhow::Result<()> {
    let stack = Stack::builder().start().await?;
    for path in [
        "/ui/",
        "/v1/catalog/services",
        "/v1/catalog/datacenters",
        "/v1/internal/ui/services?dc=dc1",
        "/v1/internal/ui/nodes?dc=dc1",
        "/v1/health/service/consul",
        "/v1/status/leader",
    ] {
        let status = status(&stack, "consul.localhost", path, &[]).await?;
        ensure!(status == 200, "{path} answers {status}");
    }
    for path in [
        "/v1/connect/ca/configuration",
        "/debug/pprof/heap",
        "/v1/agent/self",
        "/v1/agent/monitor",
        "/v1/kv/?recurse",
        "/v1/snapshot",
        "/v1/operator/raft/configuration",
    ] {
        let status = status(&stack, "consul.localhost", path, &[]).await?;
        ensure!(status == REFUSED, "{path} answers {status}");
    }
    // And to those on its network it has no keys to give away.
    let consul = stack.server("consul")?.address();
    for path in ["/v1/connect/ca/configuration", "/debug/pprof/heap"] {
        let answer = stack.client().get(format!("http://{consul}{path}"));
        let status = answer.send().await?.status();
        ensure!(!status.is_success(), "{path} answers {status}");
    }
    Ok(())
}

#[tokio::test]
async fn another_site_may_link_to_a_page_and_no_more() -> anyhow::Result<()> {
    let stack = Stack::builder().start().await?;
    let pages = [
        ("consul.localhost", "/ui/"),
        ("traefik.localhost", "/dashboard/"),
    ];
    for (host, path) in pages {
        for (site, kind, let_through) in [
            ("none", "document", true),
            ("same-origin", "empty", true),
            ("cross-site", "document", true),
            ("cross-site", "empty", false),
            ("cross-site", "iframe", false),
            ("same-site", "image", false),
        ] {
            let headers = [("sec-fetch-site", site), ("sec-fetch-dest", kind)];
            let status = status(&stack, host, path, &headers).await?;
            let expected = if let_through { StatusCode::OK } else { REFUSED };
            ensure!(status == expected, "{host}{path}, {site}, {kind}: {status}");
        }
    }
    Ok(())
}

/// Questions that wait for a change must not take all of Consul's connections, or Traefik would hear of no replica any more.
#[tokio::test]
async fn whoever_waits_at_consul_locks_nobody_else_out() -> anyhow::Result<()> {
    let stack = Stack::builder().start().await?;
    let mut waiting = tokio::task::JoinSet::new();
    let url = format!(
        "http://{}/v1/catalog/services?index=1000000&wait=40s",
        stack.address()
    );
    let mut port = 1000;
    let refused = stack::until("a refusal", std::time::Duration::from_secs(20), || {
        // Again and again: a Consul that has just started makes nobody wait.
        for _ in 0..50 {
            port += 1;
            let host = format!("consul.localhost:{port}");
            let request = stack.client().get(&url).header("host", host);
            waiting.spawn(request.send());
        }
        async {
            match status(&stack, "consul.localhost", "/v1/status/leader", &[]).await {
                Ok(StatusCode::TOO_MANY_REQUESTS) => Ok(()),
                other => Err(format!("{other:?}")),
            }
        }
    });
    refused.await?;
    // Whoever has left is still being answered.
    waiting.abort_all();
    for _ in 0..20 {
        for _ in 0..20 {
            let request = stack.client().get(&url).header("host", "consul.localhost");
            let a_moment = std::time::Duration::from_millis(50);
            waiting.spawn(request.timeout(a_moment).send());
        }
        while waiting.join_next().await.is_some() {}
    }
    let consul = stack.server("consul")?.address();
    let direct = stack
        .client()
        .get(format!("http://{consul}/v1/status/leader"));
    ensure!(direct.send().await?.status() == 200);
    Ok(())
}
