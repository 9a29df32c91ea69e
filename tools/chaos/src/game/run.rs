//! One run of the game from its start to its report.

use std::{path::PathBuf, sync::Arc, time::Duration};

use anyhow::{Context, bail};
use stack::{until, workspace_root};
use telemetry::one_line;
use tokio::{
    signal::unix::{SignalKind, signal},
    time::{Instant, interval, sleep, sleep_until, timeout},
};

use super::{
    company::{Crowd, players},
    fault::{Fault, GameFault},
    plan::Step,
    player::Order,
    report::{Broken, Report},
    scenario::Scenario,
    shared::Shared,
};
use crate::{console::Console, plan, subject::Subject};

/// How long a fault may take, from its beginning to the end of what was broken.
const BROKEN_FOR: Duration = Duration::from_secs(180);

/// How long it may take until everybody has the first seat. All of them come at once.
const SEATED_WITHIN: Duration = Duration::from_secs(120);

/// How long servers and players may take each to be well again.
const RECOVERED_WITHIN: Duration = Duration::from_secs(60);

/// How long the last match may take: longer than any does, with a pause for whatever was broken last.
const SETTLED_WITHIN: Duration = Duration::from_secs(180);

/// Starts the system, breaks it as `scenario` says, and ends it. Ctrl-C and SIGTERM end it sooner, with an error.
///
/// # Errors
/// When the scenario cannot be, the system does not start, or nobody can log in. What players saw is no error; the report says it.
pub async fn run(scenario: &Scenario, console: &Console) -> anyhow::Result<Report> {
    scenario.check()?;
    let mut interrupt = signal(SignalKind::interrupt()).context("cannot listen for signals")?;
    let mut terminate = signal(SignalKind::terminate()).context("cannot listen for signals")?;
    tokio::select! {
        report = start_and_drive(scenario, console) => report,
        _ = interrupt.recv() => bail!("ended by Ctrl-C"),
        _ = terminate.recv() => bail!("ended by SIGTERM"),
    }
}

async fn start_and_drive(scenario: &Scenario, console: &Console) -> anyhow::Result<Report> {
    console.say(&format!(
        "Building and starting a system of {} web servers and {} game servers.",
        scenario.replicas, scenario.servers
    ));
    let mut system = Subject::start_game(scenario).await?;
    let report = drive(&mut system, scenario, console).await?;
    console.say("Ending the system.");
    system.stop().await?;
    Ok(report)
}

async fn drive(
    system: &mut Subject,
    scenario: &Scenario,
    console: &Console,
) -> anyhow::Result<Report> {
    let shared = Arc::new(Shared::new(players(scenario.matches)));
    let target = system.target()?;
    let crowd = Crowd::start(scenario, &target, &shared).await?;
    until(
        "a seat for everybody",
        SEATED_WITHIN,
        async || match shared.without_seat() {
            0 => Ok(()),
            count => Err(format!("{count} have none: {:?}", shared.state().refusals)),
        },
    )
    .await?;
    console.say(&format!(
        "{} players are in their matches, and play through Traefik.",
        crowd.count()
    ));
    let begun = shared.now();
    let start = Instant::now();
    let mut broken = Vec::new();
    let breaking = async {
        for step in scenario.plan() {
            sleep_until(start + step.at).await;
            broken.push(break_once(system, &step, scenario, &crowd, &shared, console).await);
            if broken.iter().any(|broken| broken.problem.is_some()) {
                console
                    .say("What would be broken next says nothing about a system that is not well.");
                return;
            }
        }
        sleep_until(start + scenario.time).await;
    };
    watched(breaking, &shared, console).await;

    let played = shared.now() - begun;
    shared.finish();
    console.say("Nobody begins another match. Waiting until the last one is over.");
    let settled = until(
        "the end of every match",
        SETTLED_WITHIN,
        async || match shared.unfinished() {
            0 => Ok(()),
            count => Err(format!("{count} players are still in one")),
        },
    );
    let settled = watched(settled, &shared, console).await;
    let settled = settled.err().map(|error| one_line(&error));
    let report = Report::of(scenario, &shared, broken, played, settled);
    if !report.faults().is_empty() {
        let file = keep(&system.logs().await)?;
        console.say(&format!(
            "What the servers have written is in {}.",
            file.display()
        ));
    }
    Ok(report)
}

/// Writes what the servers have logged into a file, and gives its name.
fn keep(logs: &str) -> anyhow::Result<PathBuf> {
    let file = workspace_root().join("target/chaos-game.log");
    std::fs::write(&file, logs).with_context(|| format!("cannot write {}", file.display()))?;
    Ok(file)
}

/// Breaks one thing, and waits until all is well again.
async fn break_once(
    system: &mut Subject,
    step: &Step,
    scenario: &Scenario,
    crowd: &Crowd,
    shared: &Shared,
    console: &Console,
) -> Broken {
    let began = shared.now();
    shared.state().fault = Some(step.fault);
    let length = step.length.as_secs_f64();
    let length = if step.length.is_zero() {
        String::new()
    } else {
        format!(" for {length:.1} s")
    };
    console.say(&format!(
        "{:6.1} s  {}{length}",
        began.as_secs_f64(),
        step.fault
    ));
    let outcome = match timeout(BROKEN_FOR, inflict(system, step, crowd, shared)).await {
        Ok(outcome) => outcome,
        Err(_) => Err(anyhow::anyhow!("it took longer than {BROKEN_FOR:?}")),
    };
    let recovered = recover(system, scenario, shared).await;
    let ended = shared.now();
    shared.state().fault = None;
    let not_done = outcome.as_ref().err().map(one_line);
    let broken = Broken {
        fault: step.fault,
        what: outcome.unwrap_or_else(|error| format!("could not be done: {}", one_line(&error))),
        at: began,
        until: ended,
        length: step.length,
        pause: Duration::ZERO,
        not_done,
        problem: recovered.err().map(|error| one_line(&error)),
    };
    let took = (ended - began).as_secs_f64();
    let well = match &broken.problem {
        None => format!("all is well after {took:.1} s"),
        Some(problem) => format!("NOT well after {took:.1} s: {problem}"),
    };
    console.say(&format!(
        "{:6.1} s    {}; {well}",
        ended.as_secs_f64(),
        broken.what
    ));
    broken
}

async fn inflict(
    system: &mut Subject,
    step: &Step,
    crowd: &Crowd,
    shared: &Shared,
) -> anyhow::Result<String> {
    let (share, order) = match step.fault {
        Fault::Common(plan::Fault::ClientResets) => (3, Order::Reset),
        Fault::Common(plan::Fault::SlowClients) => (3, Order::Cut(step.length)),
        Fault::Game(GameFault::PlayersCut) => (2, Order::Cut(step.length)),
        Fault::Game(fault) => {
            let victim = shared.victim(step).context("nobody plays")?;
            let victim = system.replica_of(&victim).await?;
            return system.inflict_game(fault, step, &victim).await;
        }
        Fault::Common(_) => {
            let common = step.common().context("it is no common fault")?;
            let victim = system.web_server(step.dice).await?;
            return system.inflict(&common, &victim).await;
        }
    };
    let mut hit = step.shuffled(crowd.count());
    hit.truncate(crowd.count().div_ceil(share));
    crowd.order(&hit, order);
    // Players tell nobody when they hear again, and this is how long they do not.
    sleep(step.length).await;
    Ok(format!(
        "{} players {}",
        hit.len(),
        match order {
            Order::Reset => "lost their socket",
            Order::Cut(_) => "heard nothing",
        }
    ))
}

async fn recover(system: &mut Subject, scenario: &Scenario, shared: &Shared) -> anyhow::Result<()> {
    match timeout(RECOVERED_WITHIN, system.recover_game(scenario.servers)).await {
        Ok(recovered) => recovered.context("the servers did not recover")?,
        Err(_) => bail!("the servers did not recover within {RECOVERED_WITHIN:?}"),
    }
    are_well(shared).await
}

/// Waits until everybody plays, or will in a moment, and somebody was shown something.
async fn are_well(shared: &Shared) -> anyhow::Result<()> {
    let before = shared.state().snapshots;
    until("all players", RECOVERED_WITHIN, async || {
        if let Some(ill) = shared.ill() {
            return Err(ill);
        }
        if shared.state().snapshots == before {
            return Err("nobody is shown anything".to_owned());
        }
        Ok(())
    })
    .await
}

/// Runs something to its end, and tells the state each second.
async fn watched<T>(doing: impl Future<Output = T>, shared: &Shared, console: &Console) -> T {
    let mut doing = std::pin::pin!(doing);
    let mut seconds = interval(Duration::from_secs(1));
    loop {
        tokio::select! {
            done = &mut doing => return done,
            _ = seconds.tick() => {
                let state = shared.state();
                let fault = state.fault.map_or("nothing broken".to_owned(), |fault| fault.to_string());
                let line = format!("{:6.1} s  {fault}: {}", shared.now().as_secs_f64(), state.progress());
                drop(state);
                console.state(&line);
            }
        }
    }
}
