//! Which time a panel shows, and in which steps.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::Deserialize;

/// What Grafana calls the scrape interval of the data source: no panel asks for shorter steps, and no rate for a shorter time than
/// four of these. It is `timeInterval` in `observability/grafana/datasources/prometheus.yml`.
pub const SCRAPE_INTERVAL: Duration = Duration::from_secs(2);

/// As many points as a line has at most. More cannot be told apart on a screen.
const POINTS: u32 = 240;

/// How much time is shown. A browser chooses one of these, and nothing else.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
pub enum Span {
    /// Five minutes.
    #[serde(rename = "5m")]
    Minutes5,
    /// A quarter of an hour.
    #[default]
    #[serde(rename = "15m")]
    Minutes15,
    /// One hour.
    #[serde(rename = "1h")]
    Hour,
    /// Six hours.
    #[serde(rename = "6h")]
    Hours6,
    /// One day.
    #[serde(rename = "24h")]
    Day,
}

impl Span {
    /// How long it is.
    #[must_use]
    pub fn length(self) -> Duration {
        let minutes = match self {
            Span::Minutes5 => 5,
            Span::Minutes15 => 15,
            Span::Hour => 60,
            Span::Hours6 => 6 * 60,
            Span::Day => 24 * 60,
        };
        Duration::from_secs(minutes * 60)
    }
}

/// From when to when, and in which steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// Its end, in whole seconds since 1970.
    pub to: u64,
    /// Its length, in whole seconds.
    pub length: Duration,
    /// From one point to the next, in whole seconds.
    pub step: Duration,
}

impl Window {
    /// The last `length` before `to`, which is in seconds since 1970.
    ///
    /// It ends on a whole step. Otherwise all points of a line would be others each time that it is asked for.
    #[must_use]
    pub fn new(to: u64, length: Duration) -> Window {
        let step = (length / POINTS).as_secs().max(SCRAPE_INTERVAL.as_secs());
        Window {
            to: to - to % step,
            length,
            step: Duration::from_secs(step),
        }
    }

    /// The last of these that has ended now.
    #[must_use]
    pub fn until_now(span: Span) -> Window {
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        Window::new(now.unwrap_or_default().as_secs(), span.length())
    }

    /// Its begin, in whole seconds since 1970.
    #[must_use]
    pub fn from(&self) -> u64 {
        self.to.saturating_sub(self.length.as_secs())
    }

    /// Over how long a rate is taken: long enough that there are always several answers in it, and no answer is left out between two
    /// points. It is what Grafana's documentation says of `$__rate_interval`.
    #[must_use]
    pub fn rate_interval(&self) -> Duration {
        (self.step + SCRAPE_INTERVAL).max(SCRAPE_INTERVAL * 4)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_no_shorter_than_answers_and_lines_no_longer_than_a_screen() {
        let window = Window::new(1_000_001, Span::Minutes5.length());
        assert_eq!(window.step, SCRAPE_INTERVAL);
        assert_eq!((window.from(), window.to), (999_700, 1_000_000));
        assert_eq!(window.rate_interval(), Duration::from_secs(8));
        let window = Window::new(1_000_000, Span::Day.length());
        assert_eq!(window.step, Duration::from_secs(360));
        assert_eq!(window.rate_interval(), Duration::from_secs(362));
        assert_eq!(window.to % 360, 0);
    }

    #[test]
    fn grafana_is_told_the_same_interval() {
        let path = stack::workspace_root().join("observability/grafana/datasources/prometheus.yml");
        let text = std::fs::read_to_string(path).unwrap();
        let file: serde_yaml_ng::Value = serde_yaml_ng::from_str(&text).unwrap();
        let told = &file["datasources"][0]["jsonData"]["timeInterval"];
        let ours = format!("{}s", SCRAPE_INTERVAL.as_secs());
        assert_eq!(told.as_str(), Some(ours.as_str()));
    }
}
