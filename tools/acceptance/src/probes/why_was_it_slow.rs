//! Somebody who says that it was slow.

use std::time::Duration;

use anyhow::{Context, ensure};
use nix::sys::signal::Signal;
use serde_json::Value;
use stack::{Log, Stack};
use tokio::time::{Instant, sleep, timeout};

use crate::{
    answer::{expect, header},
    player::Player,
};

/// So many requests, and one of them has to wait. In a system of a whole town it would be one of a thousand.
const REQUESTS: usize = 300;

/// For so long that request has to wait: who asks the Redis for sessions meanwhile is not answered.
const FROZEN: Duration = Duration::from_millis(300);

/// How long it may take until everybody has written down what there was. This is for a machine that is busy.
const WRITTEN_WITHIN: Duration = Duration::from_secs(5);

/// Lesson 11's problem: does anything say where the time has gone, when one request of many took long?
///
/// The answer of that request has an id, and that is all that whoever complains can show. With it there must be a line of Traefik's, a line
/// of the web server's, and one which says how long the sessions' Redis took.
///
/// # Errors
/// When one of them is missing.
pub async fn why_was_it_slow() -> anyhow::Result<()> {
    let stack = Stack::builder().scale("webserver", 2).start().await?;
    let id = the_slowest(&stack).await?;
    let traefik = stack.server("traefik")?.log();
    let traefik = [traefik.context("Traefik does not run")?];
    let replicas = [stack.called("webserver-1")?, stack.called("webserver-2")?];
    let replicas = replicas.map(|replica| replica.log().clone());
    let (at_traefik, at_replica, at_redis) = tokio::join!(
        is_written(&traefik, |line| line.contains(&id)),
        is_written(&replicas, |line| line.contains(&id)),
        is_written(&replicas, |line| line.contains(&id)
            && blames(line, "sessions")),
    );
    let told = [
        (at_traefik, "Traefik"),
        (at_replica, "the web server"),
        (at_redis, "what the web server had to wait for"),
    ];
    let missing = told.into_iter().filter(|(is_told, _)| !is_told);
    let missing: Vec<&str> = missing.map(|(_, hop)| hop).collect();
    ensure!(
        missing.is_empty(),
        "one request was slow, and under its id no line tells of {}",
        missing.join(" and ")
    );
    Ok(())
}

/// Asks again and again, through Traefik. Gives the id of the request that took longest, which is the one in whose time Redis stood still.
async fn the_slowest(stack: &Stack) -> anyhow::Result<String> {
    let ada = Player::log_in(&stack.address(), "Ada").await?;
    let sessions = stack.server("sessions")?;
    let mut slowest = (Duration::ZERO, String::new());
    for number in 0..REQUESTS {
        let is_frozen = number == REQUESTS / 2;
        if is_frozen {
            sessions.signal(Signal::SIGSTOP)?;
        }
        let asked = Instant::now();
        let thaw = async {
            if is_frozen {
                sleep(FROZEN).await;
                sessions.signal(Signal::SIGCONT)?;
            }
            anyhow::Ok(())
        };
        // Who is logged in stands in the sessions' Redis, so each request asks it.
        let request = ada.get(&stack.address(), "/api/me");
        let (answer, ()) = tokio::try_join!(async { Ok(request.send().await?) }, thaw)?;
        let answer = expect(answer, 200).await?;
        slowest = slowest.max((asked.elapsed(), header(&answer, "x-request-id")?));
    }
    let (took, id) = slowest;
    ensure!(took >= FROZEN, "no request was slow");
    Ok(id)
}

/// Whether one of these logs has such a line, or will have one soon.
async fn is_written(logs: &[Log], is_it: impl Fn(&str) -> bool) -> bool {
    let looks = logs
        .iter()
        .map(|log| Box::pin(log.find(|line| is_it(line).then_some(()))));
    let found = futures_util::future::select_all(looks);
    timeout(WRITTEN_WITHIN, found).await.is_ok()
}

/// Whether a line says that this server was what took the time: it names it, and beside that some milliseconds that are most of what the request took.
fn blames(line: &str, server: &str) -> bool {
    let is_long = |ms: &Value| {
        let ms = ms.as_f64().unwrap_or_default();
        ms >= 0.8 * FROZEN.as_secs_f64() * 1000.0
    };
    let event: Value = serde_json::from_str(line).unwrap_or_default();
    let mut fields = event.as_object().into_iter().flatten();
    line.contains(server) && fields.any(|(name, ms)| name.ends_with("ms") && is_long(ms))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_who_names_a_server_and_its_time_blames_it() {
        let asked = r#"{"message":"a server has answered","server":"sessions","ms":301.5}"#;
        assert!(blames(asked, "sessions"));
        assert!(!blames(asked, "pubsub"));
        assert!(!blames(
            r#"{"message":"sessions are there","status":503,"ms":2}"#,
            "sessions"
        ));
        assert!(!blames("sessions took 300 ms", "sessions"));
    }
}
