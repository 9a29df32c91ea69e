//! The way through Traefik to a service, and how whoever answers says who it is.

use anyhow::Context;
use serde_json::Value;

/// Where a service is reached through Traefik, and asked which replica answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Way {
    /// The host name.
    pub host: String,
    /// The path at which each replica says its name.
    pub path: String,
}

impl Way {
    /// The way to a service that has all of `NAME.localhost`.
    #[must_use]
    pub fn to(name: &str) -> Way {
        Way {
            host: format!("{name}.localhost"),
            path: "/api/whoami".to_owned(),
        }
    }

    /// The way to a service that has one folder of a host. What a replica answers there is about itself.
    #[must_use]
    pub fn to_folder(host: &str, folder: &str) -> Way {
        Way {
            host: host.to_owned(),
            path: format!("/{folder}/"),
        }
    }
}

/// The id of the replica that has answered so.
///
/// # Errors
/// When the answer names none.
pub fn named_in(answer: &Value) -> anyhow::Result<String> {
    let id = answer.get("replica").or_else(|| answer.get("server"));
    let id = id.and_then(Value::as_str);
    Ok(id.context("the answer names no replica")?.to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn whoever_answers_is_known_by_its_name() {
        for answer in [
            json!({ "replica": "a" }),
            json!({ "server": "a", "seats": [] }),
        ] {
            assert_eq!(named_in(&answer).unwrap(), "a");
        }
        for answer in [json!({}), json!([]), json!({ "replica": 1 })] {
            assert!(named_in(&answer).is_err(), "{answer}");
        }
    }
}
