//! The address of a Redis, on the command line.

/// Accepts what leads to a Redis, without a password: an address is logged and shown, a password is not.
///
/// # Errors
/// A sentence that says what is accepted.
pub fn redis_url(text: &str) -> Result<String, String> {
    let accepted = text
        .strip_prefix("redis://")
        .is_some_and(|rest| !rest.is_empty() && !rest.contains('@'));
    accepted.then(|| text.to_owned()).ok_or_else(|| {
        "it must be a URL without a password, such as redis://sessions:6379".to_owned()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_must_lead_to_a_redis_and_hold_no_password() {
        assert!(redis_url("redis://sessions:6379").is_ok());
        for bad in [
            "sessions:6379",
            "http://sessions",
            "redis://",
            "redis://:secret@sessions:6379",
        ] {
            assert!(redis_url(bad).is_err(), "{bad}");
        }
    }
}
