//! The exercises that check themselves: a script that the learner runs, and an answer that nobody is shown before they ask for it.
//!
//! `exercises/N` in a lesson's folder is the script, which is part of the cut. What stands in `answers` beside it stays on main:
//! `N.patch` is the answer, which the walkthrough shows folded; `N.wrong.patch` one that somebody might well give instead, and
//! `N.then`, if it is there, a script of what the exercise says will happen next.

use std::path::Path;

use anyhow::{Context, anyhow, ensure};
use serde::Deserialize;

use crate::course::Lesson;
use crate::process;
use crate::tree::{self, Tree};

/// The folder of what no cut has.
pub const ANSWERS: &str = "answers";

/// What stands there about all of them.
const FILE: &str = "exercises.toml";

/// What can be said of an exercise.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exercise {
    /// Its number, as in the name of its script.
    pub number: usize,
    /// Whether its script asks Docker, and not only over HTTP.
    #[serde(default)]
    pub docker: bool,
    /// What the script says of the lesson as it stands.
    pub plain: String,
    /// What it says of the wrong answer.
    pub wrong: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    exercise: Vec<Exercise>,
}

/// The exercises of `lesson`, in order; none if it has no folder of answers.
///
/// # Errors
/// When the files of an exercise are not all there, or there are others that no lesson shares.
pub fn of(main: &Tree, lesson: &Lesson) -> anyhow::Result<Vec<Exercise>> {
    let folder = format!("lessons/{}", lesson.branch);
    let has = |path: &str| main.contains_key(&format!("{folder}/{path}"));
    let listed = format!("{ANSWERS}/{FILE}");
    let exercises = if has(&listed) {
        let Document { exercise } = toml::from_str(&text(main, lesson, &listed)?)
            .map_err(|error| anyhow!("{folder}/{listed}: {}", error.message()))?;
        exercise
    } else {
        Vec::new()
    };
    for Exercise { number, .. } in &exercises {
        for path in [
            format!("exercises/{number}"),
            format!("{ANSWERS}/{number}.patch"),
            format!("{ANSWERS}/{number}.wrong.patch"),
        ] {
            ensure!(has(&path), "{folder}/{path} is missing");
        }
    }
    let scripts = main.keys();
    for path in scripts.filter_map(|path| path.strip_prefix(&format!("{folder}/exercises/"))) {
        let is_listed = exercises
            .iter()
            .any(|exercise| exercise.number.to_string() == path);
        // What several lessons share may be another one on this.
        let is_shared = main.contains_key(&format!("exercises/{path}"));
        ensure!(
            is_listed || is_shared,
            "{folder}/exercises/{path} is an exercise that {listed} does not name"
        );
    }
    Ok(exercises)
}

/// The answer to exercise `number` of `lesson`.
///
/// # Errors
/// When there is none.
pub fn answer(main: &Tree, lesson: &Lesson, number: usize) -> anyhow::Result<String> {
    text(main, lesson, &format!("{ANSWERS}/{number}.patch"))
}

/// An answer that is wrong.
///
/// # Errors
/// When there is none.
pub fn wrong_answer(main: &Tree, lesson: &Lesson, number: usize) -> anyhow::Result<String> {
    text(main, lesson, &format!("{ANSWERS}/{number}.wrong.patch"))
}

/// Where the script of what comes next stands on main, if there is one.
pub fn sequel(main: &Tree, lesson: &Lesson, number: usize) -> Option<String> {
    let path = format!("lessons/{}/{ANSWERS}/{number}.then", lesson.branch);
    main.contains_key(&path).then_some(path)
}

/// Whether each answer fits the cut that stands in `dir`.
///
/// # Errors
/// When one does not.
pub fn check(main: &Tree, lesson: &Lesson, dir: &Path) -> anyhow::Result<()> {
    for Exercise { number, .. } in of(main, lesson)? {
        for (name, patch) in [
            ("patch", answer(main, lesson, number)?),
            ("wrong.patch", wrong_answer(main, lesson, number)?),
        ] {
            apply(dir, &patch, true).with_context(|| {
                format!(
                    "lessons/{}/{ANSWERS}/{number}.{name} does not fit",
                    lesson.branch
                )
            })?;
        }
    }
    Ok(())
}

/// Changes the files in `dir` as `patch` says, or only looks whether it could.
///
/// # Errors
/// When it does not fit.
pub fn apply(dir: &Path, patch: &str, only_look: bool) -> anyhow::Result<()> {
    let mut git = process::git(dir, ["apply"]);
    if only_look {
        git.arg("--check");
    }
    // A cut may lie in the folder of another repository, and git would then look for the files there.
    if let Some(above) = dir.parent() {
        git.env("GIT_CEILING_DIRECTORIES", above);
    }
    process::output(&mut git, patch.as_bytes()).map(drop)
}

fn text(main: &Tree, lesson: &Lesson, path: &str) -> anyhow::Result<String> {
    let source = format!("lessons/{}/{path}", lesson.branch);
    let file = main.get(&source);
    let text = file.and_then(tree::File::text);
    Ok(text
        .with_context(|| format!("{source} is missing, or no text"))?
        .to_owned())
}
