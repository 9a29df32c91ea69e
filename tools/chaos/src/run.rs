//! One run from its start to its report.

use std::{path::PathBuf, sync::Arc, time::Duration};

use anyhow::{Context, bail};
use stack::workspace_root;
use telemetry::one_line;
use tokio::{
    signal::unix::{SignalKind, signal},
    time::{Instant, interval, sleep_until, timeout},
};

use crate::{
    client::Order,
    console::Console,
    engine::Engine,
    fleet::Fleet,
    plan::{Fault, Step},
    poller::Pollers,
    report::{Broken, Report},
    scenario::Scenario,
    state::Shared,
    subject::{Subject, clean_up},
};

/// How long a fault may take, from its beginning to the end of what was broken.
const BROKEN_FOR: Duration = Duration::from_secs(180);

/// How long replicas and clients may take each to be there again.
const RECOVERED_WITHIN: Duration = Duration::from_secs(60);

/// How long the last message may take to reach everybody.
const SETTLED_WITHIN: Duration = Duration::from_secs(60);

/// Starts the system, breaks it as `scenario` says, and ends it. Ctrl-C and SIGTERM end it sooner, with an error.
///
/// # Errors
/// When the scenario cannot be, the system does not start, or no client can connect. What was lost or failed is no
/// error; the report says it.
pub async fn run(scenario: &Scenario, console: &Console) -> anyhow::Result<Report> {
    scenario.check()?;
    let done = tokio::select! {
        done = start_and_drive(scenario, console) => done,
        reason = interrupted() => Err(reason),
    };
    if done.is_err() && scenario.engine == Engine::Docker {
        // Processes end with the value that holds them, and containers do not.
        console.say("Taking everything down.");
        clean_up().await?;
    }
    done
}

async fn start_and_drive(scenario: &Scenario, console: &Console) -> anyhow::Result<Report> {
    console.say(&format!(
        "Building and starting a system of {} replicas ({}).",
        scenario.replicas,
        scenario.engine.name()
    ));
    let mut system = Subject::start(scenario).await?;
    let report = drive(&mut system, scenario, console).await?;
    console.say("Ending the system.");
    system.stop().await?;
    Ok(report)
}

/// Gives an error as soon as this process is asked to end.
async fn interrupted() -> anyhow::Error {
    let listen = |kind| signal(kind).context("cannot listen for signals");
    let (mut interrupt, mut terminate) = match (
        listen(SignalKind::interrupt()),
        listen(SignalKind::terminate()),
    ) {
        (Ok(interrupt), Ok(terminate)) => (interrupt, terminate),
        (Err(error), _) | (_, Err(error)) => return error,
    };
    tokio::select! {
        _ = interrupt.recv() => anyhow::anyhow!("ended by Ctrl-C"),
        _ = terminate.recv() => anyhow::anyhow!("ended by SIGTERM"),
    }
}

async fn drive(
    system: &mut Subject,
    scenario: &Scenario,
    console: &Console,
) -> anyhow::Result<Report> {
    let shared = Arc::new(Shared::new(scenario.clients));
    let target = system.target()?;
    let fleet = Fleet::start(scenario, &target, &shared).await?;
    fleet.connected(RECOVERED_WITHIN).await?;
    console.say(&format!(
        "{} clients are connected through Traefik; {} of them talk, {} messages a second in all.",
        scenario.clients,
        scenario.senders(),
        scenario.rate
    ));
    let pollers = Pollers::start(scenario.pollers, &target, &shared)?;
    // Nobody talks before everybody listens: so all is owed to all.
    shared.let_send(true);
    fleet.heard(RECOVERED_WITHIN).await?;

    let mut broken = Vec::new();
    let begun = shared.now();
    let start = Instant::now();
    let breaking = async {
        for step in scenario.plan() {
            sleep_until(start + step.at).await;
            broken.push(break_once(system, &step, &fleet, &shared, console).await);
            if broken.iter().any(|broken| broken.problem.is_some()) {
                console
                    .say("What would be broken next says nothing about a system that is not well.");
                return;
            }
        }
        sleep_until(start + scenario.time).await;
    };
    watched(breaking, &shared, console).await;

    let ended = shared.now();
    shared.let_send(false);
    console.say("No more is said. Waiting until everybody has heard the last word.");
    let settled = watched(fleet.settled(SETTLED_WITHIN), &shared, console).await;
    pollers.finish().await;
    let settled = settled.err().map(|error| one_line(&error));
    let report = Report::of(scenario, &shared, broken, (begun, ended), settled);
    if !report.faults().is_empty() && !scenario.without_resume {
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
    let file = workspace_root().join("target/chaos.log");
    std::fs::write(&file, logs).with_context(|| format!("cannot write {}", file.display()))?;
    Ok(file)
}

/// Breaks one thing, and waits until all is well again.
async fn break_once(
    system: &mut Subject,
    step: &Step,
    fleet: &Fleet,
    shared: &Shared,
    console: &Console,
) -> Broken {
    let began = shared.now();
    let (failed, reconnects) = {
        let mut state = shared.state();
        state.fault = Some(step.fault);
        (state.failed.count, state.reconnects)
    };
    console.say(&format!(
        "{:6.1} s  {}{}",
        began.as_secs_f64(),
        step.fault,
        length(step)
    ));
    let outcome = match timeout(BROKEN_FOR, inflict(system, step, fleet)).await {
        Ok(outcome) => outcome,
        Err(_) => Err(anyhow::anyhow!("it took longer than {BROKEN_FOR:?}")),
    };
    let recovered = recover(system, fleet).await;
    let Outcome {
        what,
        not_done,
        problem,
    } = Outcome::of(outcome, recovered);
    let ended = shared.now();
    let mut state = shared.state();
    state.fault = None;
    let broken = Broken {
        fault: step.fault,
        what,
        at: began,
        until: ended,
        length: step.length,
        failed: state.failed.count - failed,
        reconnects: state.reconnects - reconnects,
        silence: Default::default(),
        not_done,
        problem,
    };
    drop(state);
    let took = (ended - began).as_secs_f64();
    let line = match &broken.problem {
        None => format!("{}; all is well after {took:.1} s", broken.what),
        Some(problem) => format!("{}; NOT well after {took:.1} s: {problem}", broken.what),
    };
    console.say(&format!("{:6.1} s    {line}", ended.as_secs_f64()));
    broken
}

/// What came of a fault.
struct Outcome {
    what: String,
    not_done: Option<String>,
    problem: Option<String>,
}

impl Outcome {
    /// A fault that could not be done says nothing about the system: the engine may have refused it. So it is told as that, and
    /// counts against the system only if that is not well afterwards.
    fn of(done: anyhow::Result<String>, recovered: anyhow::Result<()>) -> Outcome {
        let (what, not_done) = match done {
            Ok(what) => (what, None),
            Err(error) => {
                let reason = one_line(&error);
                (format!("could not be done: {reason}"), Some(reason))
            }
        };
        let problem = recovered.err().map(|error| one_line(&error));
        Outcome {
            what,
            not_done,
            problem,
        }
    }
}

fn length(step: &Step) -> String {
    if step.length.is_zero() {
        String::new()
    } else {
        format!(" for {:.1} s", step.length.as_secs_f64())
    }
}

async fn inflict(system: &mut Subject, step: &Step, fleet: &Fleet) -> anyhow::Result<String> {
    let (third, order) = match step.fault {
        Fault::ClientResets => (step.third(fleet.count()), Order::Reset),
        Fault::SlowClients => (step.third(fleet.count()), Order::StopReading(step.length)),
        _ => {
            let victim = fleet.replica_of(step.victim(fleet.count()));
            return system.inflict(step, &victim).await;
        }
    };
    fleet.order(&third, order);
    // The clients tell nobody when they have read again, and this is how long they do not.
    tokio::time::sleep(step.length).await;
    Ok(match step.fault {
        Fault::ClientResets => format!("{} clients reset their connection", third.len()),
        _ => format!("{} clients did not read", third.len()),
    })
}

async fn recover(system: &mut Subject, fleet: &Fleet) -> anyhow::Result<()> {
    let recovered = timeout(RECOVERED_WITHIN, system.recover()).await;
    match recovered {
        Ok(recovered) => recovered.context("the replicas did not recover")?,
        Err(_) => bail!("the replicas did not recover within {RECOVERED_WITHIN:?}"),
    }
    fleet.connected(RECOVERED_WITHIN).await?;
    fleet.heard(RECOVERED_WITHIN).await
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
                let line = format!(
                    "{:6.1} s  {fault}: {}/{} connected, {} acknowledged, {} deliveries, {} reconnects, {}/{} safe requests failed",
                    shared.now().as_secs_f64(),
                    state.connected,
                    state.newest.len(),
                    state.account.acknowledged(),
                    state.account.delivered(),
                    state.reconnects,
                    state.failed.count,
                    state.answered + state.unanswerable + state.failed.count,
                );
                drop(state);
                console.state(&line);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_not_be_done_is_no_fault_of_the_system() {
        let refused = || Err(anyhow::anyhow!("refused"));
        let outcome = Outcome::of(refused(), Ok(()));
        assert_eq!(outcome.not_done.as_deref(), Some("refused"));
        assert_eq!(outcome.problem, None);
        let outcome = Outcome::of(refused(), Err(anyhow::anyhow!("ill")));
        assert_eq!(outcome.problem.as_deref(), Some("ill"));
        let outcome = Outcome::of(Ok("done".to_owned()), Ok(()));
        assert_eq!((outcome.not_done, outcome.problem), (None, None));
    }
}
