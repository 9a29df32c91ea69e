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
    let mut stream = TcpStream::connect(stack.server(name)?.address()).await?;
    let password = stack.server(name)?.password()?;
    let request = format!("AUTH {password}\r\n{command}\r\nQUIT\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    // AUTH and QUIT are answered with OK, too.
    let answer = answer
        .strip_prefix("+OK\r\n")
        .with_context(|| answer.clone())?;
    if answer.starts_with('-') {
        bail!("{name} refuses {command}: {answer}");
    }
    Ok(answer.strip_suffix("+OK\r\n").unwrap_or(answer).to_owned())
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
