//! How much is to be proven, and for how long.

use std::time::Duration;

use jiff::SignedDuration;

/// What can be chosen.
#[derive(Clone, Copy, Debug, Default, clap::Args)]
pub struct Choice {
    /// Prove what is not proven and then, the oldest proof first, others again; all within this time, such as 30m
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub within: Option<Duration>,

    /// Of that time, use so much to prove others again; one is in any case
    #[arg(long, value_name = "TIME", value_parser = time, requires = "within")]
    pub again: Option<Duration>,

    /// Prove all that are named, or all, each with all tests of its cut
    #[arg(long)]
    pub everything: bool,

    /// Only try the exercises; this proves nothing
    #[arg(long, conflicts_with_all = ["within", "everything"])]
    pub exercises: bool,
}

/// A time, for people.
pub fn shown(time: Duration) -> String {
    let seconds = time.as_secs();
    format!("{}m {:02}s", seconds / 60, seconds % 60)
}

/// Reads a time such as "30m" or "1h 15m".
fn time(text: &str) -> Result<Duration, String> {
    let wrong = |error: jiff::Error| format!("{error}; write it as 30m or 1h 15m");
    let time: SignedDuration = text.parse().map_err(wrong)?;
    time.try_into().map_err(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_and_shown() {
        assert_eq!(shown(time("30m").unwrap()), "30m 00s");
        assert_eq!(shown(time("1h 15m 7s").unwrap()), "75m 07s");
        for wrong in ["soon", "30", "-5m"] {
            let error = time(wrong).unwrap_err();
            assert!(error.ends_with("write it as 30m or 1h 15m"), "{error}");
        }
    }
}
