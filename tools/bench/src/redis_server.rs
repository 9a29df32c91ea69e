//! One Redis for all servers of a benchmark. It keeps nothing.

use std::{
    process::Stdio,
    time::{Duration, Instant},
};

use anyhow::{Context, bail};
use stack::Port;
use tokio::{
    process::{Child, Command},
    time::sleep,
};

/// A Redis that ends with this value.
#[derive(Debug)]
pub struct RedisServer {
    port: Port,
    password: String,
    _process: Child,
}

impl RedisServer {
    /// Starts it on a free port and waits until it answers.
    pub async fn start() -> anyhow::Result<RedisServer> {
        let port = Port::reserve()?;
        let password = uuid::Uuid::now_v7().simple().to_string();
        let process = Command::new("redis-server")
            .args(["--bind", "127.0.0.1", "--port", &port.number().to_string()])
            .args(["--requirepass", &password, "--save", "", "--appendonly", "no"])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .context("redis-server cannot be started; install it: apt-get install redis-server, or brew install redis")?;
        let redis = RedisServer {
            port,
            password,
            _process: process,
        };
        let client = redis::Client::open(redis.url_with_password())?;
        let deadline = Instant::now() + Duration::from_secs(10);
        while let Err(error) = client.get_multiplexed_async_connection().await {
            if Instant::now() > deadline {
                bail!("redis-server does not answer: {error}");
            }
            sleep(Duration::from_millis(20)).await;
        }
        Ok(redis)
    }

    /// Its URL, with the password in it.
    pub fn url_with_password(&self) -> String {
        format!("redis://:{}@{}", self.password, self.port.address())
    }

    /// Its URL and its password, for those who want them apart.
    pub fn url_and_password(&self) -> (String, &str) {
        (format!("redis://{}", self.port.address()), &self.password)
    }
}
