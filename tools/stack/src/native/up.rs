//! The native front door: starts everything, shows its logs, and ends everything on Ctrl-C.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use serde_json::Value;

use super::{
    kinds,
    leftovers::Run,
    log::Sink,
    roll_request::{roll_when_asked, with_autoscaler},
    stack::{Stack, Watch},
};
use crate::{console::Console, stop::Stop, topology::workspace_root, web_port::web_port};

/// What can be chosen.
///
/// Without clap's group of the same name, so that these options fit into any other command's.
#[derive(Clone, Debug, Default, clap::Args)]
#[group(skip)]
pub struct Options {
    /// Number of replicas of a service, such as webserver=3
    #[arg(long, value_name = "SERVICE=REPLICAS", value_parser = scale)]
    pub scale: Vec<(String, usize)>,

    /// Port of 127.0.0.1 for Traefik [default: HTTP_PORT of the environment or of .env; without it any free one, with Docker 80]
    #[arg(long, value_name = "PORT")]
    pub port: Option<u16>,

    // lesson 11
    /// How many game servers there are.
    #[command(flatten)]
    pub autoscale: crate::autoscale::Options,
}

/// Runs the system until `stop` says so: Ctrl-C, in whichever phase, or a reader of its output that goes away.
///
/// # Errors
/// When something cannot be started, or does not end.
pub async fn run(options: &Options, mut stop: Stop) -> anyhow::Result<()> {
    let console = stop.console();
    let root = workspace_root();
    let (run, ended) = Run::begin(&root)?;
    if ended > 0 {
        console.say(&format!(
            "{ended} processes ended that an earlier run had left, which was ended by force."
        ));
    }
    let mut builder = Stack::builder().watch(watch(&console, &Arc::new(run)));
    for (service, replicas) in &options.scale {
        builder = builder.scale(service, *replicas);
    }
    if let Some(port) = web_port(&root, options.port)? {
        builder = builder.web_port(port);
    }
    console.say(
        "Building the services (the first time takes minutes), then starting everything on 127.0.0.1.",
    );
    console.say("Ctrl-C ends it.");
    let started = tokio::select! {
        started = builder.start() => Some(started?),
        // Dropping the half-started stack ends what it had started.
        () = stop.wait() => None,
    };
    let Some(stack) = started else {
        console.say("\nEverything that had been started was ended.");
        return Ok(());
    };
    announce(&stack, &console);
    let stack = with_autoscaler(stack, &options.autoscale, &console)?; // lesson 11
    // stop.wait().await; // lessons 0 to 6 only
    let stack = roll_when_asked(stack, stop.wait()).await?; // lesson 7
    console.say("\nStopping everything. Ctrl-C again ends it at once.");
    // Nobody who reads no more can ask again.
    let mut again = Stop::listen()?;
    tokio::select! {
        stopped = stack.stop() => stopped?,
        () = again.wait() => {}
    }
    console.say("Everything has stopped.");
    Ok(())
}

/// Says where everything is, and how to reach it from a terminal that does not know `*.localhost`.
fn announce(stack: &Stack, console: &Console) {
    let address = stack.address();
    let port = address.rsplit(':').next().unwrap_or_default();
    console.say("\nEverything is ready:");
    let mut hosts = vec!["traefik", "consul"];
    let topology = stack.topology();
    for name in topology.built_services() {
        let Ok(service) = topology.built_service(name) else {
            continue;
        };
        if service.is_published() {
            console.say(&format!(
                "  http://{}/  ({name}, on a port of its own)",
                stack.published_address()
            ));
        } else if service.has_own_host() {
            hosts.insert(0, name);
        }
    }
    for host in &hosts {
        console.say(&format!("  http://{host}.localhost:{port}/"));
    }
    let elsewhere: Vec<&str> = kinds::docker_only(stack.topology()).collect();
    if !elsewhere.is_empty() {
        console.say(&format!("  ({} with Docker only)", elsewhere.join(" and ")));
    }
    console.say(&format!(
        "  If a name is not found: curl -H 'Host: {}.localhost' http://{address}/\n",
        hosts[0]
    ));
}

/// Parses `webserver=3`. Up to 20: more processes than that tell a learner nothing new.
fn scale(text: &str) -> Result<(String, usize), String> {
    text.split_once('=')
        .and_then(|(service, count)| Some((service.to_owned(), count.parse().ok()?)))
        .filter(|(service, count)| !service.is_empty() && (1..=20).contains(count))
        .ok_or_else(|| "write a service and a number from 1 to 20, such as webserver=3".to_owned())
}

/// Prints each line with the name of its process before it, each name in a colour of its own, and writes down which processes run.
fn watch(console: &Console, run: &Arc<Run>) -> Watch {
    const COLOURS: [u8; 8] = [36, 33, 35, 32, 34, 96, 93, 95];
    let next = AtomicUsize::new(0);
    let (console, run) = (console.clone(), Arc::clone(run));
    Arc::new(move |name: &str| -> Sink {
        let colour = COLOURS[next.fetch_add(1, Ordering::Relaxed) % COLOURS.len()];
        let prefix = if console.has_colours() {
            format!("\x1b[{colour}m{name:<12}\x1b[0m│")
        } else {
            format!("{name:<12}|")
        };
        let console = console.clone();
        let print = move |line: &str| console.say(&format!("{prefix} {}", plain(&readable(line))));
        Sink::new(print).recorded(&run)
    })
}

/// Writes control characters out. Whoever can get one into a log could otherwise tell a terminal what to do.
fn plain(line: &str) -> String {
    let mut text = String::with_capacity(line.len());
    for character in line.chars() {
        if character.is_control() && character != '\t' {
            text.extend(character.escape_default());
        } else {
            text.push(character);
        }
    }
    text
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
            "webserver=0",
            "webserver=21",
        ] {
            assert!(scale(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn no_line_can_give_orders_to_a_terminal() {
        assert_eq!(plain("a\tü \x1b[2J\u{9b}"), "a\tü \\u{1b}[2J\\u{9b}");
    }

    #[test]
    fn json_lines_become_sentences_and_others_stay() {
        let line = r#"{"timestamp":"t","level":"INFO","message":"answered","status":200,"span":{"id":"7","name":"request"}}"#;
        assert_eq!(readable(line), " INFO answered span.id=7 status=200");
        assert_eq!(readable("plain"), "plain");
    }
}
