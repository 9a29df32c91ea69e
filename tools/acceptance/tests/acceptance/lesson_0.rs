//! Traefik and Consul run, and both user interfaces are routed.

mod interfaces;
mod limits;

use anyhow::ensure;
use stack::Stack;

#[tokio::test]
async fn both_user_interfaces_are_routed() -> anyhow::Result<()> {
    let stack = Stack::builder().start().await?;
    for (host, path) in [
        ("traefik.localhost", "/dashboard/"),
        ("consul.localhost", "/ui/"),
    ] {
        let response = stack.get(host, path).await?;
        ensure!(
            response.status() == 200,
            "{host}{path} answered {}",
            response.status()
        );
        let page = response.text().await?.to_lowercase();
        ensure!(
            page.contains("<html"),
            "{host}{path} is not a page: {page:.200}"
        );
    }
    Ok(())
}

#[tokio::test]
async fn an_unknown_host_is_a_404() -> anyhow::Result<()> {
    let stack = Stack::builder().start().await?;
    let response = stack.get("nobody.localhost", "/").await?;
    ensure!(response.status() == 404, "answered {}", response.status());
    Ok(())
}

#[tokio::test]
async fn nobody_can_write_to_consul_from_outside() -> anyhow::Result<()> {
    let stack = Stack::builder().start().await?;
    let url = format!("http://{}/v1/agent/service/register", stack.address());
    let body = serde_json::json!({ "Name": "intruder" });
    let request = stack
        .client()
        .put(url)
        .header("host", "consul.localhost")
        .json(&body);
    let response = request.send().await?;
    ensure!(response.status() == 404, "answered {}", response.status());
    ensure!(stack.registered("intruder").await?.is_empty());
    Ok(())
}
