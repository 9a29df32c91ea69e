//! `cargo xtask compose`: the system as learners run it, with Docker Compose, from build to down.

mod checks;
mod exercises;
mod fleet;
mod game;
mod moving;
mod outages;
mod player;
mod resilience;
mod walkthrough;

use std::path::Path;

use anyhow::{Context, bail};
use course::{
    Agenda, Candidates, Choice, Half, Lesson, process,
    report::{Done, Report},
};
use stack::{Compose, Port, Topology, let_containers_read, workspace_root};
use tempfile::TempDir;
use tokio::sync::watch;

use crate::docker;

use checks::{
    closed, healthy, interfaces, nothing_is_left, port_is_taken, rotation, scale_down,
    viewers_only_show,
};

/// What can be chosen.
#[derive(clap::Args)]
pub struct Options {
    /// "main", or lessons by number or branch; those that are not proven if none is named
    what: Vec<String>,

    #[command(flatten)]
    choice: Choice,

    /// Write outputs of another shape into the walkthroughs
    #[arg(long)]
    record: bool,
}

/// Runs the end-to-end test of main and of the lessons' cuts.
pub async fn run(options: &Options) -> anyhow::Result<()> {
    docker::ensure_available()?;
    let root = workspace_root();
    let choice = options.choice;
    let mut agenda = Agenda::open(&root, Half::Compose, Candidates::All, &options.what, choice)?;
    let mut report = Report::default();
    let mut interrupted = interruption();
    while let Some(subject) = agenda.next_subject() {
        let lesson = subject.lesson.as_ref();
        let name = subject.name();
        println!("{name} with Docker Compose:");
        let before = (report.failed, report.skipped);
        let folder = TempDir::new().context("cannot create a temporary folder")?;
        // A folder that a container's user can read: the configuration is mounted from it.
        process::read(
            std::process::Command::new("chmod")
                .arg("755")
                .arg(folder.path()),
        )?;
        let dir = match lesson {
            None => root.clone(),
            Some(_) => folder.path().join(name),
        };
        if let Some(lesson) = lesson {
            let cut = || {
                agenda.cutter().cut(lesson, &dir)?;
                let_containers_read(&dir).map(|()| Done::Passed)
            };
            if !report.step("cut", cut) {
                agenda.failed(&subject)?;
                continue;
            }
        }
        let port = Port::reserve()?;
        let compose = Compose::new(
            &dir,
            Some(&format!("goatscale-test-{name}-{}", port.number())),
            port.number(),
        );
        // An interrupted run must leave no containers behind either.
        let told = interrupted.clone();
        tokio::select! {
            () = test(&compose, &dir, &agenda, lesson, options.record, told, &mut report) => {}
            Ok(_) = interrupted.wait_for(|told| *told) => {
                compose.down().await?;
                bail!("interrupted; everything was taken down");
            }
        }
        let (failed, skipped) = before;
        if report.failed > failed {
            let file = root.join(format!("target/compose-{name}.log"));
            let logs = compose.logs().await;
            let logs = logs.unwrap_or_else(|error| format!("{error:#}"));
            std::fs::write(&file, logs)
                .with_context(|| format!("cannot write {}", file.display()))?;
            println!(
                "  What its containers have written is in {}.",
                file.display()
            );
        }
        report.wait_for("down", down(&compose)).await;
        if report.failed > failed {
            agenda.failed(&subject)?;
        } else if report.skipped > skipped {
            agenda.incomplete(&subject, "something was skipped");
        } else if agenda.only_exercises() {
            agenda.incomplete(&subject, "only its exercises were tried");
        } else if options.record {
            agenda.incomplete(&subject, "outputs may have been recorded");
        } else {
            agenda.passed(subject)?;
        }
    }
    let steps = report.conclude();
    agenda.conclude()?;
    steps
}

/// Becomes true when this run is interrupted. A task of its own listens from now on: a walkthrough blocks the one that runs it.
fn interruption() -> watch::Receiver<bool> {
    let (tell, told) = watch::channel(false);
    tokio::spawn(async move {
        if tokio::signal::ctrl_c().await.is_ok() {
            tell.send_replace(true);
        }
    });
    told
}

async fn test(
    compose: &Compose,
    dir: &Path,
    agenda: &Agenda,
    lesson: Option<&Lesson>,
    record: bool,
    interrupted: watch::Receiver<bool>,
    report: &mut Report,
) {
    if let Some(lesson) = lesson
        && !agenda.only_exercises()
    {
        let mut blocks = (0, 0);
        report
            .wait_for("walkthrough", async {
                let told = interrupted.clone();
                walkthrough::run(compose, dir, lesson, record, told, &mut blocks).await
            })
            .await;
        report.add(blocks.0, blocks.1);
    }
    let Ok(topology) = Topology::load(dir) else {
        report.step("compose file", || {
            bail!("docker-compose.yml cannot be read")
        });
        return;
    };
    let services: Vec<&str> = topology.built_services().collect();
    let routed: Vec<&str> = services
        .iter()
        .copied()
        .filter(|name| {
            topology
                .built_service(name)
                .is_ok_and(|service| !service.is_published())
        })
        .collect();
    let three = docker::several(&topology);

    if let Some(lesson) = lesson {
        let cutter = agenda.cutter();
        exercises::run(compose, cutter, lesson, dir, &three, &interrupted, report);
        // What they have started is of another version.
        report.wait_for("down", down(compose)).await;
    }
    if agenda.only_exercises() {
        return;
    }
    let started = up(compose, true, &three);
    if !report.wait_for("up --build --wait", started).await {
        return;
    }
    report
        .wait_for("every container is healthy", healthy(compose))
        .await;
    report
        .wait_for(
            "no container runs as root, or publishes a port beyond 127.0.0.1",
            closed(compose),
        )
        .await;
    report
        .wait_for("the user interfaces answer", interfaces(compose, &topology))
        .await;
    let redis: Vec<&str> = topology
        .services_of("redis")
        .map(|(name, _)| name)
        .collect();
    if !redis.is_empty() {
        report
            .wait_for(
                "the viewers change nothing",
                viewers_only_show(compose, &topology),
            )
            .await;
    }
    if redis.contains(&"sessions") {
        report
            .wait_for(
                "sessions restarts under load, and logins stay",
                outages::sessions(compose, 3),
            )
            .await;
    }
    // main is the last lesson.
    let loses_nothing = lesson.is_none_or(|lesson| lesson.number >= 7);
    if redis.contains(&"pubsub") && !loses_nothing {
        report
            .wait_for(
                "pubsub restarts under load, and messages reach every replica again",
                outages::pubsub(compose, 3),
            )
            .await;
    }
    if loses_nothing {
        report
            .wait_for(
                "pubsub restarts under load, and nothing acknowledged is lost or told twice",
                resilience::pubsub(compose, 3),
            )
            .await;
        report
            .wait_for(
                "a killed replica fails no GET",
                resilience::kill(compose, 3),
            )
            .await;
        report
            .wait_for(
                "a rolling deploy under load fails no request and loses no message",
                resilience::rolling(compose, 3),
            )
            .await;
        // In a cut, which may be changed.
        if lesson.is_some() {
            report
                .wait_for(
                    "a rolling deploy brings the version of Cargo.toml",
                    resilience::version(compose, dir),
                )
                .await;
        }
    }
    if redis.contains(&"matches") {
        game::check(report, compose, dir).await;
    }
    for service in &services {
        let scaled = three.iter().find(|(name, _)| name == service);
        if scaled.is_none() && routed.contains(service) {
            report
                .wait_for(
                    "30 requests go to the only replica",
                    rotation(compose, &topology, service, 1),
                )
                .await;
        } else if scaled.is_some() {
            report
                .wait_for(
                    "30 requests go to 3 replicas",
                    rotation(compose, &topology, service, 3),
                )
                .await;
            // Those that are not named would go back to one.
            let with = |replicas| {
                let others = three.iter().filter(|(name, _)| name != service);
                let scales = others.copied().chain([(*service, replicas)]);
                scales.collect::<Vec<(&str, usize)>>()
            };
            let (two, five) = (with(2), with(5));
            report
                .wait_for(
                    "scaling from 3 to 2 under load loses no request",
                    scale_down(compose, &topology, service, &two),
                )
                .await;
            let five = up(compose, false, &five);
            if report.wait_for("scaling to 5", five).await {
                report
                    .wait_for(
                        "30 requests go to 5 replicas",
                        rotation(compose, &topology, service, 5),
                    )
                    .await;
            }
        } else {
            report
                .wait_for(
                    "a second replica cannot have the port",
                    port_is_taken(compose, service),
                )
                .await;
        }
    }
}

async fn up(compose: &Compose, build: bool, scales: &[(&str, usize)]) -> anyhow::Result<Done> {
    compose.up(build, scales).await.map(|()| Done::Passed)
}

async fn down(compose: &Compose) -> anyhow::Result<Done> {
    compose.down().await?;
    nothing_is_left(compose).await.map(|()| Done::Passed)
}
