//! `cargo xtask browser` and `cargo xtask screenshots`: the client in a real browser, against real replicas.

mod control;

use std::{
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
    process::Stdio,
};

use anyhow::{Context, bail, ensure};
use course::{
    Course,
    report::{Done, Report},
};
use stack::{Stack, Topology, workspace_root};
use tempfile::TempDir;
use tokio::process::Command;

use self::control::Control;
use crate::{docker, tools};

/// What can be chosen for tests.
#[derive(Default, clap::Args)]
pub struct Tests {
    /// Files of client/e2e by their names, such as chat; all if none is named
    names: Vec<String>,
}

/// What can be chosen for screenshots.
#[derive(clap::Args)]
pub struct Options {
    /// Lessons by number or branch; all that have a client if none is named
    lessons: Vec<String>,
}

/// Runs the tests in a browser of this checkout, for a person to watch.
pub async fn run(tests: &Tests) -> anyhow::Result<Done> {
    let root = workspace_root();
    for name in &tests.names {
        let file = root.join(format!("client/e2e/{name}.test.mjs"));
        ensure!(file.is_file(), "there is no {}", file.display());
    }
    tools::run()?;
    let done = test(&root, &root.join("target"), tests, Output::Shown).await?;
    if let Done::Skipped(reason) = &done {
        println!("tests in a browser: skipped: {reason}");
    }
    Ok(done)
}

/// Runs the tests in a browser that `names` mean, or all if there are none, of the system that stands in `dir`, built into
/// `target`. They are heard only when they fail.
///
/// # Errors
/// When the system does not start, or a test fails.
pub async fn run_in(dir: &Path, target: &Path, names: &[String]) -> anyhow::Result<Done> {
    let names = names.to_vec();
    test(dir, target, &Tests { names }, Output::Kept).await
}

/// Makes the pictures of the lessons' walkthroughs.
pub async fn screenshots(options: &Options) -> anyhow::Result<()> {
    let root = workspace_root();
    let course = Course::read(&root)?;
    let chosen = match &options.lessons[..] {
        [] => course.lessons.iter().collect(),
        names => names
            .iter()
            .map(|name| course.lesson(name))
            .collect::<anyhow::Result<Vec<_>>>()?,
    };
    tools::run()?;
    let chromium = tools::chromium()?;
    let mut report = Report::default();
    for lesson in chosen {
        let pictures = async {
            let folder = TempDir::new().context("cannot create a temporary folder")?;
            let (cut, made) = (folder.path().join("cut"), folder.path().join("made"));
            course::cut_into(&root, lesson, &cut)?;
            let client = cut.join("client");
            if !client.join("e2e/screenshot.mjs").is_file() {
                return Ok(Done::Skipped("its client makes none".to_owned()));
            }
            fs::create_dir(&made)?;
            // Each in a system of its own: what one has said in the chat must not be in the other's picture.
            for script in ["e2e/screenshot.mjs", "e2e/screenshot-dark.mjs"] {
                if client.join(script).is_file() {
                    let control = start(&cut, &root.join("target/lessons/target")).await?;
                    let script = [OsStr::new(script), made.as_os_str()];
                    let mut node = command("node", &client, script, &control, &chromium);
                    finish(&mut node, Output::Kept).await?;
                    control.finish().await?.stop().await?;
                }
            }
            keep(
                &made,
                &root
                    .join("lessons")
                    .join(&lesson.branch)
                    .join("screenshots"),
            )?;
            Ok(Done::Passed)
        };
        report.wait_for(&lesson.branch, pictures).await;
    }
    report.conclude()
}

/// What becomes of the output of the tests.
#[derive(Clone, Copy)]
enum Output {
    /// A person sees it as it comes.
    Shown,
    /// It is seen only in the message of a failure.
    Kept,
}

async fn test(dir: &Path, target: &Path, tests: &Tests, output: Output) -> anyhow::Result<Done> {
    let client = dir.join("client");
    if !client.join("package.json").is_file() {
        return Ok(Done::Skipped("there is no client".to_owned()));
    }
    let chromium = match tools::chromium() {
        Ok(chromium) => chromium,
        Err(reason) => return Ok(Done::Skipped(format!("{reason:#}"))),
    };
    let control = start(dir, target).await?;
    let files: Vec<String> = tests
        .names
        .iter()
        .map(|name| format!("e2e/{name}.test.mjs"))
        .collect();
    let mut run = if files.is_empty() {
        command("npm", &client, ["run", "e2e"], &control, &chromium)
    } else {
        let one_by_one = ["--test", "--test-concurrency=1"].map(str::to_owned);
        let arguments = one_by_one.into_iter().chain(files);
        command("node", &client, arguments, &control, &chromium)
    };
    let result = finish(&mut run, output).await;
    let stack = control.finish().await?;
    let logs = stack.logs();
    stack.stop().await?;
    result.with_context(|| format!("the tests in a browser failed; the servers wrote:\n{logs}"))?;
    Ok(Done::Passed)
}

/// Starts the system in `dir` with three replicas of each service of which there may be several: enough to see that another one answers.
/// Its client is built on the way.
async fn start(dir: &Path, target: &Path) -> anyhow::Result<Control> {
    let mut builder = Stack::builder().workspace(dir, target);
    let topology = Topology::load(dir)?;
    for (service, replicas) in docker::several(&topology) {
        builder = builder.scale(service, replicas);
    }
    Control::over(builder.start().await?).await
}

/// A command of the client that is told where the system is, where it can be changed, and where the browser is.
fn command<'a>(
    program: &str,
    client: &Path,
    arguments: impl IntoIterator<Item = impl AsRef<OsStr> + 'a>,
    control: &Control,
    chromium: &Path,
) -> Command {
    let address = control.system();
    let port = address.rsplit(':').next().unwrap_or_default();
    let mut command = Command::new(program);
    command
        .args(arguments)
        .current_dir(client)
        .env(
            "GOATSCALE_URL",
            format!("http://webserver.localhost:{port}"),
        )
        .env("GOATSCALE_CONTROL", control.address())
        .env("CHROMIUM", chromium)
        .stdin(Stdio::null())
        .kill_on_drop(true);
    command
}

async fn finish(command: &mut Command, output: Output) -> anyhow::Result<()> {
    if let Output::Shown = output {
        let status = command.status().await.context("cannot start it")?;
        ensure!(status.success(), "it ended with {status}");
        return Ok(());
    }
    let output = command.output().await.context("cannot start it")?;
    if !output.status.success() {
        let said = [output.stdout, output.stderr].concat();
        bail!("{}\n{}", String::from_utf8_lossy(&said), output.status);
    }
    Ok(())
}

/// Puts the pictures in `made` into `folder`, in place of those that are there.
fn keep(made: &Path, folder: &Path) -> anyhow::Result<()> {
    let pictures = |folder: &Path| -> anyhow::Result<Vec<PathBuf>> {
        let mut found = Vec::new();
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.extension().is_some_and(|extension| extension == "png") {
                found.push(path);
            }
        }
        Ok(found)
    };
    let made = pictures(made)?;
    ensure!(!made.is_empty(), "no picture was made");
    fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
    for old in pictures(folder)? {
        fs::remove_file(old)?;
    }
    for picture in made {
        let name = picture.file_name().unwrap_or_default();
        fs::copy(&picture, folder.join(name))
            .with_context(|| format!("cannot write into {}", folder.display()))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn new_pictures_take_the_place_of_the_old() {
        let folder = TempDir::new().unwrap();
        let (made, kept) = (folder.path().join("made"), folder.path().join("kept"));
        fs::create_dir_all(&made).unwrap();
        assert!(keep(&made, &kept).is_err());
        fs::create_dir_all(&kept).unwrap();
        fs::write(kept.join("old.png"), "").unwrap();
        fs::write(kept.join("notes.md"), "").unwrap();
        fs::write(made.join("new.png"), "").unwrap();
        keep(&made, &kept).unwrap();
        let names = ["notes.md", "new.png"].map(|name| kept.join(name).is_file());
        assert_eq!(names, [true, true]);
        assert!(!kept.join("old.png").exists());
    }
}
