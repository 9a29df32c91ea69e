//! One thing after another breaks under load, and what each client heard is compared with what was acknowledged.

use std::time::Duration;

use anyhow::ensure;
use chaos::{Console, Fault, Scenario};

/// A small system, as crate `chaos` breaks a larger one.
fn small(faults: &[Fault], seconds: u64) -> Scenario {
    Scenario {
        time: Duration::from_secs(seconds),
        clients: 30,
        rate: 10.0,
        pollers: 4,
        replicas: 2,
        faults: faults.to_vec(),
        ..Scenario::default()
    }
}

#[tokio::test]
async fn whatever_breaks_nobody_loses_what_was_acknowledged() -> anyhow::Result<()> {
    let faults = [
        Fault::Kill,
        Fault::Term,
        Fault::PubsubRestart,
        Fault::PubsubKill,
        Fault::RedisResets,
        Fault::ClientResets,
    ];
    let report = chaos::run(&small(&faults, 20), &Console::default()).await?;
    println!("{report}");
    ensure!(report.faults().is_empty(), "{:?}", report.faults());
    ensure!(report.not_done() == 0, "{:?}", report.broken);
    ensure!(report.broken.len() == faults.len());
    // Something was said, and clients did come back.
    ensure!(report.tally.acknowledged > 0 && report.reconnects > 0);
    ensure!(report.tally.delivered >= 30 * report.tally.acknowledged);
    Ok(())
}

/// What used to be seen in a network only, and a Redis that refuses.
#[tokio::test]
async fn whatever_is_cut_off_full_or_inherited_nobody_loses_what_was_acknowledged()
-> anyhow::Result<()> {
    let faults = [
        Fault::Heir,
        Fault::AllReplicas,
        Fault::CutFront,
        Fault::CutPubsub,
        Fault::CutSessions,
        Fault::TraefikKill,
        Fault::PubsubMemory,
        Fault::SessionsMemory,
    ];
    let scenario = small(&faults, 20);
    let report = chaos::run(&scenario, &Console::default()).await?;
    println!("{report}");
    ensure!(report.faults().is_empty(), "{:?}", report.faults());
    ensure!(report.not_done() == 0, "{:?}", report.broken);
    ensure!(report.broken.len() == scenario.plan().len());
    ensure!(report.tally.acknowledged > 0 && report.reconnects > 0);
    Ok(())
}

/// The check finds a loss where there must be one: who comes back without saying what he heard last is told only
/// what is said from then on.
#[tokio::test]
async fn without_resuming_the_losses_are_found() -> anyhow::Result<()> {
    let scenario = Scenario {
        rate: 100.0,
        without_resume: true,
        ..small(&[Fault::Kill, Fault::ClientResets], 5)
    };
    let report = chaos::run(&scenario, &Console::default()).await?;
    println!("{report}");
    ensure!(report.tally.lost > 0);
    ensure!((report.tally.doubled, report.tally.out_of_order) == (0, 0));
    Ok(())
}
