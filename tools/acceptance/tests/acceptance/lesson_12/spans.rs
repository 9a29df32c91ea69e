//! Which traces are sent, and how they hang together. The test is the store.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use acceptance::{
    answer::{expect, header},
    player::Player,
};
use anyhow::ensure;
use axum::{Router, body::Bytes, extract::State, routing::post};
use opentelemetry_proto::tonic::{
    collector::trace::v1::{ExportTraceServiceRequest, ExportTraceServiceResponse},
    trace::v1::Span,
};
use parking_lot::Mutex;
use prost::Message;
use stack::{Stack, until};
use tokio::net::TcpListener;

use super::services::answered;

/// So many requests that the share of those that are sent says something.
const REQUESTS: usize = 1000;

/// A trace that a caller has made up.
const FOREIGN: &str = "0af7651916cd43dd8448eb211c80319c";

type Spans = Arc<Mutex<Vec<Span>>>;

/// Takes spans, and gives where, and those that came.
async fn store() -> anyhow::Result<(String, Spans)> {
    let spans = Spans::default();
    let router = Router::new().route("/v1/traces", post(take));
    let router = router.with_state(Arc::clone(&spans));
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}/v1/traces", listener.local_addr()?);
    tokio::spawn(async move { axum::serve(listener, router).await });
    Ok((url, spans))
}

async fn take(State(spans): State<Spans>, body: Bytes) -> Vec<u8> {
    let sent = ExportTraceServiceRequest::decode(body).unwrap_or_default();
    let scopes = sent
        .resource_spans
        .into_iter()
        .flat_map(|resource| resource.scope_spans);
    spans.lock().extend(scopes.flat_map(|scope| scope.spans));
    ExportTraceServiceResponse::default().encode_to_vec()
}

/// G21: a caller's `traceparent` decides what is traced.
#[tokio::test]
async fn a_caller_decides_nothing_of_what_is_traced() -> anyhow::Result<()> {
    let (url, spans) = store().await?;
    let stack = Stack::builder().environment("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", &url);
    let stack = stack.start().await?;
    // Past Traefik, which strips it, so this is what the service does of it.
    let address = stack.called("webserver-1")?.address().to_owned();
    let ada = Player::nobody("")?;
    let mut errors = Vec::new();
    for number in 0..REQUESTS {
        let sampled = if number % 2 == 0 { "01" } else { "00" };
        let path = if number % 100 == 1 {
            "/api/nothing"
        } else {
            "/api/whoami"
        };
        let request = ada.get(&address, path);
        let request = request.header(
            "traceparent",
            format!("00-{FOREIGN}-b7ad6b7169203331-{sampled}"),
        );
        let answer = request.send().await?;
        if number % 100 == 1 {
            errors.push(header(&answer, "x-request-id")?);
        }
    }
    stack
        .called("webserver-1")?
        .signal(nix::sys::signal::Signal::SIGTERM)?;
    let all = until(
        "the end of the replica",
        Duration::from_secs(30),
        async || {
            let log = stack.logs();
            log.contains("this replica has stopped")
                .then_some(())
                .ok_or(log)
        },
    );
    all.await?;
    // At its end it has sent what it had. One of twenty is 50 of these; three times as many come by chance never.
    let traces: BTreeSet<Vec<u8>> = spans
        .lock()
        .iter()
        .map(|span| span.trace_id.clone())
        .collect();
    ensure!((1..150).contains(&traces.len()), "{}", traces.len());
    let foreign: Vec<u8> = (0..16)
        .map(|at| u8::from_str_radix(&FOREIGN[2 * at..2 * at + 2], 16))
        .collect::<Result<_, _>>()?;
    ensure!(!traces.contains(&foreign), "a caller's trace was sent");
    // The one that was not to be traced is found all the same: records do not depend on it.
    for id in errors {
        let record = answered(&stack, &id).await?;
        ensure!(record["trace_id"] != FOREIGN, "{record}");
    }
    Ok(())
}

/// With all of them sent: the request is the root, and whoever hears the message is linked to it.
#[tokio::test]
async fn a_message_s_spans_hang_together() -> anyhow::Result<()> {
    let (url, spans) = store().await?;
    let stack = Stack::builder()
        .scale("webserver", 2)
        .environment("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", &url)
        .environment("TRACE_SHARE", "1");
    let stack = stack.start().await?;
    let ada = Player::log_in(&stack.address(), "Ada").await?;
    let said = ada.try_say(&stack.address(), "hello").await?;
    expect(said, 201).await?;
    let linked = until(
        "spans of both replicas",
        Duration::from_secs(20),
        async || {
            let spans = spans.lock();
            let heard: Vec<Span> = spans
                .iter()
                .filter(|span| span.name == "hear" && !span.links.is_empty())
                .cloned()
                .collect();
            if heard.len() == 2 {
                Ok(heard)
            } else {
                Err(format!("{spans:?}"))
            }
        },
    );
    let linked = linked.await?;
    let of: BTreeSet<&[u8]> = linked
        .iter()
        .map(|span| &span.links[0].trace_id[..])
        .collect();
    ensure!(of.len() == 1, "{linked:?}");
    let spans = spans.lock();
    let root = spans
        .iter()
        .find(|span| span.name == "request" && of.contains(&span.trace_id[..]));
    let root = root.is_some_and(|root| root.parent_span_id.is_empty());
    ensure!(root, "{spans:?}");
    Ok(())
}
