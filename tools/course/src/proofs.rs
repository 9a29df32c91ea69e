//! `lessons/proofs.toml`: what was last proven of main and of each lesson. It is written only after a proof that passed.

use std::collections::BTreeMap;
use std::fs::{self, Permissions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, anyhow};
use jiff::Timestamp;
use serde::Deserialize;

use crate::course::Course;

/// Where the proofs are written down.
pub const FILE: &str = "lessons/proofs.toml";

/// The name under which main itself stands there.
pub const MAIN: &str = "main";

const HEAD: &str = "\
# Written by `cargo xtask test`, `lessons check` and `compose`, each after a proof that passed, and by nobody else.
# An entry says that exactly these files were proven. CONTRIBUTING.md explains it under *Proofs*.
";

/// The two halves of a proof. A machine without Docker can do the first alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Half {
    /// On this machine: formatted, without a warning, tested, and its walkthrough true on processes.
    Native,
    /// With Docker Compose: its walkthrough, and what must hold of the containers.
    Compose,
}

impl Half {
    /// The key under which it stands in the file.
    pub fn name(self) -> &'static str {
        match self {
            Self::Native => "native",
            Self::Compose => "compose",
        }
    }
}

/// What was, or is to be, proven. Two of them are equal if nothing differs that a proof depends on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Digest {
    /// Of a lesson the id of the tree that its branch holds; of main that of the files that its tests depend on.
    pub tree: String,
    /// The id of a lesson's walkthrough as it is written on main. Links in it are not yet resolved, and its
    /// commands still say on which engine they run.
    pub walkthrough: Option<String>,
}

/// One proof that passed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// What was proven.
    pub digest: Digest,
    /// When it had passed.
    pub proven: Timestamp,
    /// How long it took.
    pub took: Duration,
    /// Whether all of its tests were run, or only what is its own.
    pub everything: bool,
    /// The id of the tools that proved it.
    pub prover: String,
}

impl Proof {
    /// Whether it proves `digest`. A date that lies ahead was never that of a proof, and would keep it from being the oldest.
    pub fn holds_for(&self, digest: &Digest, now: Timestamp) -> bool {
        self.digest == *digest && self.proven <= now
    }
}

/// All proofs, by the lesson's branch, or [`MAIN`], and the half.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Proofs(BTreeMap<(String, Half), Proof>);

impl Proofs {
    /// Reads the file of the repository at `root`. Where it is not there, nothing is proven.
    ///
    /// # Errors
    /// When it cannot be understood.
    pub fn read(root: &Path) -> anyhow::Result<Self> {
        match fs::read_to_string(root.join(FILE)) {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(Self::default()),
            other => Self::parse(&other.with_context(|| format!("{FILE} cannot be read"))?),
        }
    }

    /// The last proof of this half of `subject`.
    pub fn get(&self, subject: &str, half: Half) -> Option<&Proof> {
        self.0.get(&(subject.to_owned(), half))
    }

    /// Writes into the file of the repository at `root` that this half of `subject` was proven, or with none that it is not
    /// proven any more. All other entries stay as they are in the file by now: the other half may be proven at the same time.
    ///
    /// # Errors
    /// When the file cannot be read or written.
    pub fn record(
        &mut self,
        root: &Path,
        course: &Course,
        subject: &str,
        half: Half,
        proof: Option<Proof>,
    ) -> anyhow::Result<()> {
        *self = Self::read(root)?;
        let key = (subject.to_owned(), half);
        match proof {
            Some(proof) => self.0.insert(key, proof),
            None => self.0.remove(&key),
        };
        // A new file takes the place of the old one, so that no reader sees half of it.
        let mut file = tempfile::Builder::new()
            .permissions(Permissions::from_mode(0o644))
            .tempfile_in(root.join("lessons"))?;
        file.write_all(self.text(course).as_bytes())?;
        file.persist(root.join(FILE))
            .map(drop)
            .with_context(|| format!("{FILE} cannot be written"))
    }

    fn parse(text: &str) -> anyhow::Result<Self> {
        type Document = BTreeMap<String, BTreeMap<Half, Entry>>;
        let document: Document = toml::from_str(text).map_err(|error| {
            anyhow!(
                "{FILE} is written by the tool only, and cannot be understood; take it from the last commit: {}",
                error.message()
            )
        })?;
        let entries = document.into_iter().flat_map(|(subject, halves)| {
            let proof =
                move |(half, entry): (Half, Entry)| ((subject.clone(), half), entry.proof());
            halves.into_iter().map(proof)
        });
        Ok(Self(entries.collect()))
    }

    /// The text of the file: main first, then the lessons in their order. What is no lesson any more is left out.
    fn text(&self, course: &Course) -> String {
        let branches = course.lessons.iter().map(|lesson| lesson.branch.as_str());
        let mut text = HEAD.to_owned();
        for subject in std::iter::once(MAIN).chain(branches) {
            for half in [Half::Native, Half::Compose] {
                if let Some(proof) = self.get(subject, half) {
                    text += &entry(subject, half, proof);
                }
            }
        }
        text
    }
}

fn entry(subject: &str, half: Half, proof: &Proof) -> String {
    let Digest { tree, walkthrough } = &proof.digest;
    let walkthrough = walkthrough
        .as_ref()
        .map_or(String::new(), |id| format!("walkthrough = \"{id}\"\n"));
    let half = half.name();
    let tests = if proof.everything { "all" } else { "own" };
    let (proven, seconds, prover) = (proof.proven, proof.took.as_secs(), &proof.prover);
    format!(
        "\n[{subject}.{half}]\ntree = \"{tree}\"\n{walkthrough}proven = \"{proven:.0}\"\nseconds = {seconds}\n\
         tests = \"{tests}\"\nprover = \"{prover}\"\n"
    )
}

/// An entry of the file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    tree: String,
    walkthrough: Option<String>,
    proven: Timestamp,
    seconds: u64,
    tests: Tests,
    prover: String,
}

#[derive(Deserialize, PartialEq)]
#[serde(rename_all = "lowercase")]
enum Tests {
    All,
    Own,
}

impl Entry {
    fn proof(self) -> Proof {
        Proof {
            digest: Digest {
                tree: self.tree,
                walkthrough: self.walkthrough,
            },
            proven: self.proven,
            took: Duration::from_secs(self.seconds),
            everything: self.tests == Tests::All,
            prover: self.prover,
        }
    }
}
