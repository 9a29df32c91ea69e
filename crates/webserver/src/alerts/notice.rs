//! What players are told of alerts: one line for those that belong together.
//!
//! The line comes under the name of nobody. `system` is a name that no player can have, nor one that looks like it, and its player is the one
//! whose id nobody has. What stands in the line may come from outside, by a label of somebody's choosing. So it is a short text, and says that
//! it is an alert before it says anything else.

use protocol::{PlayerId, Who};
use sha2::{Digest, Sha256};
use unicode_normalization::UnicodeNormalization;
use unicode_properties::{GeneralCategoryGroup, UnicodeGeneralCategory};

use super::body::{Alert, Group, Status};

/// Under which name it is told. It is reserved, and so is whatever looks like it.
const NAME: &str = "system";

/// The longest name of an alert that is told, in characters.
const MAX_NAME: usize = 60;

/// The longest sentence of an alert that is told, in characters. With all that stands around it a text of the chat is not full.
const MAX_SUMMARY: usize = 300;

/// A line for the chat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// What is told.
    pub text: String,
    /// Under which key: whoever tells the same again, because no answer came, tells it once.
    pub key: String,
}

/// Who tells it: nobody.
pub fn nobody() -> Who {
    Who {
        player: PlayerId::default(),
        name: NAME.to_owned(),
    }
}

impl Notice {
    /// The line for these.
    pub fn of(group: &Group) -> Notice {
        let word = match group.status {
            Status::Firing => "Alert",
            Status::Resolved => "Resolved",
        };
        // Where some fire and others do no longer, those that fire are what it is about.
        let mut told = group
            .alerts
            .iter()
            .filter(|alert| alert.status == group.status);
        let first = told.next().or(group.alerts.first());
        let name = first.map_or_else(String::new, name_of);
        let summary = first.map_or_else(String::new, summary_of);
        let more = match told.count() {
            0 => String::new(),
            more => format!(" (and {more} more)"),
        };
        let text = match summary.is_empty() {
            true => format!("{word} {name}{more}"),
            false => format!("{word} {name}{more}: {summary}"),
        };
        Notice {
            text,
            key: key_of(group),
        }
    }
}

/// Letters, digits and underscores: so rules are named, and so nothing else can be written there.
fn name_of(alert: &Alert) -> String {
    let name = alert.labels.get("alertname").map_or("", String::as_str);
    let is_plain = |c: &char| c.is_ascii_alphanumeric() || *c == '_';
    let name: String = name.chars().filter(is_plain).take(MAX_NAME).collect();
    if name.is_empty() {
        return "without a name".to_owned();
    }
    name
}

fn summary_of(alert: &Alert) -> String {
    let annotation = |name| alert.annotations.get(name).map(String::as_str);
    let summary = annotation("summary").or(annotation("description"));
    one_line(summary.unwrap_or_default())
}

/// A text as one line of what can be seen. Else it could turn the direction of writing round, or seem to be a line of its own.
fn one_line(text: &str) -> String {
    let unseen = [GeneralCategoryGroup::Other, GeneralCategoryGroup::Separator];
    let seen = |c: char| match unseen.contains(&c.general_category_group()) {
        true => ' ',
        false => c,
    };
    // In the form in which the chat has texts: another one may be longer than what is left here.
    let text: String = text.nfc().map(seen).collect();
    let words: Vec<&str> = text.split_whitespace().collect();
    let line = words.join(" ");
    match line.char_indices().nth(MAX_SUMMARY) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

/// The same for the same alerts in the same state, and no other.
fn key_of(group: &Group) -> String {
    let mut hash = Sha256::new();
    let mut add = |part: &str| {
        // With its length before it no two lists of parts are the same text.
        hash.update(part.len().to_le_bytes());
        hash.update(part);
    };
    add("alerts");
    add(&group.group_key);
    let mut alerts: Vec<_> = group
        .alerts
        .iter()
        .map(|alert| (&alert.fingerprint, &alert.starts_at, alert.status))
        .collect();
    alerts.sort_by_key(|(fingerprint, starts_at, _)| (*fingerprint, *starts_at));
    for (fingerprint, starts_at, status) in alerts {
        add(fingerprint);
        add(starts_at);
        add(match status {
            Status::Firing => "firing",
            Status::Resolved => "resolved",
        });
    }
    let hash = hash.finalize();
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;
    use crate::{
        chat::text::ChatText,
        session::name::{NameError, PlayerName},
    };

    fn group(status: &str, alerts: &[Value]) -> Group {
        let group =
            json!({ "version": "4", "groupKey": "{}:{}", "status": status, "alerts": alerts });
        serde_json::from_value(group).unwrap()
    }

    fn alert(status: &str, name: &str, summary: &str) -> Value {
        json!({
            "status": status,
            "labels": { "alertname": name },
            "annotations": { "summary": summary },
            "startsAt": "2026-01-01T00:00:00Z",
            "fingerprint": name,
        })
    }

    #[test]
    fn a_line_says_what_fires_and_what_no_longer_does() {
        let burns = alert("firing", "ErrorBudgetBurnsFast", "5% of requests fail.");
        let gone = alert("resolved", "NoReplica", "There is none.");
        let notice = Notice::of(&group("firing", &[gone.clone(), burns.clone()]));
        assert_eq!(
            notice.text,
            "Alert ErrorBudgetBurnsFast: 5% of requests fail."
        );
        let other = alert("firing", "Other", "");
        let notice = Notice::of(&group("firing", &[burns, other.clone()]));
        assert_eq!(
            notice.text,
            "Alert ErrorBudgetBurnsFast (and 1 more): 5% of requests fail."
        );
        assert_eq!(Notice::of(&group("firing", &[other])).text, "Alert Other");
        let notice = Notice::of(&group("resolved", &[gone]));
        assert_eq!(notice.text, "Resolved NoReplica: There is none.");
    }

    #[test]
    fn the_same_alerts_in_another_order_are_told_once_and_in_another_state_again() {
        let (one, two) = (alert("firing", "One", ""), alert("firing", "Two", ""));
        let key = |status, alerts: &[Value]| Notice::of(&group(status, alerts)).key;
        let both = key("firing", &[one.clone(), two.clone()]);
        assert_eq!(both, key("firing", &[two.clone(), one.clone()]));
        assert_ne!(both, key("firing", std::slice::from_ref(&one)));
        assert_ne!(
            key("firing", &[one]),
            key("resolved", &[alert("resolved", "One", "")])
        );
    }

    /// Nobody can be called what tells alerts.
    #[test]
    fn no_player_passes_for_it() {
        for typed in [NAME, "System", "ѕystem", "s y s t e m"] {
            assert_eq!(
                PlayerName::parse(typed),
                Err(NameError::Reserved),
                "{typed}"
            );
        }
    }

    proptest! {
        #[test]
        fn whatever_stands_in_an_alert_it_is_one_short_line_of_the_chat(
            name in any::<String>(),
            summary in prop_oneof![any::<String>(), "[\u{958}\u{1d160}]{0,600}", "[a\\s\u{202e}\u{2028}\u{1b}\0<]{0,900}"],
        ) {
            let notice = Notice::of(&group("firing", &[alert("firing", &name, &summary)]));
            prop_assert!(notice.text.starts_with("Alert "), "{:?}", notice.text);
            let unseen = ['\u{202e}', '\n', '\0', '\u{1b}'];
            prop_assert!(!notice.text.contains(unseen), "{:?}", notice.text);
            prop_assert!(ChatText::parse(&notice.text).is_ok(), "{:?}", notice.text);
        }
    }
}
