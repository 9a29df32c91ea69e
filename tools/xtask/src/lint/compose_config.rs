//! Whether Docker Compose understands the compose files, and what it then makes of every container.

use std::process::Command;

use anyhow::{Context, bail};
use course::{process, report::Done};
use serde_json::Value;

use super::{files::Tree, passwords};

/// What every container must be told, whatever it runs. Each is a bound, or a right that it goes without.
///
/// Not `cpus`: a container that reaches that limit stands still for the rest of a tenth of a second, which whoever waits for
/// it would take for an outage. A memory limit that is never reached costs nothing.
const DEMANDED: [&str; 7] = [
    "/cap_drop/0",
    "/logging/options/max-file",
    "/logging/options/max-size",
    "/mem_limit",
    "/pids_limit",
    "/read_only",
    "/security_opt/0",
];

/// Resolves the compose files of every tree, for which no engine is needed, and looks at each service.
///
/// # Errors
/// When Compose refuses a file, a service goes without a bound, or production has a password that everybody knows.
pub fn check(trees: &[Tree]) -> anyhow::Result<Done> {
    if !process::succeeds("docker", &["compose", "version"]) {
        return Ok(Done::Skipped(
            "Docker has no Compose plugin here; see https://docs.docker.com/compose/install/"
                .to_owned(),
        ));
    }
    let mut findings = Vec::new();
    for tree in trees {
        let mut config = Command::new("docker");
        config
            .args(["compose", "config", "--format", "json"])
            .current_dir(&tree.folder);
        let config = process::read(&mut config).with_context(|| tree.name.clone())?;
        let config: Value = serde_json::from_str(&config).context("Compose wrote no JSON")?;
        let missing = missing(&config);
        findings.extend(missing.map(|missing| format!("{}: {missing}", tree.name)));
        if let Err(error) = passwords::check(tree) {
            findings.push(format!("{}: {error:#}", tree.name));
        }
    }
    if !findings.is_empty() {
        bail!("{}", findings.join("\n"));
    }
    Ok(Done::Passed)
}

/// What the services of a resolved compose file are not told and should be.
fn missing(config: &Value) -> impl Iterator<Item = String> {
    let services = config.get("services").and_then(Value::as_object);
    services.into_iter().flatten().flat_map(|(name, service)| {
        let missing = DEMANDED
            .into_iter()
            .filter(|key| service.pointer(key).is_none());
        missing.map(move |key| format!("{name} has no {}", key.trim_start_matches('/')))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_service_without_a_bound_is_found() {
        let service = serde_json::json!({
            "cap_drop": ["ALL"],
            "logging": { "options": { "max-file": "3", "max-size": "10m" } },
            "mem_limit": "1",
            "read_only": true,
            "security_opt": ["no-new-privileges:true"],
        });
        let config = serde_json::json!({ "services": { "one": service } });
        let missing: Vec<_> = missing(&config).collect();
        assert_eq!(missing, ["one has no pids_limit"]);
    }
}
