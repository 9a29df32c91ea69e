//! There are as many series at the end as at the start, whatever callers choose.

use std::{
    collections::BTreeSet,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use acceptance::{
    player::Player,
    scrape::{Numbers, ops_ports, scrape, scrape_at},
};
use anyhow::ensure;
use board::Engine;
use futures_util::future::try_join_all;
use reqwest::Method;
use stack::{Stack, until};

/// How many requests are on their way at once.
const AT_ONCE: usize = 20;

/// Families that every dashboard and rule relies on, in the web server.
const WEB: [&str; 25] = [
    r#"http_requests_total{method="POST",route="/api/login",status="2xx"}"#,
    r#"http_requests_total{method="GET",route="/api/me",status="5xx"}"#,
    r#"http_requests_total{method="other",route="other",status="4xx"}"#,
    r#"http_request_duration_seconds_bucket{le="0.25",method="GET",route="/api/me"}"#,
    "http_requests_in_flight",
    r#"sockets_open{channel="chat"}"#,
    r#"sockets_opened_total{channel="chat"}"#,
    r#"sockets_closed_total{channel="chat",reason="gone"}"#,
    r#"sockets_closed_total{channel="chat",reason="too_slow"}"#,
    r#"outbound_overflows_total{channel="chat"}"#,
    r#"messages_published_total{outcome="accepted"}"#,
    r#"messages_published_total{outcome="refused"}"#,
    r#"messages_published_total{outcome="failed"}"#,
    "messages_delivered_total",
    "message_fanout_seconds_count",
    r#"logins_total{outcome="accepted"}"#,
    r#"redis_request_seconds_count{store="sessions"}"#,
    r#"redis_failures_total{store="pubsub"}"#,
    r#"redis_up{store="matches"}"#,
    r#"play_requests_total{outcome="seated"}"#,
    r#"play_requests_total{outcome="waiting"}"#,
    "play_wait_seconds_count",
    "process_cpu_seconds_total",
    "telemetry_records_dropped_total",
    r#"build_info{version="0.1.0"}"#,
];

/// The same in the game server.
const GAME: [&str; 21] = [
    r#"http_requests_total{method="GET",route="/game/{server}/ws",status="2xx"}"#,
    r#"sockets_open{channel="game"}"#,
    r#"sockets_closed_total{channel="game",reason="match_over"}"#,
    r#"redis_up{store="matches"}"#,
    r#"redis_request_seconds_count{store="matches"}"#,
    r#"matches{phase="gathering"}"#,
    r#"matches{phase="playing"}"#,
    r#"matches{phase="over"}"#,
    "match_players",
    "match_capacity",
    "match_seats_free",
    "matches_started_total",
    r#"matches_ended_total{outcome="won"}"#,
    r#"matches_ended_total{outcome="moved"}"#,
    "ticks_total",
    "ticks_late_total",
    r#"tick_duration_seconds_bucket{le="0.05"}"#,
    r#"tickets_total{outcome="accepted"}"#,
    r#"tickets_total{outcome="refused"}"#,
    "process_resident_memory_bytes",
    "process_open_fds",
];

/// Nobody has come yet, and all series are there. A series that begins with its first error has no error before it.
#[tokio::test]
async fn all_series_are_there_before_anybody_comes() -> anyhow::Result<()> {
    let stack = Stack::builder().start().await?;
    let web = scrape(&stack, "webserver").await?;
    let game = scrape(&stack, "gameserver").await?;
    for series in WEB {
        web.get(series)?;
    }
    for series in GAME {
        game.get(series)?;
    }
    for name in [
        "logins_total",
        "messages_published_total",
        "messages_delivered_total",
    ] {
        ensure!(web.sum(name, &[]) == 0.0, "{name}");
    }
    for name in [
        "matches",
        "ticks_total",
        "tickets_total",
        "sockets_opened_total",
    ] {
        ensure!(game.sum(name, &[]) == 0.0, "{name}");
    }
    // A game server asks one Redis, and of the others it must not say that they are down.
    ensure!(game.get(r#"redis_up{store="sessions"}"#).is_err());
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH)?;
    let age = now.as_secs_f64() - web.get("process_start_time_seconds")?;
    ensure!((-2.0..300.0).contains(&age), "it started {age} seconds ago");
    ensure!(web.get("process_open_fds")? > 5.0);
    ensure!(web.get("process_resident_memory_bytes")? > 1e6);
    println!(
        "{} series of a web server, {} of a game server",
        web.series().count(),
        game.series().count()
    );
    Ok(())
}

/// Players cost no series, and neither does anything that a caller may choose.
#[tokio::test]
async fn nobody_who_calls_makes_a_series() -> anyhow::Result<()> {
    let stack = Stack::builder()
        .environment("LOGIN_RATE", "100000")
        .start()
        .await?;
    let before = names(&scrape(&stack, "webserver").await?);
    for round in 0..2 {
        players(&stack, round, 1000).await?;
        let after = names(&scrape(&stack, "webserver").await?);
        ensure!(after == before, "{:?}", after.difference(&before));
    }
    choose(&stack, &stack.address(), 2000).await?;
    // Past Traefik, too.
    for replica in stack.replicas() {
        choose(&stack, replica.address(), 500).await?;
    }
    for (service, before) in [("webserver", Some(before)), ("gameserver", None)] {
        let address = ops_ports(&stack, service).await?;
        for address in address.values() {
            let told = scrape_at(&stack, address).await?;
            let after = names(&told);
            if let Some(before) = &before {
                ensure!(after == *before, "{:?}", after.difference(before));
            }
            let chosen = after.iter().find(|series| series.contains("EVIL"));
            ensure!(chosen.is_none(), "{chosen:?}");
            ensure!(after.len() < 1000, "{} series", after.len());
        }
    }
    Ok(())
}

fn names(numbers: &Numbers) -> BTreeSet<String> {
    numbers.series().map(str::to_owned).collect()
}

async fn players(stack: &Stack, round: usize, count: usize) -> anyhow::Result<()> {
    let address = stack.address();
    let numbers: Vec<usize> = (0..count).collect();
    for some in numbers.chunks(AT_ONCE) {
        let all = some.iter().map(async |number| {
            let ada = Player::log_in(&address, &format!("Goat {round} {number}")).await?;
            ada.known_as(&address).await
        });
        try_join_all(all).await?;
    }
    Ok(())
}

/// Traefik counts requests, too, and what it has not heard of makes a few series once, and none after that.
#[tokio::test]
async fn nobody_who_calls_makes_a_series_at_traefik() -> anyhow::Result<()> {
    let stack = Stack::builder().watched().start().await?;
    let prometheus = stack.server("prometheus")?.address();
    let prometheus = Engine::new(&format!("http://{prometheus}"))?;
    choose(&stack, &stack.address(), 50).await?;
    let before = at_traefik(&prometheus).await?;
    choose(&stack, &stack.address(), 2000).await?;
    let after = at_traefik(&prometheus).await?;
    println!("{before} series of Traefik before, {after} after");
    ensure!(before == after, "{before} before, {after} after");
    Ok(())
}

/// How many series Traefik has, by an answer that is younger than this question.
async fn at_traefik(prometheus: &Engine) -> anyhow::Result<f64> {
    let now = || {
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        now.unwrap_or_default().as_secs()
    };
    let asked = now() + 1;
    let query = format!(
        r#"scrape_samples_scraped{{job="traefik"}} and timestamp(up{{job="traefik"}}) > {asked}"#
    );
    until(
        "an answer of Traefik",
        Duration::from_secs(20),
        async || {
            let found = prometheus.instant(&query, now()).await;
            let found = found.map_err(|error| format!("{error:#}"))?;
            let first = found.first().ok_or("there is none that is new")?;
            Ok(first.value)
        },
    )
    .await
}

/// Asks with so many methods, paths, hosts and queries of our own making.
async fn choose(stack: &Stack, address: &str, count: usize) -> anyhow::Result<()> {
    let numbers: Vec<usize> = (0..count).collect();
    for some in numbers.chunks(AT_ONCE) {
        let all = some.iter().map(async |number| {
            let method = Method::from_bytes(format!("EVIL{number}").as_bytes())?;
            let own = format!("http://{address}/EVIL{number}?q=EVIL{number}");
            let asked = stack.client().request(method.clone(), own);
            asked.header("host", "webserver.localhost").send().await?;
            let known = format!("http://{address}/api/me");
            let asked = stack.client().request(method, known);
            asked.header("host", "webserver.localhost").send().await?;
            let game = format!("http://{address}/game/EVIL{number}/");
            let asked = stack.client().get(game);
            asked.header("host", "webserver.localhost").send().await?;
            let host = format!("http://{address}/api/me");
            let asked = stack.client().get(host);
            asked
                .header("host", format!("evil{number}.localhost"))
                .send()
                .await?;
            anyhow::Ok(())
        });
        try_join_all(all).await?;
    }
    Ok(())
}
