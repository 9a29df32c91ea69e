//! What is inside talks inside, whatever proxies the environment names.

use anyhow::ensure;
use stack::Stack;

/// Nobody listens there.
const DEAD: &str = "http://127.0.0.1:9";

#[tokio::test]
async fn no_proxy_stands_between_a_replica_and_consul() -> anyhow::Result<()> {
    let mut builder = Stack::builder();
    for name in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"] {
        builder = builder.environment(name, DEAD);
        builder = builder.environment(&name.to_lowercase(), DEAD);
    }
    // What the compose file says of them is another thing that helps.
    for name in ["NO_PROXY", "no_proxy"] {
        builder = builder.environment(name, "");
    }
    // It waits until Traefik sends requests to the replica, which it does only if the replica is registered.
    let stack = builder.start().await?;
    ensure!(stack.registered("webserver").await? == ["webserver-1"]);
    Ok(())
}
