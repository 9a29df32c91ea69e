//! Tries the exercises of a lesson as a learner may do them: not at all, wrong, and right.

use std::path::Path;

use anyhow::{Context, ensure};

use crate::course::Lesson;
use crate::cutter::Cutter;
use crate::exercises::{self, Exercise};
use crate::report::{Done, Report};
use crate::walkthrough::{Engine, Output};
use crate::{checkout, process};

/// Where the system is. This stands in the commands, so that it becomes what is really used.
const ADDRESSES: &str = "ENTRY=http://127.0.0.1 SERVER=http://127.0.0.1:8080";

/// Starts the system that stands in a folder, with what has changed there. What was started before is ended by then.
pub type Start<'a> = dyn FnMut() -> anyhow::Result<Box<dyn Engine>> + 'a;

/// A lesson whose exercises are tried.
pub struct Trial<'a> {
    /// Where main is.
    pub root: &'a Path,
    /// Knows the answers.
    pub cutter: &'a Cutter,
    /// The lesson.
    pub lesson: &'a Lesson,
    /// Where it was cut to. All that was changed there is undone.
    pub dir: &'a Path,
}

impl Trial<'_> {
    /// Tries those exercises that ask Docker, or those that do not, and tells how each went.
    pub fn run(&self, docker: bool, start: &mut Start<'_>, report: &mut Report) {
        let all = match exercises::of(self.cutter.main(), self.lesson) {
            Ok(all) => all,
            Err(error) => {
                report.step("exercises", || Err(error));
                return;
            }
        };
        for exercise in all.iter().filter(|exercise| exercise.docker == docker) {
            let number = exercise.number;
            let name = |what: &str| format!("exercise {number}, {what}");
            report.step(&name("not done"), || {
                self.expect(None, exercise, (1, &exercise.plain), start)
            });
            let wrong = exercises::wrong_answer(self.cutter.main(), self.lesson, number);
            report.step(&name("done wrong"), || {
                self.expect(Some(&wrong?), exercise, (1, &exercise.wrong), start)
            });
            let right = exercises::answer(self.cutter.main(), self.lesson, number);
            report.step(&name("done"), || {
                self.expect(Some(&right?), exercise, (0, "done: "), start)
            });
        }
    }

    /// Runs the script of `exercise` after the change in `patch`. It must end with this status, and say these words.
    fn expect(
        &self,
        patch: Option<&str>,
        exercise: &Exercise,
        expected: (i32, &str),
        start: &mut Start<'_>,
    ) -> anyhow::Result<Done> {
        self.undo()?;
        if let Some(patch) = patch {
            exercises::apply(self.dir, patch, false)?;
            self.build_client(patch)?;
        }
        // Whatever comes of it, the change is undone.
        let tried = start().and_then(|engine| self.try_on(engine, exercise, expected));
        self.undo()?;
        self.build_client(patch.unwrap_or_default())?;
        tried.map(|()| Done::Passed)
    }

    fn try_on(
        &self,
        mut engine: Box<dyn Engine>,
        exercise: &Exercise,
        (status, words): (i32, &str),
    ) -> anyhow::Result<()> {
        let number = exercise.number;
        let Output { status: got, text } =
            engine.run(&format!("{ADDRESSES} sh exercises/{number}"))?;
        ensure!(
            got == status && text.contains(words),
            "exercises/{number} must exit with {status} and say \"{words}\", but exited with {got}:\n{text}"
        );
        if status != 0 {
            return Ok(());
        }
        let Some(sequel) = exercises::sequel(self.cutter.main(), self.lesson, number) else {
            return Ok(());
        };
        // As one word, whatever the folder is called.
        let sequel = self.root.join(sequel).display().to_string();
        let sequel = sequel.replace('\'', r"'\''");
        let Output { status, text } = engine.run(&format!("{ADDRESSES} sh '{sequel}'"))?;
        ensure!(
            status == 0,
            "what comes after exercise {number} exited with {status}:\n{text}"
        );
        Ok(())
    }

    /// Puts all files back, but for those that git ignores.
    fn undo(&self) -> anyhow::Result<()> {
        if !self.dir.join(".git").exists() {
            return checkout::make(self.dir);
        }
        process::read(&mut process::git(self.dir, ["reset", "--quiet", "--hard"]))?;
        process::read(&mut process::git(
            self.dir,
            ["clean", "--quiet", "--force", "-d"],
        ))
        .map(drop)
    }

    /// The page is no part of what cargo builds.
    fn build_client(&self, patch: &str) -> anyhow::Result<()> {
        if !patch.contains("+++ b/client/") {
            return Ok(());
        }
        let client = self.dir.join("client");
        let mut npm = process::command("npm", &client, ["run", "--silent", "build"]);
        process::read(&mut npm)
            .map(drop)
            .context("the client does not build")
    }
}
