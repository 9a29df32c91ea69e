//! What a service says of what it does, once and in the same way for all of the course.
//!
//! A person at a terminal and a store of logs want different things from the same event. So a service writes events with
//! fields (`info!(replica = %id, "this replica is registered")`), and this crate decides where they go: to standard output,
//! as a coloured line or as one JSON object a line, and by OTLP to a store, where those of all services are found together.
//! Standard output is the truth, and the store the index: a process that is killed has written its lines, and may not have
//! sent them.
//!
//! What is done for one request is one *trace*. [`trace`] takes it along to other services, and [`waits`] adds up what the
//! request waited for.

pub mod otlp;
mod server;
pub mod stores;
pub mod trace;
pub mod waits;

mod one_line;
mod pseudonym;

use std::io::{self, IsTerminal};

use anyhow::Context;
use tracing::{Metadata, Subscriber};
use tracing_subscriber::{
    EnvFilter, Layer, filter::filter_fn, fmt, layer::SubscriberExt, registry::LookupSpan,
    util::SubscriberInitExt,
};

use crate::otlp::{Otlp, OtlpConfig};

pub use one_line::one_line;
pub use pseudonym::{PseudonymConfig, pseudonym};

/// How log lines are written to standard output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum LogFormat {
    /// A line for people: time, level, sentence, fields. Coloured when standard output is a terminal.
    Text,
    /// One JSON object a line, for machines: `timestamp`, `level`, `message`, and the fields beside them.
    Json,
}

/// What is logged, and how it is written.
#[derive(Clone, Copy, Debug)]
pub struct Logging<'a> {
    /// How lines are written.
    pub format: LogFormat,
    /// No line is coloured.
    pub no_color: bool,
    /// What is logged, in the syntax of [`EnvFilter`]: a level (`info`), or levels by target (`info,webserver=debug`).
    pub filter: &'a str,
}

/// Who logs: a service, and which of its replicas.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// The service's name.
    pub service: &'static str,
    /// The replica's name.
    pub replica: &'a str,
}

/// What is logged in this process. It is closed at the end of it.
#[must_use]
pub struct Telemetry(Otlp);

/// Starts logging for the whole process.
///
/// # Errors
/// When the filter cannot be parsed, when an endpoint is no URL, or when logging was started before in this process.
pub fn init(
    source: Source<'_>,
    logging: Logging<'_>,
    otlp: &OtlpConfig,
    key: &PseudonymConfig,
) -> anyhow::Result<Telemetry> {
    pseudonym::install(key);
    let filter = logging.filter;
    // consulrs logs each call at `info` and each failure at `error`, and the other libraries do it alike. Our own crates
    // report one line for each change of state instead, so these lines would only bury it.
    let quiet = [
        "consulrs",
        "rustify",
        "tower_sessions",
        "tower_sessions_core",
        "fred",
        "opentelemetry",
        "opentelemetry_sdk",
        "opentelemetry-otlp",
    ];
    let quiet: String = quiet
        .iter()
        .map(|target| format!(",{target}=off"))
        .collect();
    let filter = EnvFilter::try_new(format!("{filter}{quiet}")).with_context(|| {
        format!("the log filter {filter:?} is not valid; it must be a level such as \"info\", or levels by target such as \"info,webserver=debug\"")
    })?;
    let otlp = Otlp::start(source, otlp)?;
    let layers = tracing_subscriber::registry()
        .with(filter)
        .with(filter_fn(is_discreet))
        .with(lines(logging))
        .with(otlp.spans())
        .with(otlp.records());
    layers
        .try_init()
        .map_err(|error| anyhow::anyhow!("logging was started twice in this process: {error}"))?;
    otlp.tell();
    Ok(Telemetry(otlp))
}

impl Telemetry {
    /// Sends what has not been sent yet. It takes [`otlp::CLOSE_WITHIN`] at most, whatever the store does.
    pub fn close(self) {
        self.0.close();
    }
}

/// Whether what is logged is never what players say or show. tungstenite writes each frame of a socket down, at `trace`: texts, names, tickets.
/// No filter that somebody configures may let that through, so this is none of the directives, which a closer one overrules.
fn is_discreet(metadata: &Metadata<'_>) -> bool {
    !metadata.target().contains("tungstenite")
}

/// The lines on standard output.
fn lines<S>(logging: Logging<'_>) -> Box<dyn Layer<S> + Send + Sync>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    // A line that cannot be written would be told on standard error, and where that is gone too, by a panic in the middle of a
    // request. Whoever reads the log may go; the service stays.
    let lines = fmt::layer().log_internal_errors(false);
    match logging.format {
        // Colours are escape codes. In a file or a pipe they are noise, so only a terminal gets them.
        LogFormat::Text => lines
            .with_ansi(!logging.no_color && io::stdout().is_terminal())
            .with_target(false)
            .boxed(),
        // Flattened, so that a field is found at the top level and not in a nested object.
        LogFormat::Json => lines
            .json()
            .flatten_event(true)
            .with_span_list(false)
            .boxed(),
    }
}
