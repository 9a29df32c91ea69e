//! Whether game servers are written down in the directory again.

use std::{collections::BTreeMap, time::Duration};

use stack::{System, until};

use crate::ask::ask;

/// How long it may take. A server says twice a second how it stands.
const HEARD_WITHIN: Duration = Duration::from_secs(30);

/// When the lease of each server ends, which is later with each report.
const LEASES: &str = "local all = {}
for _, id in ipairs(redis.call('SMEMBERS', 'servers')) do
    all[#all + 1] = id .. ' ' .. (redis.call('HGET', 'server:' .. id, 'lease') or 0)
end
return table.concat(all, '\\n')";

/// Waits until the Redis called `name` has heard of so many game servers since now.
///
/// Until then nobody knows how far their matches have got. Whatever breaks a server meanwhile is a second fault beside the first, and costs
/// what was played in both.
///
/// # Errors
/// When it has not within half a minute.
pub async fn all_are_heard(system: &System, name: &str, servers: usize) -> anyhow::Result<()> {
    let leases = async || leases(system, name).await;
    let before = until("the directory", HEARD_WITHIN, leases).await?;
    until("all reports", HEARD_WITHIN, async || {
        let now = leases().await?;
        let heard = now.iter().filter(|(id, end)| before.get(*id) < Some(end));
        let heard = heard.count();
        (heard >= servers)
            .then_some(())
            .ok_or_else(|| format!("of {servers} game servers the directory has heard of {heard}"))
    })
    .await
}

async fn leases(system: &System, name: &str) -> Result<BTreeMap<String, u64>, String> {
    let told = ask(system, name, &["EVAL", LEASES, "0"]).await;
    let told = told.map_err(|error| format!("{error:#}"))?;
    let lines = told.lines().filter_map(|line| line.trim().split_once(' '));
    let read = |(id, end): (&str, &str)| Some((id.to_owned(), end.parse().ok()?));
    Ok(lines.filter_map(read).collect())
}
