//! The way of records and spans to a store, by OTLP over HTTP.
//!
//! Nothing waits for a store. A record is put into a queue, and where that is full it is counted and left out
//! ([`Shipper`]). One span of twenty is sent, and of those the library leaves out what does not fit.

mod config;
mod exporters;
mod shipper;

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use opentelemetry::trace::TracerProvider;
use opentelemetry_appender_tracing::layer::{OpenTelemetryTracingBridge, TracingSpanAttributes};
use opentelemetry_sdk::{logs::SdkLoggerProvider, trace::SdkTracerProvider};
use tracing::{Subscriber, info};
use tracing_subscriber::{Layer, filter::filter_fn, registry::LookupSpan};

use crate::Source;

pub use config::OtlpConfig;
pub use shipper::Shipper;

/// How long the end of a process may take because of the store.
pub const CLOSE_WITHIN: Duration = Duration::from_secs(2);

/// What the shipper says of itself. It goes to standard output and not to the store: it is about the store, and would cause
/// itself again.
pub(crate) const OWN: &str = "telemetry::otlp";

/// The libraries with which records are sent. What they log would be sent with them, and so on for ever.
const SENDERS: [&str; 6] = ["opentelemetry", "reqwest", "hyper", "h2", "tower", OWN];

/// Which fields of a span each record within it has, too.
const OF_SPANS: [&str; 5] = [
    "request_id",
    "client_request_id",
    "trace_id",
    "match_id",
    "player",
];

/// Where records and spans go.
pub(crate) struct Otlp {
    logs: Option<Logs>,
    traces: SdkTracerProvider,
}

struct Logs {
    provider: SdkLoggerProvider,
    shipper: Arc<Shipper>,
    endpoint: String,
}

impl Otlp {
    pub fn start(source: Source<'_>, config: &OtlpConfig) -> anyhow::Result<Otlp> {
        let resource = exporters::resource(source);
        let logs = match &config.logs_endpoint {
            None => None,
            Some(endpoint) => {
                let exporter = exporters::logs(endpoint, &resource)?;
                let shipper = Arc::new(Shipper::start(exporter)?);
                let provider = SdkLoggerProvider::builder()
                    .with_resource(resource.clone())
                    .with_log_processor(shipper::Shared(Arc::clone(&shipper)));
                Some(Logs {
                    provider: provider.build(),
                    shipper,
                    endpoint: endpoint.to_string(),
                })
            }
        };
        let traces = exporters::traces(config, resource)?;
        Ok(Otlp { logs, traces })
    }

    /// Says where records go.
    pub fn tell(&self) {
        if let Some(Logs { endpoint, .. }) = &self.logs {
            info!(target: OWN, endpoint, "records go to the store of the logs, too");
        }
    }

    /// Makes spans of ours spans of OpenTelemetry. Without a store for them, too: they carry the ids of the traces.
    pub fn spans<S>(&self) -> Box<dyn Layer<S> + Send + Sync>
    where
        S: Subscriber + for<'a> LookupSpan<'a> + Send + Sync,
    {
        tracing_opentelemetry::layer()
            .with_tracer(self.traces.tracer("goatscale"))
            .with_location(false)
            .with_threads(false)
            .with_tracked_inactivity(false)
            // The id of a trace is a field of the span, and so of each record. The library would put it into the records once more, in a
            // form that not every store shows as text.
            .with_context_activation(false)
            .boxed()
    }

    /// Makes events of ours records of OpenTelemetry.
    pub fn records<S>(&self) -> Option<Box<dyn Layer<S> + Send + Sync>>
    where
        S: Subscriber + for<'a> LookupSpan<'a>,
    {
        let logs = self.logs.as_ref()?;
        let bridge = OpenTelemetryTracingBridge::builder(&logs.provider)
            .with_tracing_span_attributes(TracingSpanAttributes::allowlist(OF_SPANS))
            .build();
        let is_ours = |target: &str| !SENDERS.iter().any(|sender| target.starts_with(sender));
        let ours = filter_fn(move |metadata| is_ours(metadata.target()));
        Some(bridge.with_filter(ours).boxed())
    }

    /// Sends what waits, and gives up after [`CLOSE_WITHIN`].
    pub fn close(self) {
        let deadline = Instant::now() + CLOSE_WITHIN;
        if let Some(logs) = self.logs {
            logs.shipper.close(CLOSE_WITHIN);
        }
        // Spans that do not get there are missed by nobody: nineteen of twenty are not even sent.
        let left = deadline.saturating_duration_since(Instant::now());
        let _ = self.traces.shutdown_with_timeout(left);
    }
}
