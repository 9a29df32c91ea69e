//! Replicas die without a word and come back, and their addresses go to others meanwhile, as Docker gives the address of a
//! dead container to the next one.

use std::time::Duration;

use anyhow::{Context, ensure};
use serde_json::Value;
use stack::{Stack, until};

/// Much longer than Consul takes from one check to the next.
const WITHIN: Duration = Duration::from_secs(60);

/// What the last check of the replica called `id` said, and whether it passed.
async fn last_check(stack: &Stack, id: &str) -> anyhow::Result<(String, String)> {
    let consul = stack.server("consul")?.address();
    let url = format!("http://{consul}/v1/health/checks/webserver");
    let checks: Value = stack.client().get(url).send().await?.json().await?;
    let mut checks = checks.as_array().into_iter().flatten();
    let check = checks.find(|check| check["ServiceID"] == id);
    let check = check.with_context(|| format!("{id} is not in the catalogue"))?;
    let text = |key: &str| check[key].as_str().unwrap_or_default().to_owned();
    Ok((text("Status"), text("Output")))
}

/// What wakes Traefik: the names of all services, with their tags.
async fn names_and_tags(stack: &Stack) -> anyhow::Result<Value> {
    let consul = stack.server("consul")?.address();
    let url = format!("http://{consul}/v1/catalog/services");
    Ok(stack.client().get(url).send().await?.json().await?)
}

async fn kill_all(stack: &mut Stack) -> anyhow::Result<Vec<String>> {
    let mut addresses = Vec::new();
    while stack.replicas().next().is_some() {
        let mut killed = stack.take_replica(0)?;
        addresses.push(killed.address().to_owned());
        killed.kill().await?;
    }
    Ok(addresses)
}

/// The dead one was routed otherwise. If it passed again, the two would disagree, and the route would be gone.
#[tokio::test]
async fn who_has_the_address_of_a_dead_replica_does_not_revive_it() -> anyhow::Result<()> {
    let mut stack = Stack::builder().scale("webserver", 0).start().await?;
    let old = [("PUBLIC_HOST", "old.localhost")];
    stack.start_as("webserver", "webserver-old", &old).await?;
    let client = stack.client().clone();
    stack.replica(0)?.ready(&client).await?;
    let addresses = kill_all(&mut stack).await?;

    let new = [("LISTEN", addresses[0].as_str())];
    stack.start_as("webserver", "webserver-new", &new).await?;
    // Consul asks at the old address, and the new replica says that it is another one.
    until("a check of the dead", WITHIN, async || {
        let check = last_check(&stack, "webserver-old").await;
        let (status, output) = check.map_err(|error| format!("{error:#}"))?;
        if status == "critical" && output.contains("webserver-new") {
            Ok(())
        } else {
            Err(format!("{status}: {output}"))
        }
    })
    .await?;
    stack.settle().await?;
    for _ in 0..20 {
        let who = stack.who_answers("webserver").await?;
        ensure!(who == "webserver-new", "{who} answered");
    }
    Ok(())
}

/// Consul keeps the state of a check when its service registers again. So the check of a replica that is quick to come
/// back may never have failed, and if nothing but its address were new, Traefik would not hear of it.
#[tokio::test]
async fn a_replica_that_comes_back_elsewhere_under_its_name_gets_requests() -> anyhow::Result<()> {
    let mut stack = Stack::builder().scale("webserver", 2).start().await?;
    for _ in 0..3 {
        let mut killed = stack.take_replica(0)?;
        killed.kill().await?;
        let id = killed.id().to_owned();
        let before = names_and_tags(&stack).await?;
        stack.start_as("webserver", &id, &[]).await?;
        stack.settle().await?;
        let after = names_and_tags(&stack).await?;
        ensure!(before != after, "nothing wakes Traefik: {after}");
        // Its old entry was replaced, and not joined by another.
        let registered = stack.registered("webserver").await?;
        ensure!(
            registered == ["webserver-1", "webserver-2"],
            "{registered:?}"
        );
    }
    Ok(())
}

/// A reboot, or a restart of the engine.
#[tokio::test]
async fn all_come_back_at_once_with_each_others_addresses() -> anyhow::Result<()> {
    let mut stack = Stack::builder().scale("webserver", 3).start().await?;
    for _ in 0..3 {
        let ids: Vec<String> = stack.replicas().map(|it| it.id().to_owned()).collect();
        let addresses = kill_all(&mut stack).await?;
        // Each starts where the next one was.
        for (index, id) in ids.iter().enumerate() {
            let address = addresses[(index + 1) % addresses.len()].as_str();
            let listen = [("LISTEN", address)];
            stack.start_as("webserver", id, &listen).await?;
        }
        stack.settle().await?;
    }
    Ok(())
}
