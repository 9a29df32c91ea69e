//! Each panel of each board shows what has really happened, on real replicas, whoever keeps the numbers; and none does with one letter wrong.

mod expected;

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use acceptance::{
    answer::expect,
    goat::{Goat, lobby},
    player::Player,
    scrape::scrape,
    socket::Socket,
};
use anyhow::{Context, ensure};
use board::{Board, Boards, Engine, Panel, Span, Window, misspelt, run};
use bot::Lobby;
use futures_util::future::try_join_all;
use nix::sys::signal::Signal;
use stack::{Server, Stack, until, workspace_root};

use expected::{
    ASKED, BOARDS, Expected, FAILED, LOGINS, LOGINS_REFUSED, MESSAGES, MESSAGES_REFUSED, OF_RULES,
    PLAYED, SOCKETS, SOCKETS_CLOSED,
};

/// How long Prometheus may take to ask all replicas, and to be told what has happened. This is for a machine that is busy.
const SEEN_WITHIN: Duration = Duration::from_secs(40);

/// A system in which something has happened, and what must stay as it is while it is looked at.
struct Scene {
    stack: Stack,
    victoria: Server,
    /// How many requests the web servers have answered since both engines ask them, and since they run.
    requests: (f64, f64),
    _sockets: Vec<Socket>,
    _goat: Goat,
}

impl Scene {
    async fn play() -> anyhow::Result<Scene> {
        let builder = Stack::builder().watched().scale("webserver", 2);
        let builder = builder
            .environment("GATHER", "0")
            .environment("LOGIN_RATE", "1000")
            .environment("CAPACITY", "3");
        let stack = builder.start().await?;
        // It would say in the chat what it hears, and that is delivered, too.
        stack.server("alertmanager")?.kill().await?;
        let victoria = stack.victoria_metrics().await?;
        let replicas = r#"count(build_info{job=~"webserver|gameserver"})"#;
        for server in [stack.server("prometheus")?, &victoria] {
            comes_to(&engine(server)?, replicas, 3.0).await?;
        }
        let before = scrape(&stack, "webserver").await?;
        let (sockets, goat) = happen(&stack).await?;
        let after = scrape(&stack, "webserver").await?;
        let name = "http_requests_total";
        let all = after.sum(name, &[]);
        let requests = (all - before.sum(name, &[]), all);
        Ok(Scene {
            stack,
            victoria,
            requests,
            _sockets: sockets,
            _goat: goat,
        })
    }
}

async fn happen(stack: &Stack) -> anyhow::Result<(Vec<Socket>, Goat)> {
    let address = stack.address();
    let mut players = Vec::new();
    for number in 0..LOGINS - PLAYED {
        players.push(Player::log_in(&address, &format!("Goat {number}")).await?);
    }
    for _ in 0..LOGINS_REFUSED {
        expect(players[0].try_log_in(&address, "system").await?, 422).await?;
    }
    let mut sockets = Vec::new();
    for player in players.iter().cycle().take(SOCKETS + SOCKETS_CLOSED) {
        sockets.push(Socket::open(player, &address).await?);
    }
    sockets.truncate(SOCKETS);
    // Whoever is gone must not be told anything any more.
    let open = r#"sum(sockets_open{channel="chat"})"#;
    let prometheus = engine(stack.server("prometheus")?)?;
    comes_to(&prometheus, open, SOCKETS as f64).await?;
    for (number, player) in players.iter().cycle().take(MESSAGES).enumerate() {
        player.say(&address, &format!("message {number}")).await?;
    }
    for player in players.iter().take(MESSAGES_REFUSED) {
        expect(player.try_say(&address, "").await?, 422).await?;
    }
    some_fail(stack, &players[0]).await?;
    let goat = matches(stack).await?;
    Ok((sockets, goat))
}

/// Asks who somebody is, which stands in the Redis for sessions; at last while that one stands still.
async fn some_fail(stack: &Stack, ada: &Player) -> anyhow::Result<()> {
    let ask = async |status| {
        let answer = ada.get(&stack.address(), "/api/me").send().await?;
        expect(answer, status).await.map(drop)
    };
    for _ in 0..ASKED {
        ask(200).await?;
    }
    let sessions = stack.server("sessions")?;
    sessions.signal(Signal::SIGSTOP)?;
    let failed = try_join_all((0..FAILED).map(|_| ask(503))).await;
    sessions.signal(Signal::SIGCONT)?;
    failed?;
    until("the return of the sessions", SEEN_WITHIN, async || {
        let known = ada.known_as(&stack.address()).await;
        known.map(drop).map_err(|error| format!("{error:#}"))
    })
    .await
}

/// One match is left by its only player, and then another one is played.
async fn matches(stack: &Stack) -> anyhow::Result<Goat> {
    let gone = lobby(stack, "Gone").await?;
    drop(enter(stack, &gone).await?);
    gone.leave().await?;
    let prometheus = engine(stack.server("prometheus")?)?;
    let deserted = r#"sum(matches_ended_total{outcome="deserted"})"#;
    comes_to(&prometheus, deserted, 1.0).await?;
    comes_to(&prometheus, r#"sum(matches{phase="over"})"#, 0.0).await?;
    let mut goat = enter(stack, &lobby(stack, "Stays").await?).await?;
    // Three seconds, so that there is a whole rate.
    while goat.snapshot().await?.state.tick < 60 {}
    Ok(goat)
}

async fn enter(stack: &Stack, lobby: &Lobby) -> anyhow::Result<Goat> {
    Goat::enter(stack, &lobby.play(None).await?).await
}

fn engine(server: &Server) -> anyhow::Result<Engine> {
    Engine::new(&format!("http://{}", server.address()))
}

fn now() -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    now.unwrap_or_default().as_secs()
}

/// What a query gives at this moment, if that is one number.
async fn ask(engine: &Engine, query: &str) -> Result<f64, String> {
    let found = engine.instant(query, now()).await;
    let found = found.map_err(|error| format!("{error:#}"))?;
    let first = found.first().ok_or("there is nothing")?;
    Ok(first.value)
}

async fn comes_to(engine: &Engine, query: &str, expected: f64) -> anyhow::Result<()> {
    until(query, SEEN_WITHIN, async || {
        let value = ask(engine, query).await?;
        let is_right = value.to_bits() == expected.to_bits();
        is_right
            .then_some(())
            .ok_or_else(|| format!("it is {value}"))
    })
    .await
}

/// Waits until an engine has an answer of each of our replicas that is younger than a moment, in seconds since 1970.
async fn has_passed(engine: &Engine, moment: u64) -> anyhow::Result<()> {
    let query = r#"min(timestamp(http_requests_in_flight))"#;
    until("answers of all replicas", SEEN_WITHIN, async || {
        let oldest = ask(engine, query).await?;
        (oldest > moment as f64 + 2.0)
            .then_some(())
            .ok_or_else(|| format!("the oldest is of {oldest}, and it must be after {moment}"))
    })
    .await
}

/// Each panel, beside what is expected of it. It is an error if one has nothing that is expected of it.
fn panels(boards: &Boards) -> anyhow::Result<Vec<(&Board, &Panel, Expected)>> {
    let mut all = Vec::new();
    for board in boards.iter() {
        let expected = BOARDS.iter().find(|(uid, _)| *uid == board.uid);
        let (_, expected) = expected.with_context(|| format!("{} is new here", board.uid))?;
        for panel in &board.panels {
            let fits = expected.iter().find(|(title, _)| *title == panel.title);
            let what = || format!("{}/{} is new here", board.uid, panel.title);
            all.push((board, panel, fits.with_context(what)?.1));
        }
        ensure!(
            expected.len() == board.panels.len(),
            "{} has lost a panel",
            board.uid
        );
    }
    Ok(all)
}

#[tokio::test]
async fn each_panel_shows_what_has_really_happened() -> anyhow::Result<()> {
    let scene = Scene::play().await?;
    let engines = [
        ("Prometheus", engine(scene.stack.server("prometheus")?)?),
        ("VictoriaMetrics", engine(&scene.victoria)?),
    ];
    // All panels are about the same time, which is over.
    let window = Window::new(now() + 2, Span::Minutes5.length());
    for (_, engine) in &engines {
        has_passed(engine, window.to).await?;
    }
    let boards = Boards::load(&workspace_root().join("observability/dashboards"))?;
    let panels = panels(&boards)?;
    let (mut wrong, mut spoilt) = (Vec::new(), 0);
    for (name, engine) in &engines {
        for (board, panel, expected) in &panels {
            if *name != "Prometheus" && OF_RULES.contains(&panel.title.as_str()) {
                continue;
            }
            let place = format!("{}/{} on {name}", board.uid, panel.title);
            let shown = run(panel, engine, &window).await?;
            if let Err(error) = expected.compare(&shown, scene.requests) {
                wrong.push(format!("{place}: {error:#}"));
            }
            if matches!(expected, Expected::AtMost(_)) {
                continue;
            }
            let mut panel = (*panel).clone();
            let expr = &mut panel.targets[0].expr;
            *expr = misspelt(expr).context("it names no metric")?;
            let shown = run(&panel, engine, &window).await?;
            if expected.compare(&shown, scene.requests).is_ok() {
                wrong.push(format!("{place} is right with {:?}", panel.targets[0].expr));
            }
            spoilt += 1;
        }
    }
    ensure!(wrong.is_empty(), "{wrong:#?}");
    println!(
        "{} panels are right on both after {:?} requests, and wrong {spoilt} times with one letter changed",
        panels.len(),
        scene.requests
    );
    Ok(())
}
