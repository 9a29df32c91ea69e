//! All that is known of one cut when its files are derived.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

use anyhow::anyhow;

use crate::source::modules::Modules;
use crate::source::rust::RustFile;
use crate::tree::Tree;

/// What a cut is made from.
#[derive(Default)]
pub struct Sources {
    /// Each text that is in this lesson or in another, before its marks were followed.
    pub texts: BTreeMap<String, String>,
    /// Where an own file of the lesson wins, main's.
    pub hidden: BTreeMap<String, String>,
}

/// Reads Rust files, each text once.
#[derive(Default)]
pub struct Reader {
    known: RefCell<HashMap<String, Rc<RustFile>>>,
}

impl Reader {
    /// Reads `text`, which stands at `path`.
    ///
    /// # Errors
    /// When it is not valid Rust.
    pub fn read(&self, path: &str, text: &str) -> anyhow::Result<Rc<RustFile>> {
        if let Some(known) = self.known.borrow().get(text) {
            return Ok(Rc::clone(known));
        }
        let read = RustFile::parse(text).map_err(|error| anyhow!("{path}:{error}"))?;
        let read = Rc::new(read);
        self.known
            .borrow_mut()
            .insert(text.to_owned(), Rc::clone(&read));
        Ok(read)
    }
}

/// One cut, with what it was made from.
pub struct Derivation<'a> {
    /// Reads Rust files.
    pub reader: &'a Reader,
    /// What it is made from.
    pub sources: &'a Sources,
    /// The modules of all lessons.
    pub all: Modules,
    /// The modules of this one.
    pub here: Modules,
    /// Names, each with the module, that the module has in another lesson and not in this one.
    pub gone: BTreeSet<(String, String)>,
    /// The names by which code gets at what is not here.
    pub absent: BTreeSet<String>,
    /// The files of the cut.
    pub cut: &'a mut Tree,
}

impl<'a> Derivation<'a> {
    /// Begins with `cut` as it is when its marks were followed.
    pub fn new(reader: &'a Reader, sources: &'a Sources, cut: &'a mut Tree) -> Self {
        let manifests = |(path, text): (&'a String, &'a String)| {
            path.ends_with("Cargo.toml")
                .then_some((path.as_str(), text.as_str()))
        };
        let all = Modules::new(
            sources.texts.keys().map(String::as_str),
            sources.texts.iter().filter_map(manifests),
        );
        let here: Vec<(&str, &str)> = cut
            .iter()
            .filter_map(|(path, file)| Some((path.as_str(), file.text()?)))
            .collect();
        let manifests = here.iter().filter(|(path, _)| path.ends_with("Cargo.toml"));
        let here = Modules::new(here.iter().map(|(path, _)| *path), manifests.copied());
        let absent = all.missing_in(&here);
        Self {
            reader,
            sources,
            all,
            here,
            gone: BTreeSet::new(),
            absent,
            cut,
        }
    }

    /// Whether one of the words of `text` stands for something that is not here. Most files need not be read then.
    pub fn may_concern(&self, text: &str) -> bool {
        text.split(|c: char| !c.is_alphanumeric() && c != '_')
            .any(|word| self.absent.contains(word))
    }
}
