//! The command `healthcheck`: a container's health check, so that the image needs no curl.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    process::ExitCode,
    time::Duration,
};

use anyhow::{Context, bail};
use axum::body::Body;
use http_body_util::BodyExt;
use hyper_util::{client::legacy::Client, rt::TokioExecutor};

const TIMEOUT: Duration = Duration::from_secs(2);

/// Asks the replica that listens on `listen` whether it is ready, and prints its answer.
///
/// # Errors
/// When nobody answers within two seconds, or the answer is no.
pub async fn run(listen: SocketAddr) -> anyhow::Result<ExitCode> {
    let url = format!("http://{}/health/ready", reachable(listen));
    let client = Client::builder(TokioExecutor::new()).build_http::<Body>();
    let ask = async {
        let response = client.get(url.parse()?).await?;
        let status = response.status();
        let body = response.into_body().collect().await?.to_bytes();
        anyhow::Ok((status, String::from_utf8_lossy(&body).into_owned()))
    };
    let (status, body) = tokio::time::timeout(TIMEOUT, ask)
        .await
        .with_context(|| format!("{url} did not answer within {TIMEOUT:?}"))?
        .with_context(|| format!("{url} cannot be reached; is the server running?"))?;
    if !status.is_success() {
        bail!("{url} answered {status}: {body}");
    }
    println!("{body}");
    Ok(ExitCode::SUCCESS)
}

/// A server that listens on every address is asked on loopback; "every address" is nowhere to connect to.
fn reachable(listen: SocketAddr) -> SocketAddr {
    let ip: IpAddr = match listen.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, listen.port())
}
