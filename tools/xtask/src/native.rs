//! Runs the commands of a walkthrough natively: on processes that the stack starts from a lesson's cut.

use std::path::Path;

use anyhow::Context;
use course::{
    ConsoleBlock, Course, Engine, Lesson, LessonsCommand, Output, Place, Runner, report::Done,
};
use regex::{Captures, Regex};
use stack::{Stack, workspace_root};
use tokio::{runtime::Handle, task::spawn_blocking};

use crate::{browser, docker, terminal::Terminal, tools};

/// Runs `cargo xtask lessons …`. The course tool blocks its thread, and the stack waits for processes; so each
/// has threads of its own.
pub async fn lessons(command: LessonsCommand) -> anyhow::Result<()> {
    let runtime = Handle::current();
    // The tests and the walkthroughs of a lesson run on these servers.
    if let LessonsCommand::Check { lessons, .. } = &command {
        ensure_known(lessons)?;
        tools::run()?;
    }
    spawn_blocking(move || course::run(command, &Cuts { runtime })).await?
}

/// Refuses a name that is no lesson's, before anything is installed or built for it.
fn ensure_known(names: &[String]) -> anyhow::Result<()> {
    let course = Course::read(&workspace_root())?;
    names
        .iter()
        .try_for_each(|name| course.lesson(name).map(drop))
}

/// Runs cuts for the course tool, which itself starts neither servers nor a browser.
struct Cuts {
    runtime: Handle,
}

impl Runner for Cuts {
    fn engine(&self, dir: &Path, lesson: &Lesson) -> anyhow::Result<Option<Box<dyn Engine>>> {
        engine(&self.runtime, dir, lesson)
    }

    fn browser(&self, dir: &Path, target: &Path, names: &[String]) -> anyhow::Result<Done> {
        self.runtime.block_on(browser::run_in(dir, target, names))
    }
}

fn engine(
    runtime: &Handle,
    dir: &Path,
    lesson: &Lesson,
) -> anyhow::Result<Option<Box<dyn Engine>>> {
    let target = workspace_root().join("target/lessons/target");
    let topology = stack::Topology::load(dir)?;
    let mut builder = Stack::builder().workspace(dir, &target);
    for (service, replicas) in docker::several(&topology) {
        builder = builder.scale(service, replicas);
    }
    let stack = runtime.block_on(builder.start());
    let stack = stack.with_context(|| format!("{} does not start natively", lesson.branch))?;
    let environment = [("CARGO_TARGET_DIR", target.as_os_str())];
    let terminal = runtime.block_on(Terminal::open(dir, environment))?;
    Ok(Some(Box::new(Native {
        stack,
        terminal,
        runtime: runtime.clone(),
    })))
}

struct Native {
    stack: Stack,
    terminal: Terminal,
    runtime: Handle,
}

impl Engine for Native {
    fn name(&self) -> &str {
        "processes of this machine"
    }

    fn runs(&self, block: &ConsoleBlock) -> bool {
        matches!(block.place, Place::Anywhere | Place::Native)
    }

    fn run(&mut self, command: &str) -> anyhow::Result<Output> {
        let (web, published) = (self.stack.address(), self.stack.published_address());
        let command = with_ports(command, &web, &published);
        let mut output = self.runtime.block_on(self.terminal.enter(&command))?;
        output.text = without_ports(&output.text, &web, &published);
        Ok(output)
    }
}

/// Puts the ports that are really used into a command that was written for ports 80 and 8080.
pub fn with_ports(command: &str, web: &str, published: &str) -> String {
    let port = |address: &str| address.rsplit(':').next().unwrap_or_default().to_owned();
    let (web, published) = (port(web), port(published));
    // The pattern is a constant, and a test runs it; so it cannot fail here.
    let Ok(url) = Regex::new(r"(http|ws)://([a-z.*]+\.localhost|127\.0\.0\.1)([^:0-9a-z.]|$)")
    else {
        return command.to_owned();
    };
    let replace =
        |found: &Captures<'_>| format!("{}://{}:{web}{}", &found[1], &found[2], &found[3]);
    let command = url.replace_all(command, replace);
    command.replace("127.0.0.1:8080", &format!("127.0.0.1:{published}"))
}

/// Puts ports 80 and 8080 back into an output, where a recorded one shall say what a learner will see.
pub fn without_ports(text: &str, web: &str, published: &str) -> String {
    let web = web.rsplit(':').next().unwrap_or_default();
    text.replace(published, "127.0.0.1:8080")
        .replace(&format!(".localhost:{web}"), ".localhost")
        .replace(&format!("session_{web}"), "session_80")
        // As "docker compose ps" shows a published port.
        .replace(&format!("127.0.0.1:{web}->"), "127.0.0.1:80->")
        .replace(&format!("127.0.0.1:{web}"), "127.0.0.1")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_ports_of_the_walkthroughs_are_replaced() {
        let cases = [
            (
                "curl http://webserver.localhost/api/whoami",
                "curl http://webserver.localhost:1/api/whoami",
            ),
            (
                "curl -H 'Host: a.localhost' http://127.0.0.1",
                "curl -H 'Host: a.localhost' http://127.0.0.1:1",
            ),
            ("curl http://127.0.0.1:8080/", "curl http://127.0.0.1:2/"),
            (
                "curl 'http://consul.localhost/v1/x'",
                "curl 'http://consul.localhost:1/v1/x'",
            ),
            (
                "load ws://webserver.localhost/ws",
                "load ws://webserver.localhost:1/ws",
            ),
            ("curl http://127.0.0.1:9/", "curl http://127.0.0.1:9/"),
        ];
        for (before, after) in cases {
            assert_eq!(with_ports(before, "127.0.0.1:1", "127.0.0.1:2"), after);
        }
    }

    #[test]
    fn a_name_that_is_no_lessons_is_refused() {
        let names = |names: &[&str]| {
            names
                .iter()
                .map(|&name| name.to_owned())
                .collect::<Vec<_>>()
        };
        ensure_known(&names(&["0", "0_base"])).unwrap();
        let error = ensure_known(&names(&["0", "nobody"])).unwrap_err();
        assert!(error.to_string().contains("0_base"), "{error}");
    }
}
