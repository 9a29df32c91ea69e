//! A bash with a terminal of its own, into which the commands of a walkthrough are typed as a person types them.
//!
//! A script would prove less. There a job in the background may read whatever it likes, each command begins with no variables,
//! and no program sees a terminal. Here a job that reads the terminal is stopped, as it is for a learner, and what one command
//! has set is there for the next.

use std::{path::Path, sync::LazyLock, time::Duration};

use anyhow::{Context, bail};
use course::Output;
use pty_process::{Pty, Size};
use regex::Regex;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    process::Child,
    time::timeout,
};

/// How long a command may take until bash asks for the next one. The longest ones compile a web server.
const ANSWERED_WITHIN: Duration = Duration::from_secs(30 * 60);

/// What bash is told first. The terminal does not repeat what is typed, and the prompt is the exit status between two characters
/// that nothing else prints.
const SETTINGS: &str = r"stty -echo; unset HISTFILE; PS2=; PS1=$'\036$?\036'";

/// The variables that say what is asked without a proxy. Some programs read one of them, some the other.
const INSIDE: [&str; 2] = ["NO_PROXY", "no_proxy"];

/// The prompt, with the exit status.
static PROMPT: LazyLock<Regex> =
    LazyLock::new(|| Regex::new("\u{1e}(\\d+)\u{1e}").expect("a valid pattern"));

/// What bash says of jobs in the background: the number of one that begins, and how one has ended.
static NOTICE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?m)^\[\d+\][+-]? +(\d+$|(Done|Exit|Terminated|Killed|Stopped)\b.*$)\n?")
        .expect("a valid pattern")
});

/// A terminal with a bash in it. When it is dropped, bash and its jobs are told that their terminal is gone.
pub struct Terminal {
    pty: Pty,
    /// What has come since the last prompt.
    unread: Vec<u8>,
    _bash: Child,
}

impl Terminal {
    /// Starts a bash in `dir`, with `environment` beside our own.
    ///
    /// # Errors
    /// When there is no terminal to be had, or no bash.
    pub async fn open<K, V>(
        dir: &Path,
        environment: impl IntoIterator<Item = (K, V)>,
    ) -> anyhow::Result<Self>
    where
        K: AsRef<std::ffi::OsStr>,
        V: AsRef<std::ffi::OsStr>,
    {
        let (pty, inside) = pty_process::open().context("cannot make a terminal")?;
        // Wide, since a program may cut its lines where the terminal ends.
        let size = pty.resize(Size::new(50, 400));
        size.context("cannot set the size of a terminal")?;
        let bash = pty_process::Command::new("bash")
            // Nobody's own settings, and what is typed is taken as it is: with its editor, bash would redraw it.
            .args(["--noprofile", "--norc", "--noediting", "-i"])
            .current_dir(dir)
            .env("TERM", "xterm-256color")
            // What bash says of jobs is read below.
            .env("LC_ALL", "C.UTF-8")
            .env_remove("PROMPT_COMMAND")
            // What is typed asks this machine, and no proxy of ours knows the way back to it.
            .envs(INSIDE.map(|name| (name, "localhost,.localhost,127.0.0.1")))
            .envs(environment)
            .spawn(inside)
            .context("cannot start bash")?;
        let mut terminal = Self {
            pty,
            unread: Vec::new(),
            _bash: bash,
        };
        terminal.enter(SETTINGS).await?;
        Ok(terminal)
    }

    /// Types `command`, and waits until bash asks for the next one.
    ///
    /// # Errors
    /// When bash has not asked after half an hour, or a job in the background was stopped because it read the terminal.
    pub async fn enter(&mut self, command: &str) -> anyhow::Result<Output> {
        let Output { status, text } = self.answered(command).await?;
        let stopped = NOTICE
            .find_iter(&text)
            .find(|found| found.as_str().contains("Stopped"));
        if let Some(stopped) = stopped {
            // Or bash would go on about it, and with the commands that follow.
            self.answered("kill -KILL $(jobs -p); disown -a").await?;
            bail!(
                "a job in the background read the terminal, and was stopped for it; give it `< /dev/null`:\n{}",
                stopped.as_str().trim_end()
            );
        }
        let text = NOTICE.replace_all(&text, "").into_owned();
        Ok(Output { status, text })
    }

    /// As [`Self::enter`], with what bash says of jobs.
    async fn answered(&mut self, command: &str) -> anyhow::Result<Output> {
        let typed = format!("{command}\n");
        let typing = self.pty.write_all(typed.as_bytes()).await;
        typing.context("nothing can be typed into bash")?;
        let (text, status) = match timeout(ANSWERED_WITHIN, self.answer()).await {
            Ok(answer) => answer?,
            Err(_) => bail!(
                "it has not ended after {} minutes, and has written:\n{}",
                ANSWERED_WITHIN.as_secs() / 60,
                plain(&self.unread)
            ),
        };
        Ok(Output { status, text })
    }

    /// Presses Ctrl-C.
    ///
    /// # Errors
    /// When the terminal is gone.
    pub async fn interrupt(&mut self) -> anyhow::Result<()> {
        let typing = self.pty.write_all(b"\x03").await;
        typing.context("nothing can be typed into bash")
    }

    /// What comes up to the next prompt, and the exit status in it.
    async fn answer(&mut self) -> anyhow::Result<(String, i32)> {
        loop {
            let text = String::from_utf8_lossy(&self.unread).into_owned();
            if let Some(found) = PROMPT.captures(&text) {
                let prompt = found.get(0).map(|whole| whole.range()).unwrap_or_default();
                let status = found[1].parse().context("bash has told no exit status")?;
                self.unread = text.as_bytes()[prompt.end..].to_vec();
                return Ok((plain(&text.as_bytes()[..prompt.start]), status));
            }
            let read = self.pty.read_buf(&mut self.unread).await;
            // Linux reports the end of whoever was inside as an error.
            if read.is_err() || matches!(read, Ok(0)) {
                bail!("bash has ended, and has written:\n{}", plain(&self.unread));
            }
        }
    }
}

/// What a terminal shows, as text: without colours, and without the carriage return that it puts before each new line.
fn plain(shown: &[u8]) -> String {
    let text = String::from_utf8_lossy(shown);
    let text = anstream::adapter::strip_str(&text).to_string();
    text.replace("\r\n", "\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn terminal() -> Terminal {
        let none: [(&str, &str); 0] = [];
        Terminal::open(Path::new("."), none).await.unwrap()
    }

    #[tokio::test]
    async fn a_command_gives_its_output_and_its_status() {
        let mut terminal = terminal().await;
        let said = |status, text: &str| Output {
            status,
            text: text.to_owned(),
        };
        let both = terminal.enter("echo out; echo err >&2; (exit 3)").await;
        assert_eq!(both.unwrap(), said(3, "out\nerr\n"));
        let long = terminal.enter("printf '%s\\n' \\\n  a \\\n  ü").await;
        assert_eq!(long.unwrap(), said(0, "a\nü\n"));
        let coloured = terminal.enter(r"printf '\033[31mred\033[0m\ta'").await;
        assert_eq!(coloured.unwrap(), said(0, "red\ta"));
    }

    #[tokio::test]
    async fn what_one_command_sets_is_there_for_the_next() {
        let mut terminal = terminal().await;
        terminal.enter("name=Ada; cd /").await.unwrap();
        let output = terminal.enter("echo $name $PWD").await.unwrap();
        assert_eq!(output.text, "Ada /\n");
    }

    #[tokio::test]
    async fn programs_see_a_terminal() {
        let output = terminal().await.enter("test -t 0 && test -t 1").await;
        assert_eq!(output.unwrap().status, 0);
    }

    #[tokio::test]
    async fn a_job_in_the_background_that_reads_the_terminal_is_seen_to_stop() {
        let mut terminal = terminal().await;
        let error = terminal.enter("cat & sleep 0.2; wait").await.unwrap_err();
        assert!(
            error.to_string().contains("give it `< /dev/null`"),
            "{error}"
        );
        let next = terminal.enter("wait; echo a").await.unwrap();
        assert_eq!(next.text, "a\n");
    }

    #[tokio::test]
    async fn what_bash_says_of_other_jobs_is_no_output() {
        let mut terminal = terminal().await;
        let output = terminal.enter("cat < /dev/null & echo a; wait").await;
        assert_eq!(output.unwrap().text, "a\n");
        let output = terminal.enter("false & wait; echo b").await;
        assert_eq!(output.unwrap().text, "b\n");
    }

    #[tokio::test]
    async fn a_command_can_be_interrupted() {
        let mut terminal = terminal().await;
        let typed = b"echo it runs; sleep 600\n";
        terminal.pty.write_all(typed).await.unwrap();
        // Before it runs, Ctrl-C would only take away what was typed so far.
        while !plain(&terminal.unread).contains("it runs") {
            let read = terminal.pty.read_buf(&mut terminal.unread).await;
            assert!(read.unwrap() > 0, "bash has ended");
        }
        // One that comes in the very moment in which bash starts the program is lost. A person would press it again, too.
        let (_, status) = loop {
            terminal.interrupt().await.unwrap();
            let answer = timeout(Duration::from_secs(1), terminal.answer()).await;
            if let Ok(answer) = answer {
                break answer.unwrap();
            }
        };
        assert_eq!(status, 130);
    }
}
