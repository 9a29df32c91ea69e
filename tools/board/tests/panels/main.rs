//! Each panel of each board shows the value that it is to show, on Prometheus and on `VictoriaMetrics`; and who watches tells.
//!
//! The replicas are made here, because their numbers must be known. What real replicas say of themselves is proven elsewhere.

mod expected;
mod exporter;
mod real;
mod watch;

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use anyhow::{Context, ensure};
use board::{Board, Boards, Data, Engine, Panel, Span, Window, misspelt, run};
use stack::{Stack, until, workspace_root};

use expected::{BOARDS, Expected, OF_RULES};
use exporter::Exporter;

/// From a scrape to the next, from the rules to a panel, and some scrapes for a rate.
const SHOWN_WITHIN: Duration = Duration::from_secs(90);

/// How soon a replica that comes or goes is seen to.
const FOLLOWED_WITHIN: Duration = Duration::from_secs(6);

/// A system without replicas of its own, and replicas that say what they are told to.
struct Scene {
    stack: Stack,
    replicas: Vec<Exporter>,
    began: Instant,
}

impl Scene {
    async fn start() -> anyhow::Result<Scene> {
        let builder = Stack::builder()
            .watched()
            .scale("webserver", 0)
            .scale("gameserver", 0);
        let stack = builder.start().await?;
        let began = Instant::now();
        let mut replicas = Vec::new();
        for (service, id) in [
            ("webserver", "webserver-1"),
            ("webserver", "webserver-2"),
            ("gameserver", "gameserver-1"),
        ] {
            replicas.push(Exporter::start(&stack, service, id).await?);
        }
        tokio::spawn(look(stack.client().clone(), stack.address()));
        Ok(Scene {
            stack,
            replicas,
            began,
        })
    }

    fn prometheus(&self) -> anyhow::Result<Engine> {
        engine(&self.stack.server("prometheus")?.address())
    }
}

/// Somebody who looks at the board ten times a second, so that Traefik has something to count.
async fn look(client: reqwest::Client, traefik: String) {
    let url = format!("http://{traefik}/api/boards");
    let mut next = tokio::time::interval(Duration::from_millis(100));
    loop {
        next.tick().await;
        // Whether there is an answer is not the point.
        let _ = client
            .get(&url)
            .header("host", "board.localhost")
            .send()
            .await;
    }
}

fn engine(address: &str) -> anyhow::Result<Engine> {
    Engine::new(&format!("http://{address}"))
}

fn boards() -> anyhow::Result<Boards> {
    Boards::load(&workspace_root().join("observability/dashboards"))
}

/// Each panel, beside what is expected of it. It is an error if one has nothing that is expected of it.
fn panels(boards: &Boards) -> anyhow::Result<Vec<(&Board, &Panel, Expected)>> {
    let mut all = Vec::new();
    for board in boards.iter() {
        let expected = BOARDS.iter().find(|(uid, _)| *uid == board.uid);
        let (_, expected) = expected.with_context(|| format!("{} is new here", board.uid))?;
        let titles: Vec<&str> = board
            .panels
            .iter()
            .map(|panel| panel.title.as_str())
            .collect();
        let known: Vec<&str> = expected.iter().map(|(title, _)| *title).collect();
        ensure!(titles == known, "{}: {titles:?} and {known:?}", board.uid);
        for (panel, (_, expected)) in board.panels.iter().zip(*expected) {
            all.push((board, panel, *expected));
        }
    }
    Ok(all)
}

async fn shows(
    engine: &Engine,
    panel: &Panel,
    expected: Expected,
    began: Instant,
) -> anyhow::Result<()> {
    let data: Data = run(panel, engine, &Window::until_now(Span::Minutes5)).await?;
    expected.compare(panel, &data, began.elapsed().as_secs_f64())
}

#[tokio::test]
async fn each_panel_shows_what_it_is_to_show_on_both_engines() -> anyhow::Result<()> {
    let scene = Scene::start().await?;
    let victoria = scene.stack.victoria_metrics().await?;
    let engines = [
        ("Prometheus", scene.prometheus()?),
        ("VictoriaMetrics", engine(&victoria.address())?),
    ];
    let boards = boards()?;
    let panels = panels(&boards)?;
    for (name, engine) in &engines {
        for (board, panel, expected) in &panels {
            if *name == "VictoriaMetrics" && OF_RULES.contains(&panel.title.as_str()) {
                continue;
            }
            let what = format!("{}/{} on {name}", board.uid, panel.title);
            until(&what, SHOWN_WITHIN, async || {
                let shown = shows(engine, panel, *expected, scene.began).await;
                shown.map_err(|error| format!("{error:#}"))
            })
            .await?;
        }
    }
    // Now all of them at once, as somebody sees them who opens the board.
    for (name, engine) in &engines {
        for (board, panel, expected) in &panels {
            if *name == "VictoriaMetrics" && OF_RULES.contains(&panel.title.as_str()) {
                continue;
            }
            let shown = shows(engine, panel, *expected, scene.began).await;
            shown.with_context(|| format!("{} on {name}", board.uid))?;
            let wrong = spoilt(panel)?;
            let shown = shows(engine, &wrong, *expected, scene.began).await;
            ensure!(
                shown.is_err(),
                "{}/{} on {name} does not see that {:?} is wrong",
                board.uid,
                panel.title,
                wrong.targets[0].expr
            );
        }
    }
    println!(
        "{} panels, right on both engines {:?} after the begin, and wrong with one letter changed",
        panels.len(),
        scene.began.elapsed()
    );
    Ok(())
}

/// The same panel, with one letter changed in the name of the first metric that it asks for.
fn spoilt(panel: &Panel) -> anyhow::Result<Panel> {
    let mut panel = panel.clone();
    let expr = &mut panel.targets[0].expr;
    *expr = misspelt(expr).context("it names no metric")?;
    Ok(panel)
}

#[tokio::test]
async fn who_comes_and_who_goes_is_seen_within_seconds() -> anyhow::Result<()> {
    let mut scene = Scene::start().await?;
    let prometheus = scene.prometheus()?;
    let count = async |expected: usize, what: &str| {
        let begun = Instant::now();
        let query = "count(up{job=\"webserver\"} == 1)";
        let found = until(what, SHOWN_WITHIN, async || {
            let now = SystemTime::now().duration_since(UNIX_EPOCH);
            let now = now.unwrap_or_default().as_secs();
            let samples = prometheus.instant(query, now).await;
            let samples = samples.map_err(|error| format!("{error:#}"))?;
            let found = samples.first().map_or(0.0, |sample| sample.value);
            let is = found.to_string() == expected.to_string();
            is.then_some(()).ok_or_else(|| format!("there are {found}"))
        });
        found.await?;
        println!("{what}: {:?}", begun.elapsed());
        Ok::<_, anyhow::Error>(begun.elapsed())
    };
    count(2, "two at the begin").await?;
    for id in ["webserver-3", "webserver-4"] {
        let replica = Exporter::start(&scene.stack, "webserver", id).await?;
        scene.replicas.push(replica);
    }
    let four = count(4, "two more").await?;
    for replica in scene.replicas.iter().filter(|replica| {
        ["webserver-2", "webserver-3", "webserver-4"].contains(&replica.id.as_str())
    }) {
        replica.leave(&scene.stack).await?;
    }
    let one = count(1, "three gone").await?;
    scene.replicas[0].die();
    let none = count(0, "the last one killed").await?;
    for (what, took) in [("4", four), ("1", one), ("0", none)] {
        ensure!(took < FOLLOWED_WITHIN, "{what} were seen after {took:?}");
    }
    Ok(())
}
