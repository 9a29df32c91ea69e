//! A baseline for the benchmark: fan-out as the textbook has it.
//!
//! A broadcast channel, a task for each socket, and one send for each message and socket; every default left as it
//! is. This is axum's own chat example with Redis behind it. See the README of this crate.

use std::sync::Arc;

use anyhow::Context;
use axum::{
    Router,
    extract::{
        State,
        ws::{Message, WebSocket, WebSocketUpgrade},
    },
    response::Response,
    routing::get,
};
use bench::baseline::Options;
use clap::Parser;
use futures_util::{SinkExt, StreamExt};
use load::publisher::CHANNEL;
use tokio::sync::broadcast;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let options = Options::parse();
    // Enough that nobody falls behind by more than the benchmark lets anybody fall behind.
    let (messages, _) = broadcast::channel::<String>(1_024);
    let messages = Arc::new(messages);

    let client = redis::Client::open(options.pubsub_url).context("not the URL of a Redis")?;
    let mut pubsub = client.get_async_pubsub().await?;
    pubsub.subscribe(CHANNEL).await?;
    let publisher = Arc::clone(&messages);
    tokio::spawn(async move {
        let mut incoming = pubsub.on_message();
        while let Some(message) = incoming.next().await {
            if let Ok(message) = message.get_payload::<String>() {
                let frame =
                    format!(r#"{{"type":"messages","replica":"textbook","messages":[{message}]}}"#);
                // Nobody may be connected.
                let _ = publisher.send(frame);
            }
        }
    });

    let app = Router::new()
        .route("/ws", get(upgrade))
        .with_state(messages);
    let listener = tokio::net::TcpListener::bind(options.listen).await?;
    axum::serve(listener, app).await?;
    Ok(())
}

async fn upgrade(
    upgrade: WebSocketUpgrade,
    State(messages): State<Arc<broadcast::Sender<String>>>,
) -> Response {
    let incoming = messages.subscribe();
    upgrade.on_upgrade(|socket| serve(socket, incoming))
}

async fn serve(socket: WebSocket, mut messages: broadcast::Receiver<String>) {
    let (mut sender, mut receiver) = socket.split();
    let mut sending = tokio::spawn(async move {
        while let Ok(message) = messages.recv().await {
            if sender.send(Message::text(message)).await.is_err() {
                break;
            }
        }
    });
    let mut receiving =
        tokio::spawn(async move { while let Some(Ok(_)) = receiver.next().await {} });
    tokio::select! {
        _ = &mut sending => receiving.abort(),
        _ = &mut receiving => sending.abort(),
    }
}
