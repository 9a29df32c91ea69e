//! The rules are understood by Prometheus' own tool, and say what they are to say of given numbers; `VictoriaMetrics`' tool agrees.

use std::{
    collections::BTreeSet,
    fs,
    path::Path,
    process::{Command, Output},
};

use anyhow::{Context, ensure};
use serde_yaml_ng::Value;
use stack::{find_named, workspace_root};

/// It has no package of its own.
const NO_VMALERT: &str = "vmalert-tool was not found on PATH; install VictoriaMetrics' utilities, where it is one of them";

fn tool(program: &str, arguments: &[&str], file: &Path) -> anyhow::Result<Output> {
    let path = find_named(program)
        .with_context(|| format!("{program} was not found on PATH; it comes with Prometheus"))?;
    Ok(Command::new(path).args(arguments).arg(file).output()?)
}

/// Both tools' verdicts on the tests in a folder.
fn verdicts(folder: &Path) -> anyhow::Result<[(&'static str, Output); 2]> {
    let tests = folder.join("tests.yml");
    let files = format!("--files={}", tests.display());
    let arguments = ["unittest", "--disableAlertgroupLabel", &files];
    let path = find_named("vmalert-tool").context(NO_VMALERT)?;
    // It listens on one port that cannot be chosen, and keeps its numbers in one folder. So only one of them runs at a time.
    let lock = fs::File::create(std::env::temp_dir().join("goatscale-vmalert-tool.lock"))?;
    lock.lock()?;
    let own = tempfile::tempdir()?;
    Ok([
        ("promtool", tool("promtool", &["test", "rules"], &tests)?),
        (
            "vmalert-tool",
            Command::new(path)
                .args(arguments)
                .env("TMPDIR", own.path())
                .output()?,
        ),
    ])
}

fn said(output: &Output) -> String {
    let said = [output.stdout.as_slice(), &output.stderr].concat();
    String::from_utf8_lossy(&said).into_owned()
}

/// A copy of the rules and their tests, which may be spoilt.
fn copy() -> anyhow::Result<tempfile::TempDir> {
    let source = workspace_root().join("observability/prometheus");
    let copy = tempfile::tempdir()?;
    fs::create_dir(copy.path().join("rules"))?;
    fs::copy(source.join("tests.yml"), copy.path().join("tests.yml"))?;
    for entry in fs::read_dir(source.join("rules"))? {
        let entry = entry?;
        fs::copy(
            entry.path(),
            copy.path().join("rules").join(entry.file_name()),
        )?;
    }
    Ok(copy)
}

#[test]
fn prometheus_understands_its_configuration() -> anyhow::Result<()> {
    let file = workspace_root().join("observability/prometheus/prometheus.yml");
    let output = tool("promtool", &["check", "config", "--lint-fatal"], &file)?;
    ensure!(output.status.success(), "{}", said(&output));
    Ok(())
}

#[test]
fn both_tools_agree_on_the_rules() -> anyhow::Result<()> {
    for (name, output) in verdicts(&workspace_root().join("observability/prometheus"))? {
        ensure!(output.status.success(), "{name}: {}", said(&output));
    }
    Ok(())
}

/// A test that cannot fail proves nothing.
#[test]
fn a_rule_that_is_wrong_by_one_sign_fails_with_both() -> anyhow::Result<()> {
    for (file, right, wrong) in [
        (
            "requests.yml",
            "errors1h > 14.4 * 0.001",
            "errors1h > 14.4 * 0.01",
        ),
        ("replicas.yml", "[2m]", "[2s]"),
        ("chat.yml", "store=\"pubsub\"", "store=\"pubsup\""),
        ("matches.yml", "match_seats_free", "match_seat_free"),
    ] {
        let copy = copy()?;
        let path = copy.path().join("rules").join(file);
        let text = fs::read_to_string(&path)?;
        ensure!(text.contains(right), "{file} has no {right}");
        fs::write(&path, text.replace(right, wrong))?;
        for (name, output) in verdicts(copy.path())? {
            let said = said(&output);
            // Its verdict, and not that it could not be asked.
            ensure!(
                !output.status.success() && said.contains("FAILED"),
                "{name} takes {wrong} in {file}: {said}"
            );
        }
    }
    Ok(())
}

/// Whoever is woken at night shall not be woken by a mistake.
#[test]
fn each_alert_that_wakes_somebody_has_a_test_and_each_says_what_to_do() -> anyhow::Result<()> {
    let folder = workspace_root().join("observability/prometheus");
    let tests: Value = serde_yaml_ng::from_str(&fs::read_to_string(folder.join("tests.yml"))?)?;
    let tests = tests["tests"].as_sequence().context("there are no tests")?;
    let fired: BTreeSet<&str> = tests
        .iter()
        .filter_map(|test| test["alert_rule_test"].as_sequence())
        .flatten()
        .filter(|test| {
            test["exp_alerts"]
                .as_sequence()
                .is_some_and(|all| !all.is_empty())
        })
        .filter_map(|test| test["alertname"].as_str())
        .collect();
    for entry in fs::read_dir(folder.join("rules"))? {
        let rules: Value = serde_yaml_ng::from_str(&fs::read_to_string(entry?.path())?)?;
        let groups = rules["groups"].as_sequence().into_iter().flatten();
        for rule in groups
            .filter_map(|group| group["rules"].as_sequence())
            .flatten()
        {
            let Some(name) = rule["alert"].as_str() else {
                continue;
            };
            for annotation in ["summary", "runbook"] {
                let text = rule["annotations"][annotation].as_str();
                ensure!(text.is_some(), "{name} has no {annotation}");
            }
            let severity = rule["labels"]["severity"].as_str().unwrap_or_default();
            let known = ["page", "ticket", "info", "watchdog"].contains(&severity);
            ensure!(known, "{name} has the severity {severity:?}");
            ensure!(
                severity != "page" || fired.contains(name),
                "{name} wakes somebody, and no test lets it fire"
            );
        }
    }
    Ok(())
}
