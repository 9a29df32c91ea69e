//! How this crate connects to Redis.

use std::time::Duration;

use anyhow::Context;
use redis::{
    Client, IntoConnectionInfo, ProtocolVersion,
    aio::{ConnectionManager, ConnectionManagerConfig},
    io::tcp::TcpSettings,
};
use secrecy::{ExposeSecret, SecretString};

/// How long Redis may take to answer. It takes a millisecond, so this is not slow, this is gone.
pub(crate) const ANSWER_WITHIN: Duration = Duration::from_millis(700);

/// How long Redis' machine may acknowledge nothing before the connection is given up.
#[cfg(target_os = "linux")]
const VANISHED: Duration = Duration::from_secs(2);

/// The longest wait between two tries to connect.
const MAX_RETRY: Duration = Duration::from_millis(250);

/// A connection for commands to the Redis at `url`, which is made at the first command, and made again by itself whenever it is lost.
pub(crate) fn commands(
    url: &str,
    password: Option<&SecretString>,
) -> anyhow::Result<ConnectionManager> {
    let leads_nowhere = || format!("{url} leads to no Redis");
    let info = url.into_connection_info().with_context(leads_nowhere)?;
    // With the older protocol a connection that is lost is noticed by the next command, which fails of it. With this one
    // it is noticed, and made again, while nobody asks for anything.
    let mut settings = info
        .redis_settings()
        .clone()
        .set_protocol(ProtocolVersion::RESP3);
    if let Some(password) = password {
        settings = settings.set_password(password.expose_secret());
    }
    // What is asked is one small packet. Nagle's algorithm would hold it back.
    let tcp = TcpSettings::default().set_nodelay(true);
    // A machine that vanishes does not even refuse. The system would go on trying for a quarter of an hour, and a command
    // that got no answer does not end its connection.
    #[cfg(target_os = "linux")]
    let tcp = tcp.set_user_timeout(VANISHED);
    let info = info.set_redis_settings(settings).set_tcp_settings(tcp);
    let client = Client::open(info).with_context(leads_nowhere)?;
    let config = ConnectionManagerConfig::new()
        // The default is six, and after an outage of some seconds it would be over for good.
        .set_number_of_retries(usize::MAX)
        .set_max_delay(MAX_RETRY)
        .set_connection_timeout(Some(ANSWER_WITHIN))
        .set_response_timeout(Some(ANSWER_WITHIN));
    ConnectionManager::new_lazy_with_config(client, config)
        .context("cannot set up a connection to Redis")
}
