//! The port for those who look after the system: Consul knows it, Traefik does not, and nothing is waited for there.

use std::time::{Duration, Instant};

use acceptance::{
    answer::refused,
    scrape::{ops_ports, scrape, scrape_at},
};
use anyhow::ensure;
use nix::sys::signal::Signal;
use reqwest::Method;
use stack::{Stack, until};

/// How long an answer with all numbers may take on a machine that is busy.
const AT_ONCE: Duration = Duration::from_millis(500);

/// Whatever a player asks Traefik for, the answer has no numbers, and no alert is taken.
#[tokio::test]
async fn no_way_through_traefik_leads_to_the_ops_port() -> anyhow::Result<()> {
    let stack = Stack::builder().scale("webserver", 2).start().await?;
    let web = ops_ports(&stack, "webserver").await?;
    let game = ops_ports(&stack, "gameserver").await?;
    ensure!(web.len() == 2 && game.len() == 1, "{web:?} {game:?}");
    let mut hosts: Vec<String> = [
        "webserver.localhost",
        "gameserver.localhost",
        "webserver",
        "metrics.localhost",
        "ops.localhost",
        "localhost",
        "127.0.0.1",
    ]
    .map(str::to_owned)
    .to_vec();
    hosts.extend(web.values().chain(game.values()).cloned());
    let paths = [
        "/metrics",
        "/alerts",
        "/game/metrics",
        "/game/../metrics",
        "//metrics",
        "/plain/../metrics",
    ];
    for host in &hosts {
        for path in paths {
            for method in [Method::GET, Method::POST] {
                let url = format!("http://{}{path}", stack.address());
                let asked = stack.client().request(method.clone(), url);
                let asked = asked
                    .header("host", host)
                    .header("content-type", "application/json");
                let answer = asked.body("{}").send().await?;
                let kind = format!("{:?}", answer.headers().get("content-type"));
                ensure!(!kind.contains("openmetrics"), "{method} {host}{path}");
                ensure!(answer.status() != 204, "{method} {host}{path}");
                let text = answer.text().await?;
                ensure!(!text.contains("# EOF"), "{method} {host}{path}: {text}");
                ensure!(!text.contains("groupKey"), "{method} {host}{path}: {text}");
            }
        }
    }
    // And the players' port of a replica does not have it, either.
    for replica in stack.replicas() {
        let url = format!("http://{}/metrics", replica.address());
        let text = stack.client().get(url).send().await?.text().await?;
        ensure!(!text.contains("# EOF"), "{text}");
    }
    Ok(())
}

/// What is not there is told, and in the form of every other error.
#[tokio::test]
async fn the_ops_port_has_metrics_and_nothing_else() -> anyhow::Result<()> {
    let stack = Stack::builder().start().await?;
    for service in ["webserver", "gameserver"] {
        for address in ops_ports(&stack, service).await?.values() {
            let url = format!("http://{address}/metrics");
            let answer = stack.client().get(&url).send().await?;
            let kind = answer.headers()["content-type"].to_str()?;
            ensure!(
                kind.starts_with("application/openmetrics-text; version=1.0.0"),
                "{kind}"
            );
            for path in ["/", "/api/whoami", "/health/live"] {
                let answer = stack.client().get(format!("http://{address}{path}"));
                let told = refused(answer.send().await?, 404).await?;
                ensure!(told.contains("GET /metrics"), "{told}");
            }
        }
    }
    Ok(())
}

/// All Redises stand still, and each question waits for one. Whoever asks for the numbers does not.
#[tokio::test]
async fn nobody_who_asks_for_numbers_waits_for_anybody() -> anyhow::Result<()> {
    let stack = Stack::builder().start().await?;
    let redises = ["sessions", "pubsub", "matches"];
    for name in redises {
        stack.server(name)?.signal(Signal::SIGSTOP)?;
    }
    let mut slowest = Duration::ZERO;
    for service in ["webserver", "gameserver"] {
        for address in ops_ports(&stack, service).await?.values() {
            for _ in 0..20 {
                let begun = Instant::now();
                scrape_at(&stack, address).await?;
                slowest = slowest.max(begun.elapsed());
            }
        }
    }
    println!("the slowest of 40 scrapes took {slowest:?}");
    // And it is seen which of them are away.
    let away = until(
        "that all are seen to be away",
        Duration::from_secs(10),
        async || {
            let web = scrape(&stack, "webserver").await;
            let web = web.map_err(|error| format!("{error:#}"))?;
            let up = web.sum("redis_up", &[]);
            (up == 0.0)
                .then_some(())
                .ok_or_else(|| format!("{up} are up"))
        },
    );
    let away = away.await;
    for name in redises {
        stack.server(name)?.signal(Signal::SIGCONT)?;
    }
    away?;
    ensure!(slowest < AT_ONCE, "a scrape took {slowest:?}");
    until("that all are there", Duration::from_secs(20), async || {
        let web = scrape(&stack, "webserver").await;
        let web = web.map_err(|error| format!("{error:#}"))?;
        let up = web.sum("redis_up", &[]);
        (up == 3.0)
            .then_some(())
            .ok_or_else(|| format!("{up} are up"))
    })
    .await
}
