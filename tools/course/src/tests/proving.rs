//! What is proven again, and when. The first two tests run proofs; the others only say how each ended.

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::repository::{git, repository, write};
use crate::agenda::{Agenda, Candidates};
use crate::branches;
use crate::check::{self, Runner};
use crate::choice::Choice;
use crate::proofs::{self, Half, Proofs};
use crate::report::Done;
use crate::{ConsoleBlock, Engine, Lesson, Output};

const MINUTE: u64 = 60;

/// A clock that goes only when it is told to.
#[derive(Clone)]
struct Time(Arc<Mutex<Timestamp>>);

impl Time {
    fn new() -> Self {
        Self(Arc::new(Mutex::new(
            "2026-01-01T00:00:00Z".parse().unwrap(),
        )))
    }

    fn pass(&self, seconds: u64) {
        *self.0.lock().unwrap() += SignedDuration::from_secs(seconds.try_into().unwrap());
    }

    fn agenda(&self, root: &Path, names: &[&str], choice: Choice) -> anyhow::Result<Agenda> {
        let names: Vec<_> = names.iter().map(|name| (*name).to_owned()).collect();
        let time = self.clone();
        let clock = Box::new(move || *time.0.lock().unwrap());
        Agenda::with_clock(
            root,
            Half::Native,
            Candidates::Lessons,
            &names,
            choice,
            clock,
        )
    }

    /// Works through the agenda. Each proof takes so many seconds and passes. Returns what was proven, and how the run ended.
    fn work(&self, mut agenda: Agenda, seconds: u64) -> (Vec<String>, anyhow::Result<()>) {
        let mut done = Vec::new();
        while let Some(subject) = agenda.next_subject() {
            self.pass(seconds);
            done.push(subject.name().to_owned());
            agenda.passed(subject).unwrap();
        }
        (done, agenda.conclude())
    }

    /// Says of all lessons that they are proven, in this order, a minute each.
    fn forge(&self, root: &Path, names: &[&str]) {
        for name in names {
            let agenda = self.agenda(root, &[name], Choice::default()).unwrap();
            self.work(agenda, MINUTE).1.unwrap();
        }
    }
}

fn within(minutes: u64) -> Choice {
    let within = Some(Duration::from_secs(minutes * MINUTE));
    Choice {
        within,
        ..Choice::default()
    }
}

const ALL: [&str; 3] = ["0_base", "1_more", "2_most"];

/// Gives one answer to every command. Without one, it can run none.
#[derive(Clone, Copy)]
struct Fake(Option<&'static str>);

impl Engine for Fake {
    fn name(&self) -> &str {
        "a fake"
    }

    fn runs(&self, _: &ConsoleBlock) -> bool {
        true
    }

    fn run(&mut self, _: &str) -> anyhow::Result<Output> {
        let text = self.0.unwrap_or_default().to_owned();
        Ok(Output { status: 0, text })
    }
}

impl Runner for Fake {
    fn engine(&self, _: &Path, _: &Lesson) -> anyhow::Result<Option<Box<dyn Engine>>> {
        Ok(self.0.map(|_| Box::new(*self) as Box<dyn Engine>))
    }

    fn browser(&self, _: &Path, _: &Path, _: &[String]) -> anyhow::Result<Done> {
        Ok(Done::Passed)
    }
}

#[test]
fn a_forged_proof_is_found_when_its_turn_comes() {
    let (dir, time) = (repository(), Time::new());
    // Whatever the oldest entry says, the walkthrough of 1_more is not true.
    time.forge(dir.path(), &["1_more", "2_most", "0_base"]);
    let again = Some(Duration::from_secs(1));
    let agenda = time
        .agenda(
            dir.path(),
            &[],
            Choice {
                again,
                ..within(30)
            },
        )
        .unwrap();
    let error = check::prove(dir.path(), agenda, &Fake(Some("no\n")), false).unwrap_err();
    assert_eq!(format!("{error:#}"), "failed: 1_more");
    let proofs = Proofs::read(dir.path()).unwrap();
    let left = ALL.map(|name| proofs.get(name, Half::Native).is_some());
    assert_eq!(left, [true, false, true]);
}

#[test]
fn only_a_whole_proof_is_written_down() {
    let (dir, time) = (repository(), Time::new());
    let recorded_with = |answer| {
        let agenda = time.agenda(dir.path(), &["1"], Choice::default()).unwrap();
        check::prove(dir.path(), agenda, &Fake(answer), false).unwrap();
        let proofs = Proofs::read(dir.path()).unwrap();
        proofs.get("1_more", Half::Native).is_some()
    };
    // Nothing has failed, but the walkthrough was skipped.
    assert!(!recorded_with(None));
    assert!(recorded_with(Some("#!/bin/sh\n")));
}

#[test]
fn what_has_changed_is_proven_and_nothing_else() {
    let (dir, time) = (repository(), Time::new());
    let root = dir.path();
    let changed = || {
        time.work(time.agenda(root, &[], Choice::default()).unwrap(), MINUTE)
            .0
    };
    assert_eq!(changed(), ALL);
    assert!(changed().is_empty());
    let walkthrough = root.join("lessons/1_more/README.md");
    let text = std::fs::read_to_string(&walkthrough).unwrap();
    write(
        root,
        "lessons/1_more/README.md",
        &text.replace("# More", "# Much more"),
    );
    assert_eq!(changed(), ["1_more"]);
    write(root, "crates/more/src/lib.rs", "//! More than before.\n");
    assert_eq!(changed(), ["1_more", "2_most"]);
    write(root, "tool/main.rs", "// The prover.\n");
    assert!(changed().is_empty());
    let named = time.agenda(root, &["2"], Choice::default()).unwrap();
    assert_eq!(time.work(named, MINUTE).0, ["2_most"]);
    let everything = Choice {
        everything: true,
        ..Choice::default()
    };
    assert_eq!(
        time.work(time.agenda(root, &[], everything).unwrap(), MINUTE)
            .0,
        ALL
    );
}

#[test]
fn the_oldest_proofs_are_made_again_while_there_is_time() {
    let (dir, time) = (repository(), Time::new());
    let root = dir.path();
    time.forge(root, &["2_most", "0_base", "1_more"]);
    // Two minutes fit into three with what is left of the third, and a third proof would not.
    let (done, end) = time.work(time.agenda(root, &[], within(3)).unwrap(), MINUTE);
    assert_eq!(done, ["2_most", "0_base"]);
    end.unwrap();
    // What has changed comes first, and the oldest has its turn even where a second would not fit.
    write(root, "lessons/2_most/docs/new.txt", "New.\n");
    let again = Some(Duration::from_secs(1));
    let choice = Choice {
        again,
        ..within(30)
    };
    let (done, end) = time.work(time.agenda(root, &[], choice).unwrap(), MINUTE);
    assert_eq!(done, ["2_most", "1_more"]);
    end.unwrap();
}

#[test]
fn more_than_fits_is_named_before_anything_is_begun() {
    let (dir, time) = (repository(), Time::new());
    let root = dir.path();
    time.forge(root, &ALL);
    write(root, "crates/more/src/lib.rs", "//! More than before.\n");
    let error = time.agenda(root, &[], within(1)).err().unwrap().to_string();
    let advice = "prove these before, and commit lessons/proofs.toml: cargo xtask lessons check 1_more 2_most";
    assert_eq!(
        error,
        format!("what is not proven took 2m 00s before, and 1m 00s are given: {advice}")
    );
    // It took a minute before, and takes longer now.
    let (done, end) = time.work(time.agenda(root, &[], within(4)).unwrap(), 5 * MINUTE);
    assert_eq!(done, ["1_more"]);
    let advice = advice.replace("1_more ", "");
    assert_eq!(
        end.unwrap_err().to_string(),
        format!("4m 00s was too short: {advice}")
    );
}

#[test]
fn a_proof_names_the_tree_of_the_branch() {
    let (dir, time) = (repository(), Time::new());
    time.forge(dir.path(), &["2_most"]);
    branches::run(dir.path()).unwrap();
    let tree = git(dir.path(), &["rev-parse", "2_most^{tree}"]);
    let proofs = Proofs::read(dir.path()).unwrap();
    assert_eq!(
        proofs.get("2_most", Half::Native).unwrap().digest.tree,
        tree
    );
}

#[test]
fn a_proof_is_written_down_in_one_way() {
    let (dir, time) = (repository(), Time::new());
    let root = dir.path();
    time.forge(root, &["1", "0"]);
    let text = std::fs::read_to_string(root.join(proofs::FILE)).unwrap();
    let ids = regex::Regex::new("\"[0-9a-f]{40}\"").unwrap();
    let expected = "
[0_base.native]
tree = ID
proven = \"2026-01-01T00:02:00Z\"
seconds = 60
tests = \"own\"
prover = ID

[1_more.native]
tree = ID
walkthrough = ID
proven = \"2026-01-01T00:01:00Z\"
seconds = 60
tests = \"own\"
prover = ID
";
    let shown = ids.replace_all(&text, "ID");
    assert!(
        shown.starts_with("# Written by") && shown.ends_with(expected),
        "{shown}"
    );
    // A date that lies ahead would keep a forged entry from ever being the oldest.
    write(root, proofs::FILE, &text.replace("2026", "2126"));
    let ahead = time
        .work(time.agenda(root, &[], Choice::default()).unwrap(), MINUTE)
        .0;
    assert_eq!(ahead, ALL);
    write(root, proofs::FILE, "[0_base]\nnative = true\n");
    let error = time.agenda(root, &[], Choice::default()).err().unwrap();
    assert!(
        error.to_string().contains("written by the tool only"),
        "{error}"
    );
}
