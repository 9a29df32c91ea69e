//! How this crate connects to Redis.

use std::time::Duration;

use anyhow::Context;
use backon::{BackoffBuilder, ExponentialBackoff, ExponentialBuilder};
use redis::{
    AsyncCommands, Client, IntoConnectionInfo, ProtocolVersion,
    aio::{ConnectionManager, ConnectionManagerConfig},
    io::tcp::TcpSettings,
};
use secrecy::{ExposeSecret, SecretString};
use tokio::time::timeout;

/// How long Redis may take to answer. It takes a fraction of a millisecond, so this is not slow, this is gone.
pub(crate) const ANSWER_WITHIN: Duration = Duration::from_millis(700);

/// How long Redis' machine may acknowledge nothing before the connection is given up.
#[cfg(target_os = "linux")]
const VANISHED: Duration = Duration::from_secs(2);

/// The shortest wait after a loss. The longest first wait is twice that.
const FIRST_RETRY: Duration = Duration::from_millis(15);

/// The longest wait between two tries to connect.
pub(crate) const MAX_RETRY: Duration = Duration::from_millis(250);

/// The waits between tries to subscribe. Each is up to twice the one before, and none is longer than [`MAX_RETRY`].
///
/// There is chance in them, so that not all replicas come back in the same moment: the builder adds up to as much again to
/// each wait, and so the longest that it is given is half of the longest there may be.
pub(crate) fn retries() -> ExponentialBackoff {
    ExponentialBuilder::new()
        .with_min_delay(FIRST_RETRY)
        .with_max_delay(MAX_RETRY / 2)
        .without_max_times()
        .with_jitter()
        .build()
}

/// A client for the Redis at `url`, which connects to nothing yet.
pub(crate) fn open(url: &str, password: Option<&SecretString>) -> anyhow::Result<Client> {
    let info = url
        .into_connection_info()
        .with_context(|| format!("{url} leads to no Redis"))?;
    // With the older protocol a connection that is lost is noticed by the next command, which fails of it. With this one
    // it is noticed, and made again, while nobody asks for anything.
    let mut settings = info
        .redis_settings()
        .clone()
        .set_protocol(ProtocolVersion::RESP3);
    if let Some(password) = password {
        settings = settings.set_password(password.expose_secret());
    }
    // A published message is one small packet. Nagle's algorithm would hold it back.
    let tcp = TcpSettings::default().set_nodelay(true);
    // A machine that vanishes does not even refuse. The system would go on trying for a quarter of an hour, and a command
    // that got no answer does not end its connection.
    #[cfg(target_os = "linux")]
    let tcp = tcp.set_user_timeout(VANISHED);
    let info = info.set_redis_settings(settings).set_tcp_settings(tcp);
    Client::open(info).with_context(|| format!("{url} leads to no Redis"))
}

/// A connection for commands, which is made at the first command, and made again by itself whenever it is lost.
pub(crate) fn commands(client: &Client) -> anyhow::Result<ConnectionManager> {
    let config = ConnectionManagerConfig::new()
        // The default is six, and after an outage of some seconds it would be over for good.
        .set_number_of_retries(usize::MAX)
        .set_max_delay(MAX_RETRY)
        .set_connection_timeout(Some(ANSWER_WITHIN))
        .set_response_timeout(Some(ANSWER_WITHIN));
    ConnectionManager::new_lazy_with_config(client.clone(), config)
        .context("cannot set up a connection to Redis")
}

/// Makes sure that commands are answered. One that finds its connection lost has it made again, and fails itself: so it
/// is this one that fails, and not the first thing that somebody says.
///
/// # Errors
/// When there is no answer in time.
pub(crate) async fn answers(commands: &ConnectionManager) -> anyhow::Result<()> {
    let mut commands = commands.clone();
    let answered = timeout(ANSWER_WITHIN, commands.ping::<()>()).await;
    answered.context("Redis did not answer in time")??;
    Ok(())
}
