//! Sets up `tracing`, once, in the same way for every service of the course.
//!
//! A person at a terminal and a log collector want different things from the same event. So a service
//! writes events with fields (`info!(replica = %id, "this replica is registered")`), and this crate decides
//! whether they come out as a coloured line or as one JSON object a line.

mod one_line;

use std::io::IsTerminal;

use anyhow::Context;
use tracing_subscriber::EnvFilter;

pub use one_line::one_line;

/// How log lines are written to standard output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum LogFormat {
    /// A line for people: time, level, sentence, fields. Coloured when standard output is a terminal.
    Text,
    /// One JSON object a line, for machines: `timestamp`, `level`, `message`, and the fields beside them.
    Json,
}

/// Starts logging for the whole process. With `no_color` no line is coloured.
///
/// `filter` takes the syntax of [`EnvFilter`]: a level (`info`), or levels by target
/// (`info,webserver=debug`).
///
/// # Errors
/// When `filter` cannot be parsed, or when logging was started before in this process.
pub fn init(format: LogFormat, no_color: bool, filter: &str) -> anyhow::Result<()> {
    let directives = filter.to_owned();
    // consulrs logs each call at `info` and each failure at `error`. The discovery crate reports one line
    // for each change of state instead, so the library's own lines would only bury it.
    let directives = format!("{directives},consulrs=off,rustify=off"); // lesson 2
    let directives = format!("{directives},tower_sessions=off,tower_sessions_core=off"); // lesson 3
    let directives = format!("{directives},fred=off"); // lesson 4
    let filter = EnvFilter::try_new(&directives).with_context(|| {
        format!("the log filter {filter:?} is not valid; it must be a level such as \"info\", or levels by target such as \"info,webserver=debug\"")
    })?;
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter(filter)
        // A line that cannot be written would be told on standard error, and where that is gone too, by a panic in the middle of a
        // request. Whoever reads the log may go; the service stays.
        .log_internal_errors(false);
    let installed = match format {
        // Colours are escape codes. In a file or a pipe they are noise, so only a terminal gets them.
        LogFormat::Text => subscriber
            .with_ansi(!no_color && std::io::stdout().is_terminal())
            .with_target(false)
            .try_init(),
        // Flattened, so that a field is found at the top level and not in a nested object.
        LogFormat::Json => subscriber
            .json()
            .flatten_event(true)
            .with_span_list(false)
            .try_init(),
    };
    installed.map_err(|error| anyhow::anyhow!("logging was started twice in this process: {error}"))
}
