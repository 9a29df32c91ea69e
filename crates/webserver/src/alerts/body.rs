//! What Alertmanager sends: alerts that belong together, as JSON of its version 4.

use std::collections::BTreeMap;

use serde::Deserialize;

/// The version that is read here. Alertmanager has had no other since 2016.
const VERSION: &str = "4";

/// Alerts that belong together.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Group {
    version: String,
    /// By which Alertmanager knows the group.
    pub group_key: String,
    /// Whether any of them fires.
    pub status: Status,
    /// The alerts.
    pub alerts: Vec<Alert>,
}

/// One alert.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Alert {
    /// Whether it fires.
    pub status: Status,
    /// What it is about. Some of it may come from outside.
    #[serde(default)]
    pub labels: BTreeMap<String, String>,
    /// What a person has to know.
    #[serde(default)]
    pub annotations: BTreeMap<String, String>,
    /// When it began to fire.
    #[serde(default)]
    pub starts_at: String,
    /// By which it is told from others.
    #[serde(default)]
    pub fingerprint: String,
}

/// Whether an alert fires.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// It does.
    Firing,
    /// It did, and does no longer.
    Resolved,
}

/// The severity of an alert that always fires, so that its end says that nobody watches any more.
const WATCHDOG: &str = "watchdog";

impl Group {
    /// Whether it says no more than that somebody watches.
    pub fn is_all_well(&self) -> bool {
        let watches = |alert: &Alert| {
            alert
                .labels
                .get("severity")
                .is_some_and(|it| it == WATCHDOG)
        };
        self.status == Status::Firing && self.alerts.iter().all(watches)
    }

    /// What is wrong with it, if it is not what is read here.
    pub fn wrong(&self) -> Option<&'static str> {
        if self.version != VERSION {
            return Some("the version must be \"4\", which every Alertmanager since 0.5 sends");
        }
        self.alerts
            .is_empty()
            .then_some("there must be at least one alert in alerts")
    }
}
