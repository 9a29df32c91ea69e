//! The trace that a piece of work belongs to, and how it goes along to another service.
//!
//! A trace begins where a request reaches our first service. It is ours alone: what a caller sends by that name is never
//! read. From there it goes along in what services tell each other, a ticket or a message, in the form of W3C's header
//! `traceparent`.

use std::collections::HashMap;

use opentelemetry::{
    Context,
    propagation::TextMapPropagator,
    trace::{SpanContext, TraceContextExt},
};
use opentelemetry_sdk::propagation::TraceContextPropagator;
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt;

/// What W3C calls it: <https://www.w3.org/TR/trace-context/>.
const TRACEPARENT: &str = "traceparent";

/// Where the work stands that is going on now, for a service that goes on with it. None where logging was not started.
#[must_use]
pub fn traceparent() -> Option<String> {
    let mut carrier = HashMap::new();
    TraceContextPropagator::new().inject_context(&Span::current().context(), &mut carrier);
    carrier.remove(TRACEPARENT)
}

/// Writes the trace of this span into its field `trace_id`, so that each record within the span has it.
pub fn name(span: &Span) {
    let context = span.context();
    let id = context.span().span_context().trace_id();
    span.record("trace_id", id.to_string());
}

/// Makes a span that has just begun, and was not entered yet, go on with what another service has begun, and names its trace.
/// What is no `traceparent` begins a trace of its own.
pub fn go_on(span: &Span, traceparent: Option<&str>) {
    if let Some(context) = traceparent.and_then(read) {
        let _ = span.set_parent(context);
    }
    name(span);
}

/// Links a span that does the work of several traces to one of them.
pub fn link(span: &Span, traceparent: &str) {
    if let Some(context) = read(traceparent) {
        span.add_link(context.span().span_context().clone());
    }
}

/// The id of the trace in a `traceparent`, if it is one.
#[must_use]
pub fn id_in(traceparent: &str) -> Option<String> {
    let context = read(traceparent)?;
    Some(context.span().span_context().trace_id().to_string())
}

fn read(traceparent: &str) -> Option<Context> {
    let carrier = HashMap::from([(TRACEPARENT.to_owned(), traceparent.to_owned())]);
    // Under a context that is empty, and not that of the work that is going on.
    let context = TraceContextPropagator::new().extract_with_context(&Context::new(), &carrier);
    let is_one = context.span().span_context() != &SpanContext::NONE;
    is_one.then_some(context)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_w3c_wrote_is_read() {
        let good = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        assert_eq!(
            id_in(good).as_deref(),
            Some("4bf92f3577b34da6a3ce929d0e0e4736")
        );
        let zero = "00-00000000000000000000000000000000-00f067aa0ba902b7-01";
        for bad in [
            "",
            "00",
            zero,
            "00-4bf92f3577b34da6-00f067aa0ba902b7-01",
            "x",
        ] {
            assert_eq!(id_in(bad), None, "{bad}");
        }
    }

    #[test]
    fn nothing_goes_along_where_nothing_has_begun() {
        assert_eq!(traceparent(), None);
    }
}
