//! Nothing that stands in a Redis or in a log makes anybody a player.

use acceptance::{
    answer::{expect, refused},
    player::{Player, cookie_of},
    redis,
};
use anyhow::{Context, ensure};
use stack::Stack;

use super::{SESSIONS, addresses, comes_back};

#[tokio::test]
async fn no_log_holds_a_session_id_or_a_password() -> anyhow::Result<()> {
    let builder = Stack::builder().environment("LOG", "trace");
    let stack = builder.scale("webserver", 2).start().await?;
    let mut secrets = vec![stack.server(SESSIONS)?.password()?.to_owned()];
    let replicas = addresses(&stack);
    for address in &replicas {
        let ada = Player::log_in(address, "Ada").await?;
        let answer = expect(ada.try_log_in(address, "Ada").await?, 200).await?;
        for cookie in [ada.cookie(), &cookie_of(&answer)?] {
            let (_, id) = cookie.split_once('=').context("no cookie")?;
            secrets.push(id.to_owned());
        }
        for address in &replicas {
            ada.known_as(address).await?;
        }
    }
    // The loss and the return are logged as well.
    let ada = Player::log_in(&replicas[0], "Ada").await?;
    stack.server(SESSIONS)?.stop().await?;
    for address in &replicas {
        refused(ada.get(address, "/api/me").send().await?, 503).await?;
    }
    stack.server(SESSIONS)?.start().await?;
    for replica in stack.replicas() {
        comes_back(&ada, replica.address()).await?;
        let log = replica.log().lines().join("\n");
        ensure!(log.contains("/api/me"), "the log is another: {log}");
        for secret in &secrets {
            ensure!(
                !log.contains(secret),
                "{secret} stands in the log of {}",
                replica.id()
            );
        }
    }
    Ok(())
}

/// Whoever reads a Redis, or its viewer, sees its keys and its values. None of them may work as a cookie.
#[tokio::test]
async fn nothing_in_any_redis_is_a_cookie() -> anyhow::Result<()> {
    let stack = Stack::builder().scale("webserver", 2).start().await?;
    let replicas = addresses(&stack);
    let ada = Player::log_in(&replicas[0], "Ada").await?;
    ensure!(ada.known_as(&replicas[1]).await?.as_deref() == Some("Ada"));
    ada.say(&replicas[0], "hello").await?;
    let (name, id) = ada.cookie().split_once('=').context("no cookie")?;
    let mut forms = vec![id.as_bytes().to_vec(), bytes(id)?];
    forms.push(forms[1].iter().rev().copied().collect());
    let mut keys = 0;
    for (server, _) in stack.topology().services_of("redis") {
        let everything = redis::everything(&stack, server).await?;
        for (key, content) in &everything {
            keys += 1;
            ensure!(!key.contains(id), "{server} has the id in the key {key}");
            for form in &forms {
                let holds = content.windows(form.len()).any(|part| part == form);
                ensure!(!holds, "{server} has the id under {key}");
            }
            let thief = Player::nobody(&format!("{name}={key}"))?;
            for address in &replicas {
                let taken_for = thief.known_as(address).await?;
                ensure!(taken_for.is_none(), "{key} is taken for {taken_for:?}");
            }
        }
    }
    ensure!(keys > 0, "there is no session in any Redis");
    Ok(())
}

/// The 16 bytes that an id in a cookie stands for, which is base64 for URLs.
fn bytes(id: &str) -> anyhow::Result<Vec<u8>> {
    const DIGITS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut number = 0_u128;
    for (place, digit) in id.chars().enumerate() {
        let digit = DIGITS.find(digit).context("no base64")? as u128;
        // The last of the 22 digits has two bits only, and four that stand for nothing.
        number = match place {
            21 => number << 2 | digit >> 4,
            _ => number << 6 | digit,
        };
    }
    Ok(number.to_be_bytes().to_vec())
}
