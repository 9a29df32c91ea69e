//! A second service, which only says hello. All of the rest it has from the crate `service`: it registers in Consul, is
//! routed by Traefik, logs, refuses what is too much, and stops without a failed request.
//!
//! `cargo run --package service --example hello -- --help` shows what can be configured.

use std::{process::ExitCode, sync::Arc};

use axum::{Router, routing::get};
use clap::Args;
use service::{Application, Replica};

/// How it greets.
#[derive(Args, Clone, Debug)]
struct Config {
    /// The word before a name
    #[arg(
        long,
        env = "GREETING",
        global = true,
        default_value = "hello",
        value_name = "WORD"
    )]
    greeting: String,
}

struct Hello {
    greeting: String,
}

impl Hello {
    async fn start(config: &Config, _: &Arc<Replica>) -> anyhow::Result<Hello> {
        let greeting = config.greeting.clone();
        Ok(Hello { greeting })
    }
}

impl Application for Hello {
    fn router(self: Arc<Hello>) -> Router {
        let greeting = self.greeting.clone();
        let greet = async move |name: String| format!("{} {name}", self.greeting);
        Router::new().route("/", get(async || greeting).post(greet))
    }
}

fn main() -> ExitCode {
    service::run("hello", "Only says hello", Hello::start)
}
