//! Commands to a Redis of the stack whose parts may be any bytes.

use anyhow::{Context, ensure};
use stack::Stack;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// The answer of the Redis called `name` to one command, as it comes over the wire. One that is an error is given, too.
///
/// # Errors
/// When it does not answer, or lets nobody in.
pub async fn send(stack: &Stack, name: &str, parts: &[&[u8]]) -> anyhow::Result<Vec<u8>> {
    let server = stack.server(name)?;
    let password = server.password()?;
    let mut request = format!("AUTH {password}\r\n*{}\r\n", parts.len()).into_bytes();
    for part in parts {
        request.extend(format!("${}\r\n", part.len()).bytes());
        request.extend(*part);
        request.extend(b"\r\n");
    }
    request.extend(b"QUIT\r\n");
    let mut stream = TcpStream::connect(server.address()).await?;
    stream.write_all(&request).await?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await?;
    // AUTH and QUIT are answered with OK, too.
    let ok = b"+OK\r\n";
    ensure!(answer.starts_with(ok), "{name} lets nobody in");
    let answer = answer.strip_suffix(ok).context("it did not say goodbye")?;
    Ok(answer.get(ok.len()..).unwrap_or_default().to_vec())
}
