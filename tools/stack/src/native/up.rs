//! The native front door: starts everything, shows its logs, and ends everything on Ctrl-C.

use std::{
    io::{IsTerminal, Write},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use anyhow::Context;
use parking_lot::Mutex;
use serde_json::Value;
use tokio::signal::unix::{Signal, SignalKind, signal};

use super::{
    kinds,
    log::Sink,
    roll_request::roll_when_asked,
    stack::{Stack, Watch},
};

/// What can be chosen.
///
/// Without clap's group of the same name, so that these options fit into any other command's.
#[derive(Clone, Debug, Default, clap::Args)]
#[group(skip)]
pub struct Options {
    /// Number of replicas of a service, such as webserver=3
    #[arg(long, value_name = "SERVICE=REPLICAS", value_parser = scale)]
    pub scale: Vec<(String, usize)>,

    /// Port of 127.0.0.1 for Traefik [default: any free port]
    #[arg(long, value_name = "PORT")]
    pub port: Option<u16>,
}

/// Runs the system until Ctrl-C.
///
/// # Errors
/// When something cannot be started, or does not end.
pub async fn run(options: &Options) -> anyhow::Result<()> {
    let mut stop = Stop::listen()?;
    let mut builder = Stack::builder().watch(console());
    for (service, replicas) in &options.scale {
        builder = builder.scale(service, *replicas);
    }
    if let Some(port) = options.port {
        builder = builder.web_port(port);
    }
    println!(
        "Building the services (the first time takes minutes), then starting everything on 127.0.0.1."
    );
    println!("Ctrl-C ends it.");
    let stack = tokio::select! {
        started = builder.start() => started?,
        // Dropping the half-started stack ends what it had started.
        () = stop.wait() => return Ok(()),
    };
    announce(&stack);
    // stop.wait().await; // lessons 0 to 6 only
    let stack = roll_when_asked(stack, stop.wait()).await?; // lesson 7
    println!("\nStopping everything. Ctrl-C again ends it at once.");
    tokio::select! {
        stopped = stack.stop() => stopped?,
        () = stop.wait() => {}
    }
    println!("Everything has stopped.");
    Ok(())
}

/// Says where everything is, and how to reach it from a terminal that does not know `*.localhost`.
fn announce(stack: &Stack) {
    let address = stack.address();
    let port = address.rsplit(':').next().unwrap_or_default();
    println!("\nEverything is ready:");
    let mut hosts = vec!["traefik", "consul"];
    for service in stack.topology().built_services() {
        if stack
            .topology()
            .built_service(service)
            .is_ok_and(|service| service.is_published())
        {
            println!(
                "  http://{}/  ({service}, on a port of its own)",
                stack.published_address()
            );
        } else {
            hosts.insert(0, service);
        }
    }
    for host in &hosts {
        println!("  http://{host}.localhost:{port}/");
    }
    let elsewhere: Vec<&str> = kinds::docker_only(stack.topology()).collect();
    if !elsewhere.is_empty() {
        println!("  ({} with Docker only)", elsewhere.join(" and "));
    }
    println!(
        "  If a name is not found: curl -H 'Host: {}.localhost' http://{address}/\n",
        hosts[0]
    );
}

/// Parses `webserver=3`. Up to 20: more processes than that tell a learner nothing new.
fn scale(text: &str) -> Result<(String, usize), String> {
    text.split_once('=')
        .and_then(|(service, count)| Some((service.to_owned(), count.parse().ok()?)))
        .filter(|(service, count)| !service.is_empty() && (0..=20).contains(count))
        .ok_or_else(|| {
            "a service and a number from 0 to 20 are accepted, such as webserver=3".to_owned()
        })
}

/// The signals that end the native engine. SIGHUP is what a terminal sends when its window is closed.
struct Stop([Signal; 3]);

impl Stop {
    fn listen() -> anyhow::Result<Stop> {
        let listen = |kind| signal(kind).context("cannot listen for signals");
        Ok(Stop([
            listen(SignalKind::interrupt())?,
            listen(SignalKind::terminate())?,
            listen(SignalKind::hangup())?,
        ]))
    }

    async fn wait(&mut self) {
        let [interrupt, terminate, hangup] = &mut self.0;
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
            _ = hangup.recv() => {}
        }
    }
}

/// Prints each line with the name of its process before it, each name in a colour of its own.
fn console() -> Watch {
    const COLOURS: [u8; 8] = [36, 33, 35, 32, 34, 96, 93, 95];
    let next = AtomicUsize::new(0);
    let colours = std::io::stdout().is_terminal();
    // One lock for all, so that lines of different processes do not run into each other.
    let output = Arc::new(Mutex::new(std::io::stdout()));
    Arc::new(move |name: &str| -> Sink {
        let colour = COLOURS[next.fetch_add(1, Ordering::Relaxed) % COLOURS.len()];
        let prefix = if colours {
            format!("\x1b[{colour}m{name:<12}\x1b[0m│")
        } else {
            format!("{name:<12}|")
        };
        let output = Arc::clone(&output);
        Sink::new(move |line| {
            let mut output = output.lock();
            // Nobody may be reading any more; then there is nobody to tell.
            let _ = writeln!(output, "{prefix} {}", readable(line));
        })
    })
}

/// Turns a JSON log line of a replica into one for people. Other lines are left as they are.
fn readable(line: &str) -> String {
    let Ok(Value::Object(mut event)) = serde_json::from_str(line) else {
        return line.to_owned();
    };
    let Some(Value::String(message)) = event.remove("message") else {
        return line.to_owned();
    };
    let level = event.remove("level");
    let level = level.as_ref().and_then(Value::as_str).unwrap_or("INFO");
    for known in ["timestamp", "target", "replica"] {
        event.remove(known);
    }
    let mut text = format!("{level:>5} {message}");
    for (name, value) in event {
        match value {
            Value::String(value) => text.push_str(&format!(" {name}={value}")),
            Value::Object(inner) => {
                for (key, value) in inner.iter().filter(|(key, _)| *key != "name") {
                    text.push_str(&format!(
                        " {name}.{key}={}",
                        value.as_str().unwrap_or_default()
                    ));
                }
            }
            value => text.push_str(&format!(" {name}={value}")),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scale_is_a_name_and_a_small_number() {
        assert_eq!(scale("webserver=3"), Ok(("webserver".to_owned(), 3)));
        for bad in [
            "webserver",
            "=3",
            "webserver=",
            "webserver=-1",
            "webserver=21",
        ] {
            assert!(scale(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn json_lines_become_sentences_and_others_stay() {
        let line = r#"{"timestamp":"t","level":"INFO","message":"answered","status":200,"span":{"id":"7","name":"request"}}"#;
        assert_eq!(readable(line), " INFO answered span.id=7 status=200");
        assert_eq!(readable("plain"), "plain");
    }
}
