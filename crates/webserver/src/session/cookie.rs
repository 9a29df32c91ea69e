//! The cookie in which a browser keeps its session's id.

use clap::Args;

/// What the session's cookie is called, and where it is sent.
#[derive(Args, Clone, Debug)]
pub struct CookieConfig {
    /// Name of the session's cookie. A browser sends a host's cookies to each of its ports, so two systems on one host need
    /// two names
    #[arg(
        long,
        env = "COOKIE_NAME",
        global = true,
        default_value = "session",
        value_parser = name,
        value_name = "NAME"
    )]
    pub cookie_name: String,

    /// Send the session's cookie over HTTPS only. On http://*.localhost some browsers would then never send it
    #[arg(
        long,
        env = "COOKIE_SECURE",
        global = true,
        default_value = "false",
        action = clap::ArgAction::Set,
        value_name = "true|false"
    )]
    pub cookie_secure: bool,
}

impl CookieConfig {
    /// The name as it is sent. With `__Host-` before it a browser takes the cookie only from the host itself and over
    /// HTTPS. So neither a sister host nor somebody on the way can put one of their own in its place.
    pub fn full_name(&self) -> String {
        let name = &self.cookie_name;
        if self.cookie_secure {
            format!("__Host-{name}")
        } else {
            name.clone()
        }
    }
}

fn name(text: &str) -> Result<String, String> {
    let is_accepted = |byte| matches!(byte, b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' | b'-');
    if (1..=64).contains(&text.len()) && text.bytes().all(is_accepted) {
        Ok(text.to_owned())
    } else {
        Err("it must be 1 to 64 of the characters a-z A-Z 0-9 _ -".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_for_https_is_bound_to_its_host() {
        let mut config = CookieConfig {
            cookie_name: "session_80".to_owned(),
            cookie_secure: false,
        };
        assert_eq!(config.full_name(), "session_80");
        config.cookie_secure = true;
        assert_eq!(config.full_name(), "__Host-session_80");
    }

    #[test]
    fn what_would_break_the_header_is_no_name() {
        assert!(name("session_8000").is_ok());
        for bad in ["", "a b", "a;b", "a=b", "ü", &"x".repeat(65)] {
            assert!(name(bad).is_err(), "{bad:?}");
        }
    }
}
