//! The problem that this lesson leaves: there is nothing to serve yet.

use anyhow::ensure;
use stack::Stack;

#[tokio::test]
async fn there_is_nothing_to_serve_yet() -> anyhow::Result<()> {
    let stack = Stack::builder().start().await?;
    let services: Vec<&str> = stack.topology().built_services().collect();
    ensure!(services.is_empty(), "there are services: {services:?}");
    let response = stack.get("webserver.localhost", "/").await?;
    ensure!(response.status() == 404, "answered {}", response.status());
    Ok(())
}
