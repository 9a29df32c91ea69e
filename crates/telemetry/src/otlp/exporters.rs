//! What the library needs to send: who sends, where to, and how much of it.

use std::{collections::HashMap, time::Duration};

use anyhow::Context;
use http::Uri;
use opentelemetry::KeyValue;
use opentelemetry_otlp::{LogExporter, SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::{
    Resource,
    logs::LogExporter as _,
    trace::{BatchConfigBuilder, BatchSpanProcessor, Sampler, SdkTracerProvider},
};

use super::config::OtlpConfig;
use crate::Source;

/// How long a store may take for a batch. It takes milliseconds, so this is not slow, this is away.
const ANSWER_WITHIN: Duration = Duration::from_secs(2);

/// How many spans wait at most.
const SPANS: usize = 2048;

/// By which fields of a resource VictoriaLogs makes streams, in a header of its own. By default it takes all of them, so each replica would
/// be a stream, and each restart another one.
const STREAMS: (&str, &str) = ("VL-Stream-Fields", "service.name");

/// Who sends: OpenTelemetry's names for a service and its replica.
pub fn resource(source: Source<'_>) -> Resource {
    let replica = KeyValue::new("service.instance.id", source.replica.to_owned());
    Resource::builder_empty()
        .with_service_name(source.service)
        .with_attribute(replica)
        .build()
}

/// Sends records.
///
/// # Errors
/// When the endpoint is none.
pub fn logs(endpoint: &Uri, resource: &Resource) -> anyhow::Result<LogExporter> {
    let (name, value) = STREAMS;
    let exporter = LogExporter::builder()
        .with_http()
        .with_endpoint(endpoint.to_string())
        .with_timeout(ANSWER_WITHIN)
        .with_headers(HashMap::from([(name.to_owned(), value.to_owned())]))
        .build();
    let mut exporter = exporter.with_context(|| format!("no records can be sent to {endpoint}"))?;
    exporter.set_resource(resource);
    Ok(exporter)
}

/// Gives each trace its id, and sends its share of them, if there is a store for them.
///
/// # Errors
/// When the endpoint is none.
pub fn traces(config: &OtlpConfig, resource: Resource) -> anyhow::Result<SdkTracerProvider> {
    // A trace that was chosen is sent whole: a service that goes on with it does as it is told by the one before.
    let sampler = Sampler::ParentBased(Box::new(Sampler::TraceIdRatioBased(config.trace_share)));
    let provider = SdkTracerProvider::builder()
        .with_resource(resource)
        .with_sampler(sampler);
    let Some(endpoint) = &config.traces_endpoint else {
        return Ok(provider.build());
    };
    let exporter = SpanExporter::builder()
        .with_http()
        .with_endpoint(endpoint.to_string())
        .with_timeout(ANSWER_WITHIN)
        .build();
    let exporter = exporter.with_context(|| format!("no spans can be sent to {endpoint}"))?;
    let batches = BatchConfigBuilder::default()
        .with_max_queue_size(SPANS)
        .with_scheduled_delay(Duration::from_secs(1))
        .build();
    let processor = BatchSpanProcessor::builder(exporter).with_batch_config(batches);
    Ok(provider.with_span_processor(processor.build()).build())
}
