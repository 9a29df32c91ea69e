//! A look into a Redis of the stack, past the replicas.

use anyhow::{Context, bail};
use stack::Stack;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// The answer of the Redis called `name` to one command, as it comes over the wire.
///
/// Redis has a form of its protocol for people, which is all that is needed here.
///
/// # Errors
/// When it does not answer, or answers with an error.
pub async fn ask(stack: &Stack, name: &str, command: &str) -> anyhow::Result<String> {
    let answer = ask_bytes(stack, name, command).await?;
    let answer = String::from_utf8_lossy(&answer);
    if answer.starts_with('-') {
        bail!("{name} refuses {command}: {answer}");
    }
    Ok(answer.into_owned())
}

async fn ask_bytes(stack: &Stack, name: &str, command: &str) -> anyhow::Result<Vec<u8>> {
    let mut stream = TcpStream::connect(stack.server(name)?.address()).await?;
    let password = stack.server(name)?.password()?;
    let request = format!("AUTH {password}\r\n{command}\r\nQUIT\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await?;
    // AUTH and QUIT are answered with OK, too.
    let ok = b"+OK\r\n";
    let refused = || {
        format!(
            "{name} lets nobody in: {}",
            String::from_utf8_lossy(&answer)
        )
    };
    let answer = answer.strip_prefix(ok).with_context(refused)?;
    Ok(answer.strip_suffix(ok).unwrap_or(answer).to_owned())
}

/// Every key of the Redis called `name`, and what stands under it, as it comes over the wire.
///
/// # Errors
/// When it does not answer, or has something of a kind that is not known here.
pub async fn everything(stack: &Stack, name: &str) -> anyhow::Result<Vec<(String, Vec<u8>)>> {
    let keys = ask(stack, name, "KEYS *").await?;
    let mut everything = Vec::new();
    // After the number of keys there are two lines for each: its length, and the key.
    for key in keys.lines().skip(2).step_by(2) {
        let kind = ask(stack, name, &format!("TYPE {key}")).await?;
        let command = match kind.trim().trim_start_matches('+') {
            "string" => format!("GET {key}"),
            "set" => format!("SMEMBERS {key}"),
            "hash" => format!("HGETALL {key}"),
            "list" => format!("LRANGE {key} 0 -1"),
            "zset" => format!("ZRANGE {key} 0 -1"),
            "stream" => format!("XRANGE {key} - +"),
            // It has expired meanwhile.
            "none" => continue,
            other => bail!("{name} has a {other} under {key}"),
        };
        let content = ask_bytes(stack, name, &command).await?;
        everything.push((key.to_owned(), content));
    }
    Ok(everything)
}

/// A number that stands behind `field` in one section of what Redis says about itself; 0 if it is not there.
///
/// # Errors
/// When Redis does not answer.
pub async fn count(stack: &Stack, name: &str, section: &str, field: &str) -> anyhow::Result<u64> {
    let info = ask(stack, name, &format!("INFO {section}")).await?;
    let Some((_, value)) = info.split_once(field) else {
        return Ok(0);
    };
    let digits = value.split(|c: char| !c.is_ascii_digit()).next();
    digits
        .unwrap_or_default()
        .parse()
        .with_context(|| format!("{field} has no number: {info}"))
}
