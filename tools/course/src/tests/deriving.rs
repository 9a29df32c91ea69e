//! What vanishes from a cut by itself, and the marks that say so nevertheless.

use std::path::Path;

use super::repository::{commit, git, write};
use crate::cutter::Cutter;
use crate::{audit, budget, variants};

const COURSE: &str = r#"
main = ["lessons"]

[[lesson]]
branch = "0_base"
title = "Base"
adds = "a"
problem = "p"
files = ["Cargo.toml", "Cargo.lock", "crates", "client"]

[[lesson]]
branch = "1_more"
title = "More"
adds = "a"
problem = "p"
files = ["crates/more", "crates/base/src/id.rs", "crates/base/src/deep/er.rs", "client/later.ts", "client/later.css"]
"#;

const MANIFEST: &str = "\
[workspace]
resolver = \"3\"
members = [\"crates/base\", \"crates/more\"]

[workspace.dependencies]
base = { path = \"crates/base\" }

# Says more.
more = { path = \"crates/more\" }
";

const BASE: &str = "\
[package]
name = \"base\"
version = \"0.1.0\"
edition = \"2024\"

[dependencies]
# Only for what it adds.
more.workspace = true

[target.'cfg(unix)'.dev-dependencies]
more = { workspace = true }
";

const LIB: &str = "\
//! The base.

mod deep;
/// What has a name.
#[rustfmt::skip]
pub mod id;
pub mod plain;

pub use id::{Id, none as nobody};
pub use plain::Plain;

pub fn now() {}
";

const PLAIN: &str = "\
//! Plain.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use crate::{
    Id, now, // both
    deep::er::{Er, name},
};
use more::{self, More};

/// Plain.
pub struct Plain(pub BTreeMap<u8, u8>);

impl Plain {
    /// Says it.
    pub fn say(&self) {
        now();
        let mut text = String::new();
        let _ = write!(text, \"{}\", self.0.len());
    }
}

// lesson 1
impl Plain {
    /// Says more.
    pub fn more(&self) -> (BTreeSet<Id>, More, Er) {
        more::more(name());
        todo!()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nobody;
}
";

const TYPESCRIPT: &str = "\
import \"./later.css\";
import { later } from \"./later\";
import { always, type Once, sometimes as once } from \"./always.js\";
import { gone } from \"./always\";

always(`${once /* not gone */}`, later); // lesson 1
const text = 'once gone Once', x: Once = always(); // lesson 1
gone(); // lesson 1
always(\"gone\");
";

fn repository() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path();
    let more = BASE.replace("base", "more");
    let files = [
        ("lessons/lessons.toml", COURSE),
        ("Cargo.toml", MANIFEST),
        (
            "Cargo.lock",
            "version = 4\n\n[[package]]\nname = \"base\"\nversion = \"0.1.0\"\ndependencies = [\n \"more\",\n]\n\n[[package]]\nname = \"more\"\nversion = \"0.1.0\"\n",
        ),
        ("crates/base/Cargo.toml", BASE),
        ("crates/base/src/lib.rs", LIB),
        ("crates/base/src/id.rs", "//! Ids.\n"),
        ("crates/base/src/plain.rs", PLAIN),
        ("crates/base/src/deep/mod.rs", "pub mod er;\n"),
        ("crates/base/src/deep/er.rs", "//! Er.\n"),
        (
            "crates/more/Cargo.toml",
            more.split("\n[dep").next().unwrap(),
        ),
        ("crates/more/src/lib.rs", "//! More.\n"),
        ("client/main.ts", TYPESCRIPT),
        ("client/always.ts", ""),
        ("client/later.ts", ""),
        ("client/later.css", ""),
        ("client/main.css", "@import \"./later.css\";\na {}\n"),
    ];
    for (path, text) in files {
        write(root, path, text);
    }
    git(root, &["init", "--quiet", "--initial-branch=main", "."]);
    git(root, &["config", "user.name", "A Learner"]);
    git(root, &["config", "user.email", "learner@example.com"]);
    commit(root);
    dir
}

fn cut(root: &Path, lesson: &str, path: &str) -> String {
    let cutter = Cutter::of_worktree(root).unwrap();
    let dir = tempfile::tempdir().unwrap();
    let lesson = cutter.course.lesson(lesson).unwrap();
    let tree = cutter.cut(lesson, &dir.path().join("cut")).unwrap();
    tree[path].text().unwrap().to_owned()
}

#[test]
fn modules_and_what_is_imported_from_them_vanish() {
    let repository = repository();
    let root = repository.path();
    let lib =
        "//! The base.\n\nmod deep;\npub mod plain;\n\npub use plain::Plain;\n\npub fn now() {}\n";
    assert_eq!(cut(root, "0", "crates/base/src/lib.rs"), lib);
    assert_eq!(cut(root, "1", "crates/base/src/lib.rs"), LIB);
    assert_eq!(cut(root, "0", "crates/base/src/deep/mod.rs"), "\n");
    let plain = cut(root, "0", "crates/base/src/plain.rs");
    let head = "//! Plain.\n\nuse std::collections::BTreeMap;\nuse std::fmt::Write;\n\nuse crate::{\n    now, // both\n};\n\n/// Plain.\n";
    assert!(plain.starts_with(head), "{plain}");
    assert!(
        plain.ends_with("mod tests {\n    use super::*;\n}\n"),
        "{plain}"
    );
    let whole = PLAIN.replace("// lesson 1\n", "");
    let tail = whole.split_once("/// Plain.").unwrap().1;
    assert!(cut(root, "1", "crates/base/src/plain.rs").ends_with(tail));
}

#[test]
fn dependencies_that_nothing_uses_vanish() {
    let repository = repository();
    let root = repository.path();
    let workspace = "[workspace]\nresolver = \"3\"\nmembers = [\"crates/base\", ]\n\n[workspace.dependencies]\n";
    assert_eq!(cut(root, "0", "Cargo.toml"), workspace);
    assert_eq!(
        cut(root, "1", "Cargo.toml"),
        MANIFEST.replace("base = { path = \"crates/base\" }\n\n", "")
    );
    let base = BASE.split("\n[dependencies]").next().unwrap();
    assert_eq!(cut(root, "0", "crates/base/Cargo.toml"), base);
    assert_eq!(cut(root, "1", "crates/base/Cargo.toml"), BASE);
    // The crate is there, but its last mention is not.
    let course = COURSE.replace("\"crates/more\", ", "");
    write(root, "lessons/lessons.toml", &course);
    assert_eq!(cut(root, "0", "crates/base/Cargo.toml"), base);
}

#[test]
fn what_is_no_member_is_not_mentioned_where_it_is_not() {
    let repository = repository();
    let root = repository.path();
    let plain = cut(root, "1", "Cargo.toml");
    let excluding = |folder: &str, text: &str| {
        let members = "\"crates/more\"]\n";
        text.replace(members, &format!("{members}exclude = [\"{folder}\"]\n"))
    };
    write(root, "Cargo.toml", &excluding("tool", MANIFEST));
    assert_eq!(cut(root, "1", "Cargo.toml"), plain);
    write(root, "Cargo.toml", &excluding("client", MANIFEST));
    assert_eq!(cut(root, "1", "Cargo.toml"), excluding("client", &plain));
}

#[test]
fn imports_of_the_client_vanish() {
    let repository = repository();
    let root = repository.path();
    let cut_0 = "import { always, } from \"./always.js\";\n\nalways(\"gone\");\n";
    assert_eq!(cut(root, "0", "client/main.ts"), cut_0);
    assert_eq!(
        cut(root, "1", "client/main.ts"),
        TYPESCRIPT.replace(" // lesson 1", "")
    );
    assert_eq!(cut(root, "0", "client/main.css"), "a {}\n");
}

#[test]
fn a_mark_of_what_vanishes_by_itself_is_refused_and_taken_away() {
    let repository = repository();
    let root = repository.path();
    let marked = [
        (
            "Cargo.toml",
            MANIFEST.replace("# Says more.", "# lesson 1\n# Says more."),
        ),
        (
            "crates/base/src/lib.rs",
            LIB.replace("nobody};", "nobody}; // lesson 1"),
        ),
        (
            "crates/base/src/plain.rs",
            PLAIN.replace("\nuse more", "\n\n// lesson 1\nuse more"),
        ),
        (
            "client/main.ts",
            TYPESCRIPT.replace("css\";", "css\"; // lesson 1"),
        ),
    ];
    for (path, text) in &marked {
        write(root, path, text);
    }
    let error = audit::check(&Cutter::of_worktree(root).unwrap())
        .unwrap_err()
        .to_string();
    let places = [
        "Cargo.toml:8",
        "client/main.ts:1",
        "crates/base/src/lib.rs:9",
        "crates/base/src/plain.rs:11",
    ];
    let found: Vec<_> = error
        .lines()
        .filter_map(|line| line.split_once(": this line would vanish by itself"))
        .collect();
    assert_eq!(
        found.iter().map(|(place, _)| *place).collect::<Vec<_>>(),
        places,
        "{error}"
    );
    assert_eq!(audit::strip(root).unwrap(), 4);
    assert_eq!(git(root, &["status", "--porcelain"]), "");
    audit::check(&Cutter::of_worktree(root).unwrap()).unwrap();
}

#[test]
fn one_mark_too_many_is_refused() {
    let repository = repository();
    let root = repository.path();
    let refusal = |course: &str, path: &str, text: &str| {
        write(root, "lessons/lessons.toml", &(course.to_owned() + COURSE));
        write(root, path, text);
        let budget = budget::Budget::of(&Cutter::of_worktree(root).unwrap()).unwrap();
        let refused = budget
            .check()
            .map_or_else(|error| error.to_string(), |()| budget.to_string());
        write(root, path, "");
        refused
    };
    let path = "crates/base/src/a.rs";
    let marks = |count: usize| "a(); // lesson 1\n".repeat(count);
    assert!(refusal("", path, &marks(6)).contains("10 of  10  1_more"));
    let error = refusal("", path, &marks(7));
    let expected = "crates/base/src/plain.rs:24: this is mark 11 of 1_more, and 10 are allowed";
    assert!(error.starts_with(expected), "{error}");
    let error = refusal("", path, &marks(13));
    let expected = "crates/base/src/a.rs:8: this is mark 11 of 1_more";
    assert!(error.starts_with(expected), "{error}");
    let error = refusal(
        "marks = { file = 3, removed = 1, lesson = 99 }\n",
        path,
        &marks(4),
    );
    assert!(
        error.starts_with("crates/base/src/a.rs:4: this is mark 4 of the file"),
        "{error}"
    );
    let removed = "// a(); // lesson 0 only\n\n// lesson 0 only\n// b();\n";
    let error = refusal(
        "marks = { file = 3, removed = 1, lesson = 99 }\n",
        path,
        removed,
    );
    assert!(
        error.starts_with("crates/base/src/a.rs:3: with this, 2 lines stand commented out"),
        "{error}"
    );
    let error = refusal("", "crates/base/src/main.rs", &marks(1));
    assert!(
        error.starts_with("crates/base/src/main.rs:1: a service's main.rs"),
        "{error}"
    );
}

#[test]
fn a_variant_whose_original_has_moved_on_is_told() {
    let repository = repository();
    let root = repository.path();
    let check = || {
        let checked = variants::check(root, &Cutter::of_worktree(root).unwrap());
        checked.map_err(|error| error.to_string())
    };
    let looked = |paths: &[&str]| {
        let paths: Vec<String> = paths.iter().map(|path| (*path).to_owned()).collect();
        variants::looked(root, &Cutter::of_worktree(root).unwrap(), &paths)
    };
    assert_eq!(check(), Ok(()));
    let own = "lessons/0_base/client/always.ts";
    write(root, own, "own");
    write(root, "lessons/0_base/client/new.ts", "wins over nothing");
    let error = check().unwrap_err();
    assert!(
        error.starts_with(&format!("{own}: nobody has said")),
        "{error}"
    );
    assert!(looked(&["client/new.ts"]).is_err());
    assert_eq!(looked(&[own]).unwrap(), 1);
    assert_eq!(check(), Ok(()));
    write(root, "client/always.ts", "main's is another now");
    let error = check().unwrap_err();
    let diff = "see `git diff e69de29bb2d1d6434b8b29ae775ad8c2e48c5391 client/always.ts`";
    assert!(error.contains(diff), "{error}");
    assert_eq!(looked(&["client/always.ts"]).unwrap(), 1);
    assert_eq!(check(), Ok(()));
    std::fs::remove_file(root.join(own)).unwrap();
    assert!(check().unwrap_err().contains("does not win over"));
    assert_eq!(looked(&[]).unwrap(), 0);
    assert_eq!(check(), Ok(()));
}
