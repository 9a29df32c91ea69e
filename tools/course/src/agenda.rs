//! What is to be proven, in which order, and when there is no more time for it.
//!
//! What is named or not proven comes first, in the order of the course. In the rest of the time others are proven again,
//! the oldest proof first. So an entry that somebody wrote by hand, or that has become untrue by something that it does
//! not cover, is found before long.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{bail, ensure};
use jiff::Timestamp;

use crate::choice::{Choice, shown};
use crate::course::Lesson;
use crate::cutter::Cutter;
use crate::digest;
use crate::proofs::{Digest, Half, MAIN, Proof, Proofs};

/// What can be on an agenda.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Candidates {
    /// The lessons.
    Lessons,
    /// Main alone.
    Main,
    /// Main, and the lessons after it.
    All,
}

/// Main, or one lesson.
#[derive(Clone, Debug)]
pub struct Subject {
    /// The lesson; none is main.
    pub lesson: Option<Lesson>,
    digest: Option<Digest>,
    begun: Timestamp,
}

impl Subject {
    /// "main", or the lesson's branch.
    pub fn name(&self) -> &str {
        self.lesson.as_ref().map_or(MAIN, |lesson| &lesson.branch)
    }
}

/// Gives the time: that of the machine, or that of a test.
pub type Clock = Box<dyn Fn() -> Timestamp + Send>;

/// What is still to be proven. Ask for [`Self::next`] until there is none, and tell how each ended.
pub struct Agenda {
    root: PathBuf,
    cutter: Cutter,
    half: Half,
    choice: Choice,
    proofs: Proofs,
    /// What must be proven.
    must: VecDeque<Subject>,
    /// What is proven, the oldest first.
    proven: VecDeque<Subject>,
    /// What there was no time for.
    left: Vec<String>,
    failed: Vec<String>,
    begun: Timestamp,
    /// When the first was begun to be proven again.
    again: Option<Timestamp>,
    clock: Clock,
}

impl Agenda {
    /// What of the working tree at `root` is to be proven on this half, and says which proofs hold.
    ///
    /// # Errors
    /// When there is none of those `names`, or more must be proven than, by the time that it took before, fits.
    pub fn open(
        root: &Path,
        half: Half,
        candidates: Candidates,
        names: &[String],
        choice: Choice,
    ) -> anyhow::Result<Self> {
        Self::with_clock(
            root,
            half,
            candidates,
            names,
            choice,
            Box::new(Timestamp::now),
        )
    }

    /// The same by another clock.
    pub(crate) fn with_clock(
        root: &Path,
        half: Half,
        candidates: Candidates,
        names: &[String],
        choice: Choice,
        clock: Clock,
    ) -> anyhow::Result<Self> {
        let cutter = Cutter::of_worktree(root)?;
        let begun = clock();
        let named = named(&cutter, candidates, names)?;
        let mut agenda = Self {
            root: root.to_owned(),
            half,
            choice,
            proofs: Proofs::read(root)?,
            must: VecDeque::new(),
            proven: VecDeque::new(),
            left: Vec::new(),
            failed: Vec::new(),
            begun,
            again: None,
            clock,
            cutter,
        };
        agenda.sort(candidates, &named);
        agenda.refuse_too_much()?;
        Ok(agenda)
    }

    /// Main as it was when this agenda was made. What is proven has to be cut from it, whatever has changed meanwhile.
    pub fn cutter(&self) -> &Cutter {
        &self.cutter
    }

    /// Whether all tests of a cut are to be run.
    pub fn everything(&self) -> bool {
        self.choice.everything
    }

    /// Whether only exercises are tried.
    pub fn only_exercises(&self) -> bool {
        self.choice.exercises
    }

    /// What is to be proven now; none if all is, or if no time is left.
    pub fn next_subject(&mut self) -> Option<Subject> {
        let mut subject = match self.must.pop_front() {
            Some(subject) if self.fits(&subject, self.begun, self.choice.within) => subject,
            Some(subject) => {
                let rest = std::iter::once(subject).chain(self.must.drain(..));
                self.left = rest.map(|subject| subject.name().to_owned()).collect();
                return None;
            }
            None if self.left.is_empty() => self.next_again()?,
            None => return None,
        };
        subject.begun = (self.clock)();
        Some(subject)
    }

    /// Writes down that `subject` has passed. Without a digest it cannot even be cut, and has not passed.
    ///
    /// # Errors
    /// When the record cannot be written.
    pub fn passed(&mut self, subject: Subject) -> anyhow::Result<()> {
        let now = (self.clock)();
        let name = subject.name().to_owned();
        let proof = subject.digest.map(|digest| Proof {
            digest,
            proven: now,
            took: since(subject.begun, now),
            everything: self.choice.everything || subject.lesson.is_none(),
            prover: digest::of_prover(&self.cutter),
        });
        self.record(&name, proof)
    }

    /// Takes back that `subject` was ever proven.
    ///
    /// # Errors
    /// When the record cannot be written.
    pub fn failed(&mut self, subject: &Subject) -> anyhow::Result<()> {
        self.failed.push(subject.name().to_owned());
        self.record(subject.name(), None)
    }

    /// Says why what has not failed is nevertheless not proven.
    pub fn incomplete(&self, subject: &Subject, reason: &str) {
        println!("{} is not recorded as proven: {reason}", subject.name());
    }

    /// Ends the run.
    ///
    /// # Errors
    /// When something has failed or there was no time for it; the error names all of it.
    pub fn conclude(&self) -> anyhow::Result<()> {
        ensure!(self.failed.is_empty(), "failed: {}", self.failed.join(", "));
        if let Some(within) = self.choice.within
            && !self.left.is_empty()
        {
            bail!(
                "{} was too short: {}",
                shown(within),
                self.advice(&self.left)
            );
        }
        Ok(())
    }

    /// Parts what must be proven from what is, and says the second.
    fn sort(&mut self, candidates: Candidates, named: &[String]) {
        let course = &self.cutter.course;
        let main = (candidates != Candidates::Lessons).then_some(None);
        let lessons = course.lessons.iter().cloned().map(Some);
        let lessons = lessons.filter(|_| candidates != Candidates::Main);
        let all: Vec<Option<Lesson>> = main.into_iter().chain(lessons).collect();
        let mut proven = Vec::new();
        for lesson in all {
            let mut subject = Subject {
                lesson,
                digest: None,
                begun: self.begun,
            };
            let wanted = named.iter().any(|name| name == subject.name());
            // Whoever names lessons means these only, if no time is given.
            if !wanted && !named.is_empty() && self.choice.within.is_none() {
                continue;
            }
            // What cannot be cut is to be proven, and fails by that.
            subject.digest = match &subject.lesson {
                None => Some(digest::of_main(&self.cutter)),
                Some(lesson) => digest::of_lesson(&self.cutter, lesson).ok(),
            };
            let proof = self.proofs.get(subject.name(), self.half);
            let holds = |proof: &&Proof| {
                let digest = subject.digest.as_ref();
                digest.is_some_and(|digest| proof.holds_for(digest, self.begun))
            };
            let all_named = named.is_empty() && self.choice.everything;
            match proof.filter(holds) {
                Some(proof) if !wanted && !all_named => {
                    let date = proof.proven.strftime("%Y-%m-%d");
                    println!("{}: proven {date}", subject.name());
                    proven.push((proof.proven, subject));
                }
                _ => self.must.push_back(subject),
            }
        }
        proven.sort_by_key(|(date, _)| *date);
        self.proven = proven.into_iter().map(|(_, subject)| subject).collect();
    }

    /// Fails at once where it will not do: minutes later it would say the same.
    fn refuse_too_much(&self) -> anyhow::Result<()> {
        let Some(within) = self.choice.within else {
            return Ok(());
        };
        let needed: Duration = self.must.iter().map(|subject| self.estimate(subject)).sum();
        if needed > within {
            let names: Vec<_> = self
                .must
                .iter()
                .map(|subject| subject.name().to_owned())
                .collect();
            bail!(
                "what is not proven took {} before, and {} are given: {}",
                shown(needed),
                shown(within),
                self.advice(&names)
            );
        }
        Ok(())
    }

    /// The oldest proof, if there is time to prove it again.
    fn next_again(&mut self) -> Option<Subject> {
        let within = self.choice.within?;
        let oldest = self.proven.front()?;
        let fits = self.fits(oldest, self.begun, Some(within))
            && match self.again {
                // One in any case: an oldest that never fits would keep all others from their turn.
                None => true,
                Some(begun) => self.fits(oldest, begun, Some(self.choice.again.unwrap_or(within))),
            };
        if !fits {
            println!("no time is left to prove {} again", oldest.name());
            return None;
        }
        self.again.get_or_insert((self.clock)());
        let subject = self.proven.pop_front()?;
        println!("{} again, whose proof is the oldest:", subject.name());
        Some(subject)
    }

    /// Whether `subject`, begun now, would probably end in time.
    fn fits(&self, subject: &Subject, begun: Timestamp, limit: Option<Duration>) -> bool {
        let used = since(begun, (self.clock)());
        limit.is_none_or(|limit| used + self.estimate(subject) < limit)
    }

    /// How long it took before; if it is new, how long others took on average.
    fn estimate(&self, subject: &Subject) -> Duration {
        let took = |name: &str| self.proofs.get(name, self.half).map(|proof| proof.took);
        let branches = self
            .cutter
            .course
            .lessons
            .iter()
            .map(|lesson| lesson.branch.as_str());
        took(subject.name()).unwrap_or_else(|| {
            let known: Vec<_> = branches.filter_map(took).collect();
            let count = u32::try_from(known.len()).unwrap_or(u32::MAX);
            known
                .iter()
                .sum::<Duration>()
                .checked_div(count)
                .unwrap_or_default()
        })
    }

    fn record(&mut self, name: &str, proof: Option<Proof>) -> anyhow::Result<()> {
        let (root, course) = (&self.root, &self.cutter.course);
        self.proofs.record(root, course, name, self.half, proof)
    }

    fn advice(&self, names: &[String]) -> String {
        let command = match self.half {
            Half::Native => "lessons check",
            Half::Compose => "compose",
        };
        let names = names.join(" ");
        format!("prove these before, and commit lessons/proofs.toml: cargo xtask {command} {names}")
    }
}

/// The branches that `names` mean, and "main" where it can be proven.
fn named(cutter: &Cutter, candidates: Candidates, names: &[String]) -> anyhow::Result<Vec<String>> {
    let branch = |name: &String| {
        if name == MAIN && candidates != Candidates::Lessons {
            return Ok(name.clone());
        }
        Ok(cutter.course.lesson(name)?.branch.clone())
    };
    names.iter().map(branch).collect()
}

fn since(begun: Timestamp, now: Timestamp) -> Duration {
    // A clock that was set back has measured nothing.
    now.duration_since(begun).try_into().unwrap_or_default()
}
