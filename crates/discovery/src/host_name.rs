//! A host name that is safe to write into a rule of Traefik.

use std::{fmt, str::FromStr};

/// A host name such as `webserver.localhost`: labels of letters, digits and hyphens, separated by dots.
///
/// Checked because it is written into a rule of Traefik's own language, where a stray backtick would change
/// what the rule means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostName(String);

impl FromStr for HostName {
    type Err = String;

    fn from_str(text: &str) -> Result<HostName, String> {
        let label_is_valid = |label: &str| {
            (1..=63).contains(&label.len())
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b == b'-')
        };
        if text.len() <= 253 && text.split('.').all(label_is_valid) {
            Ok(HostName(text.to_ascii_lowercase()))
        } else {
            Err("it must be a host name such as webserver.localhost: letters, digits and hyphens, in parts that are separated by dots".to_owned())
        }
    }
}

impl fmt::Display for HostName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn host_names_that_could_break_out_of_a_rule_are_refused() {
        for bad in ["", "a..b", "-a", "a b", "x`) || PathPrefix(`/", "ü.de"] {
            assert!(bad.parse::<HostName>().is_err(), "{bad:?} was accepted");
        }
        let good: HostName = "Webserver.localhost".parse().unwrap();
        assert_eq!(good.to_string(), "webserver.localhost");
    }
}
