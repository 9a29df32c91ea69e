//! Other programs as steps of ours: the one place that runs `git`, `cargo`, `docker`, `apt-get` and the like.
//!
//! xshell would be shorter, but its error tells the exit status only, and here a failure must also say what the program wrote.

use std::ffi::OsStr;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use anyhow::{Context, bail};

/// `git`, run in `root`, deaf to what surrounds it.
///
/// A git hook exports variables that point at its own repository and index. They would win over
/// the folder, and a test that runs in a hook would then write into the real repository.
pub fn git<I: AsRef<OsStr>>(root: &Path, arguments: impl IntoIterator<Item = I>) -> Command {
    let mut command = command("git", root, arguments);
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("GIT_") {
            command.env_remove(name);
        }
    }
    command
}

/// A program to run in `dir`.
pub fn command<I: AsRef<OsStr>>(
    program: &str,
    dir: &Path,
    arguments: impl IntoIterator<Item = I>,
) -> Command {
    let mut command = Command::new(program);
    command.args(arguments).current_dir(dir);
    command
}

/// Runs `command`, feeds it `input` and returns what it wrote to its standard output.
///
/// # Errors
/// When it cannot start or does not exit with 0; the error holds what it wrote to standard error.
pub fn output(command: &mut Command, input: &[u8]) -> anyhow::Result<Vec<u8>> {
    let output = finish(command, input)?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        bail!(
            "{} failed ({}): {}",
            shown(command),
            output.status,
            said.trim()
        );
    }
    Ok(output.stdout)
}

/// Like [`output`], as text without the white space at its end.
///
/// # Errors
/// As [`output`], and when the output is not UTF-8.
pub fn text(command: &mut Command, input: &[u8]) -> anyhow::Result<String> {
    let bytes = output(command, input)?;
    let text = String::from_utf8(bytes)
        .with_context(|| format!("{} printed something that is not UTF-8", shown(command)))?;
    Ok(text.trim_end().to_owned())
}

/// Like [`text`], for a command that reads nothing.
///
/// # Errors
/// As [`text`].
pub fn read(command: &mut Command) -> anyhow::Result<String> {
    text(command, &[])
}

/// Runs `command` with our own output, for a person to watch.
///
/// # Errors
/// When it cannot start or does not exit with 0.
pub fn show(command: &mut Command) -> anyhow::Result<()> {
    let status = command.status().with_context(|| cannot_start(command))?;
    if !status.success() {
        bail!("{} failed ({status})", shown(command));
    }
    Ok(())
}

/// Whether a command can be run and exits with 0. What it says is thrown away.
pub fn succeeds(program: &str, arguments: &[&str]) -> bool {
    let output = Command::new(program).args(arguments).output();
    output.is_ok_and(|output| output.status.success())
}

/// Runs `command` to its end, whatever its exit status.
///
/// # Errors
/// When it cannot start.
pub fn finish(command: &mut Command, input: &[u8]) -> anyhow::Result<Output> {
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().with_context(|| cannot_start(command))?;
    let stdin = child.stdin.take();
    // Written by a thread of its own: a child that answers while it reads would otherwise block
    // on a full pipe, and so would we.
    let output = std::thread::scope(|scope| {
        scope.spawn(move || {
            // A child that stops reading early says why by its exit status.
            let _ = stdin.map(|mut pipe| pipe.write_all(input));
        });
        child.wait_with_output()
    });
    output.with_context(|| format!("{} could not be waited for", shown(command)))
}

fn cannot_start(command: &Command) -> String {
    let program = command.get_program().to_string_lossy();
    format!(
        "{} could not be started; is {program} installed?",
        shown(command)
    )
}

/// The command as a person would type it, for messages.
fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    let words: Vec<_> = words.map(|word| word.to_string_lossy()).collect();
    format!("`{}`", words.join(" "))
}
