//! What the boards and the rules ask for is what real replicas say: each metric, with each value of a label that is named, from the start on.

use std::{collections::BTreeMap, fs, time::SystemTime};

use anyhow::{Context, ensure};
use board::{Boards, selectors};
use serde_yaml_ng::Value;
use stack::{Stack, until, workspace_root};

use super::{SHOWN_WITHIN, boards, engine};

/// What others than our services say, and what is made by rules. Alerts are there only while one fires.
const OF_OTHERS: [&str; 7] = [
    "ALERTS",
    "alertmanager_",
    "job:",
    "prometheus_",
    "scrape_",
    "traefik_",
    "up",
];

/// Each selector in the boards and the rules, with where it stands.
fn asked(boards: &Boards) -> anyhow::Result<BTreeMap<String, String>> {
    let mut asked = BTreeMap::new();
    let mut add = |query: &str, place: &str| {
        for selector in selectors(query) {
            let of_others = OF_OTHERS
                .iter()
                .any(|begin| selector.name.starts_with(begin));
            if !of_others {
                asked.insert(selector.text, place.to_owned());
            }
        }
    };
    for board in boards.iter() {
        for panel in &board.panels {
            for target in &panel.targets {
                add(&target.expr, &format!("{}/{}", board.uid, panel.title));
            }
        }
    }
    let rules = workspace_root().join("observability/prometheus/rules");
    for entry in fs::read_dir(rules)? {
        let path = entry?.path();
        let file: Value = serde_yaml_ng::from_str(&fs::read_to_string(&path)?)?;
        let groups = file["groups"].as_sequence().into_iter().flatten();
        let rules = groups.filter_map(|group| group["rules"].as_sequence());
        for rule in rules.flatten() {
            let query = rule["expr"].as_str().context("a rule asks for something")?;
            add(query, &path.display().to_string());
        }
    }
    Ok(asked)
}

#[tokio::test]
async fn real_replicas_have_from_the_start_what_is_asked_for() -> anyhow::Result<()> {
    let stack = Stack::builder()
        .watched()
        .scale("webserver", 2)
        .start()
        .await?;
    let prometheus = engine(&stack.server("prometheus")?.address())?;
    let asked = asked(&boards()?)?;
    ensure!(asked.len() > 40, "only {} are asked for", asked.len());
    let mut missing = Vec::new();
    let count = async |selector: &str| {
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        let now = now.unwrap_or_default().as_secs();
        let found = prometheus.instant(&format!("count({selector})"), now).await;
        let found = found.map_err(|error| format!("{error:#}"))?;
        let count = found.first().map_or(0.0, |sample| sample.value);
        Ok::<_, String>(count)
    };
    // All three replicas are asked.
    until("an answer of each replica", SHOWN_WITHIN, async || {
        let replicas = count("build_info{job=~\"webserver|gameserver\"}").await?;
        let all = replicas > 2.5;
        all.then_some(())
            .ok_or_else(|| format!("{replicas} answer"))
    })
    .await?;
    for (selector, place) in &asked {
        if count(selector).await.map_err(anyhow::Error::msg)? < 0.5 {
            missing.push(format!("{selector} ({place})"));
        }
    }
    ensure!(missing.is_empty(), "nobody says {missing:#?}");
    println!("{} are asked for, and all of them are there", asked.len());
    Ok(())
}
