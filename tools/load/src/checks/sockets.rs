//! Many sockets, a message a second, and every one of them delivered.

use std::time::Duration;

use super::{
    report::{Findings, Report},
    system::{System, megabytes},
};
use crate::{
    plan::{Pace, Plan},
    run::{Ready, Watch},
};

/// How many sockets, and for how long.
#[derive(Clone, Copy, Debug)]
pub struct Sockets {
    /// Sockets over all replicas.
    pub sockets: usize,
    /// How long a message a second is sent.
    pub time: Duration,
    /// Bytes of a replica's memory that one idle socket may cost.
    pub bytes_each: u64,
}

impl Default for Sockets {
    fn default() -> Sockets {
        Sockets {
            sockets: 10_000,
            time: Duration::from_secs(10),
            bytes_each: 12_000,
        }
    }
}

/// Opens the sockets, weighs them, and sends one message a second.
///
/// # Errors
/// When the check cannot be made. That it was not passed stands in the report.
pub async fn sockets(
    system: &System,
    wanted: Sockets,
    progress: &mut Watch<'_>,
) -> anyhow::Result<Report> {
    let mut findings = Findings::of("sockets");
    system.warm_up().await?;
    let before = system.resident()?;
    let mut plan = Plan::new(system.targets.clone());
    plan.clients = wanted.sockets;
    plan.senders = wanted.sockets.min(10);
    plan.pace = Pace::Rate(1.0);
    plan.time = wanted.time;
    let ready = Ready::connect(&plan, progress).await?;
    findings.found(format!(
        "{} sockets opened in {:.1} s",
        wanted.sockets,
        findings.elapsed().as_secs_f64()
    ));
    let grown = system.resident()?.saturating_sub(before);
    let each = grown / wanted.sockets.max(1) as u64;
    findings.found(format!(
        "{each} bytes of memory for each idle socket ({:.1} MB in all)",
        megabytes(grown)
    ));
    findings.require(each < wanted.bytes_each, || {
        format!(
            "an idle socket costs {each} bytes, and may cost {}",
            wanted.bytes_each
        )
    });
    let summary = ready.run(progress).await?;
    findings
        .found
        .extend(summary.to_string().lines().map(str::to_owned));
    findings.faults.extend(summary.faults());
    Ok(findings.report())
}
