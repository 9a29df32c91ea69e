//! Finds files that import each other in a circle.
//!
//! Such files can only be understood, changed and moved together. A dependency that goes one way tells a reader where to begin.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::source::imports::leaves;
use crate::source::modules::Modules;
use crate::source::rust::RustFile;
use crate::source::typescript;
use crate::tree::{self, Tree};

/// Where files must not import each other.
const FOLDERS: [&str; 3] = ["crates/", "tools/", "client/src/"];

/// The circles that idiom keeps, each with the reason.
const KEPT: [(&[&str], &str); 0] = [];

/// Which files each file imports.
type Imports = BTreeMap<String, BTreeSet<String>>;

/// What each Rust and TypeScript file of `tree` imports that lies below one of `folders`.
///
/// # Errors
/// When a file is not valid Rust.
fn imports(tree: &Tree, folders: &[&str]) -> anyhow::Result<Imports> {
    let within = |path: &str| folders.iter().any(|folder| path.starts_with(folder));
    let texts: Vec<(&str, &str)> = tree
        .iter()
        .filter_map(|(path, file)| Some((path.as_str(), file.text()?)))
        .filter(|(path, _)| within(path))
        .collect();
    let manifests = texts
        .iter()
        .filter(|(path, _)| path.ends_with("Cargo.toml"));
    let modules = Modules::new(texts.iter().map(|(path, _)| *path), manifests.copied());
    let mut imports = Imports::new();
    for (path, text) in &texts {
        let mut found = if path.ends_with(".rs") {
            let read = RustFile::parse(text);
            let read = read.map_err(|error| anyhow::anyhow!("{path}:{error}"))?;
            of_rust(path, &read, &modules)
        } else if typescript::is_source(path) {
            let named = typescript::imports(text).into_iter();
            named
                .flat_map(|import| typescript::resolve(path, &import.from))
                .filter(|target| tree.contains_key(target))
                .collect()
        } else {
            continue;
        };
        found.remove(*path);
        imports.insert((*path).to_owned(), found);
    }
    Ok(imports)
}

/// For each file that is in a circle the shortest one, each of which begins with the first of its files.
fn circles(imports: &Imports) -> BTreeSet<Vec<String>> {
    let shortest = imports.keys().filter_map(|file| shortest(imports, file));
    shortest
        .map(|mut circle| {
            let first = circle.iter().min().cloned();
            let first = circle.iter().position(|file| Some(file) == first.as_ref());
            circle.rotate_left(first.unwrap_or(0));
            circle
        })
        .collect()
}

/// The shortest way from `start` back to `start`.
fn shortest(imports: &Imports, start: &str) -> Option<Vec<String>> {
    let mut ways = vec![vec![start.to_owned()]];
    let mut met = BTreeSet::new();
    while !ways.is_empty() {
        let mut longer = Vec::new();
        for way in ways {
            for next in imports.get(way.last()?).into_iter().flatten() {
                if next == start {
                    return Some(way);
                }
                if met.insert(next) {
                    longer.push([&way[..], std::slice::from_ref(next)].concat());
                }
            }
        }
        ways = longer;
    }
    None
}

fn of_rust(file: &str, read: &RustFile, modules: &Modules) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut add = |module: &[String], path: &[String]| {
        let target = modules.resolve(file, module, path);
        let target =
            target.filter(|target| modules.package_of(file) == modules.package_of(&target.module));
        found.extend(target.and_then(|target| modules.file(&target.module).map(str::to_owned)));
    };
    for item in &read.uses {
        for leaf in leaves(&item.tree) {
            add(&item.module, &leaf.path);
        }
    }
    for (position, path) in paths(read) {
        let module = read.module_at(position);
        match imported(read, module, &path[0]) {
            Some(import) => add(module, &[&import[..], &path[1..]].concat()),
            None => add(module, &path),
        }
    }
    found
}

/// What an import in `module` gives the name `name` to.
fn imported(read: &RustFile, module: &[String], name: &str) -> Option<Vec<String>> {
    let near = read.uses.iter().filter(|item| module == item.module);
    near.flat_map(|item| leaves(&item.tree))
        .find(|leaf| leaf.name.as_deref() == Some(name))
        .map(|leaf| leaf.path)
}

/// The paths of at least two segments in the code, each with its place.
fn paths(read: &RustFile) -> Vec<(usize, Vec<String>)> {
    let mut found = Vec::new();
    let mut tokens = read.tokens.iter().peekable();
    let is_name = |text: &str| text.starts_with(|c: char| c.is_alphabetic() || c == '_');
    while let Some(token) = tokens.next() {
        if !is_name(&token.text) {
            continue;
        }
        let mut path = vec![token.text.clone()];
        loop {
            let mut ahead = tokens.clone();
            let colons = ahead.next().is_some_and(|next| next.text == ":")
                && ahead.next().is_some_and(|next| next.text == ":");
            let Some(name) = ahead.next().filter(|next| colons && is_name(&next.text)) else {
                break;
            };
            path.push(name.text.clone());
            tokens = ahead;
        }
        if path.len() > 1 {
            found.push((token.range.start, path));
        }
    }
    found
}

#[test]
fn no_two_files_import_each_other() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let imports = imports(&tree::of_worktree(&root).unwrap(), &FOLDERS).unwrap();
    let mut found = circles(&imports);
    found.retain(|circle| !KEPT.iter().any(|(kept, _)| circle == kept));
    let shown: Vec<_> = found.iter().map(|circle| circle.join(" -> ")).collect();
    assert!(
        found.is_empty(),
        "these files import each other; move what both need to a file below them:\n{}",
        shown.join("\n")
    );
}

#[test]
fn a_circle_is_found_however_it_is_written() {
    type Files<'a> = &'a [(&'a str, &'a str)];
    let cases: [(Files<'_>, &[&str]); 6] = [
        (
            &[
                ("a.rs", "use crate::b::B;"),
                ("b.rs", "fn f() { crate::a::g() }"),
            ],
            &["a.rs b.rs"],
        ),
        (
            &[
                ("a.rs", "use super::b;"),
                ("b.rs", "use super::c::{d, self};"),
                ("c.rs", "use crate::a;"),
            ],
            &["a.rs b.rs c.rs"],
        ),
        // A name of `lib.rs` is in `lib.rs`, whoever defines it.
        (
            &[
                ("lib.rs", "pub mod a;\npub use a::A;\n"),
                ("a.rs", "use crate::A;"),
            ],
            &["a.rs lib.rs"],
        ),
        (&[("lib.rs", "mod a;\n"), ("a.rs", "use crate::A;")], &[]),
        (
            &[
                ("a.rs", "mod b { use super::super::c::C; }"),
                ("c.rs", "use crate::a::b::D;"),
            ],
            &["a.rs c.rs"],
        ),
        (
            &[
                ("a.rs", "#[cfg(test)]\nmod tests;\n"),
                ("a/tests.rs", "use super::*;"),
            ],
            &[],
        ),
    ];
    for (files, expected) in cases {
        let mut tree = Tree::new();
        let manifest = (
            "crates/x/Cargo.toml".to_owned(),
            "[package]\nname = \"x\"\n",
        );
        let sources = files
            .iter()
            .map(|(path, text)| (format!("crates/x/src/{path}"), *text));
        for (path, text) in sources.chain([manifest]) {
            let bytes = text.as_bytes().to_vec();
            tree.insert(
                path,
                tree::File {
                    mode: tree::Mode::Plain,
                    bytes,
                },
            );
        }
        let found = circles(&imports(&tree, &FOLDERS).unwrap());
        let found = found
            .iter()
            .map(|circle| circle.join(" ").replace("crates/x/src/", ""));
        assert_eq!(found.collect::<Vec<_>>(), expected, "{files:?}");
    }
}

#[test]
fn a_circle_is_found_in_typescript() {
    let file = |text: &str| tree::File {
        mode: tree::Mode::Plain,
        bytes: text.into(),
    };
    let tree = Tree::from([
        (
            "client/src/a.ts".to_owned(),
            file("import type { B } from \"./net/b\";\n"),
        ),
        (
            "client/src/net/b.ts".to_owned(),
            file("export { C } from \"../c.js\";\n"),
        ),
        (
            "client/src/c.ts".to_owned(),
            file("import {\n  a,\n} from './a';\n"),
        ),
    ]);
    let found = circles(&imports(&tree, &FOLDERS).unwrap());
    let expected = ["client/src/a.ts", "client/src/net/b.ts", "client/src/c.ts"];
    assert_eq!(
        found,
        BTreeSet::from([expected.map(str::to_owned).to_vec()])
    );
}
