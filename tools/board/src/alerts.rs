//! Which alerts there are, and whether somebody watches at all.

use std::collections::BTreeMap;

use reqwest::Url;
use serde::{Deserialize, Serialize};

use crate::engine::{Engine, Labels, get};

/// The alert that is always there. Where it is not, nobody watches.
const WATCHDOG: &str = "Watchdog";

/// Every alert, and whether to believe that there are no others.
#[derive(Clone, Debug, Serialize)]
pub struct Watch {
    /// What is wrong with the watching itself, in a sentence. Without it, what is not listed is well.
    pub broken: Option<String>,
    /// The alerts that fire or may soon.
    pub alerts: Vec<Alert>,
}

/// One alert.
#[derive(Clone, Debug, Serialize)]
pub struct Alert {
    /// What it is called.
    pub name: String,
    /// How far it is.
    pub state: State,
    /// Its labels, among them how bad it is.
    pub labels: Labels,
    /// What is wrong, in a sentence.
    pub summary: String,
    /// What to do.
    pub runbook: String,
    /// Since when, as the engine writes it.
    pub since: String,
}

/// How far an alert is.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, PartialEq, Eq, PartialOrd, Ord)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Somebody is told.
    Firing,
    /// It may be over before somebody has to be told.
    Pending,
    /// There is none.
    Inactive,
}

#[derive(Deserialize)]
struct Groups {
    groups: Vec<Group>,
}

#[derive(Deserialize)]
struct Group {
    rules: Vec<Rule>,
}

#[derive(Deserialize)]
struct Rule {
    name: String,
    #[serde(default)]
    alerts: Vec<Told>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Told {
    labels: Labels,
    #[serde(default)]
    annotations: BTreeMap<String, String>,
    state: State,
    #[serde(default)]
    active_at: String,
}

#[derive(Deserialize)]
struct Routed {
    labels: Labels,
}

impl Watch {
    /// Asks both who make alerts and who passes them on.
    pub async fn look(engine: &Engine, http: &reqwest::Client, alertmanager: &Url) -> Watch {
        let mut alerts = match rules(engine).await {
            Ok(alerts) => alerts,
            Err(error) => {
                return Watch {
                    broken: Some(format!("Nothing is watched: {error:#}.")),
                    alerts: Vec::new(),
                };
            }
        };
        let watched = alerts.iter().any(|alert| alert.name == WATCHDOG);
        alerts.retain(|alert| alert.name != WATCHDOG);
        let broken = match passed_on(http, alertmanager).await {
            _ if !watched => Some("Nothing is watched: the rules are not looked at.".to_owned()),
            Ok(true) => None,
            Ok(false) => Some("Nobody is told: alerts do not get to Alertmanager.".to_owned()),
            Err(error) => Some(format!("Nobody is told: {error:#}.")),
        };
        Watch { broken, alerts }
    }
}

/// The alerts of the engine, the most urgent first.
async fn rules(engine: &Engine) -> anyhow::Result<Vec<Alert>> {
    let groups: Groups = engine
        .ask("/api/v1/rules", &[("type", "alert".to_owned())])
        .await?;
    let rules = groups.groups.into_iter().flat_map(|group| group.rules);
    let alerts = rules.flat_map(|rule| {
        let name = rule.name;
        rule.alerts.into_iter().map(move |mut told| Alert {
            name: name.clone(),
            state: told.state,
            summary: told.annotations.remove("summary").unwrap_or_default(),
            runbook: told.annotations.remove("runbook").unwrap_or_default(),
            labels: told.labels,
            since: told.active_at,
        })
    });
    let mut alerts: Vec<Alert> = alerts.collect();
    alerts.sort_by(|one, other| (one.state, &one.name).cmp(&(other.state, &other.name)));
    Ok(alerts)
}

/// Whether Alertmanager has heard of the alert that is always there.
async fn passed_on(http: &reqwest::Client, alertmanager: &Url) -> anyhow::Result<bool> {
    let filter = [("filter", format!("alertname=\"{WATCHDOG}\""))];
    let body = get(http, alertmanager, "/api/v2/alerts", &filter).await?;
    let alerts: Vec<Routed> = serde_json::from_slice(&body)?;
    let is_it = |alert: &Routed| {
        let name = alert.labels.get("alertname");
        name.is_some_and(|name| name == WATCHDOG)
    };
    Ok(alerts.iter().any(is_it))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn where_nobody_watches_that_is_said() {
        let nowhere = "http://127.0.0.1:9";
        let engine = Engine::new(nowhere).unwrap();
        let http = stack::http_client(std::time::Duration::from_secs(1)).unwrap();
        let watch = Watch::look(&engine, &http, &nowhere.parse().unwrap()).await;
        let broken = watch.broken.unwrap();
        assert!(broken.starts_with("Nothing is watched"), "{broken}");
        assert!(watch.alerts.is_empty());
    }
}
