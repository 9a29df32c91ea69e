//! Which file defines a module, and which module a path leads to.
//!
//! A module goes by the folder of its children, such as `crates/a/src/b/` for `b.rs` and for `b/mod.rs` there.

use std::collections::{BTreeMap, BTreeSet};

/// The Rust packages and modules of a tree of files.
#[derive(Debug)]
pub struct Modules {
    /// The folder of each package, by the name that code calls it by.
    packages: BTreeMap<String, String>,
    /// The file of each module.
    files: BTreeMap<String, String>,
}

/// A module and the names behind it that are none of its modules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// The innermost module.
    pub module: String,
    /// What is meant inside of it.
    pub rest: Vec<String>,
}

impl Modules {
    /// Looks at the paths of all files; `manifests` are the `Cargo.toml` among them, with their text.
    pub fn new<'a>(
        paths: impl IntoIterator<Item = &'a str>,
        manifests: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Self {
        let mut packages = BTreeMap::new();
        for (path, text) in manifests {
            let table: Option<toml::Table> = toml::from_str(text).ok();
            let name = table
                .as_ref()
                .and_then(|table| table.get("package")?.get("name")?.as_str());
            if let Some(name) = name {
                let folder = path.trim_end_matches("Cargo.toml").to_owned();
                packages.insert(name.replace('-', "_"), folder);
            }
        }
        let mut modules = Self {
            packages,
            files: BTreeMap::new(),
        };
        for path in paths.into_iter().filter(|path| path.ends_with(".rs")) {
            let module = modules.module_of(path);
            // Where a package has both, `lib.rs` is what its modules belong to.
            if !path.ends_with("/main.rs") || !modules.files.contains_key(&module) {
                modules.files.insert(module, path.to_owned());
            }
        }
        modules
    }

    /// The names of the packages and modules that `other` has not.
    pub fn missing_in(&self, other: &Self) -> BTreeSet<String> {
        let packages = self.packages.keys();
        let packages = packages.filter(|name| !other.packages.contains_key(*name));
        let modules = self.files.keys().filter(|module| !other.has(module));
        let names = modules.filter_map(|module| module.split_terminator('/').next_back());
        packages
            .map(String::as_str)
            .chain(names)
            .map(str::to_owned)
            .collect()
    }

    /// The module that the file at `path` defines.
    pub fn module_of(&self, path: &str) -> String {
        let root = self.root_of(path);
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let folder = format!("{folder}/");
        let each_is_root = |kind| root.ends_with(&format!("/{kind}/"));
        let is_root = matches!(name, "lib.rs" | "main.rs")
            || !root.ends_with("src/") && self.package_of(path) == Some(&root)
            || ["bin", "tests", "examples", "benches"]
                .into_iter()
                .any(each_is_root);
        if name == "mod.rs" || (is_root && folder == root) {
            return folder;
        }
        format!("{folder}{}/", name.trim_end_matches(".rs"))
    }

    /// The root module of the crate that the file at `path` belongs to.
    pub fn root_of(&self, path: &str) -> String {
        let package = self.package_of(path).unwrap_or_default();
        let inside = &path[package.len()..];
        let parts: Vec<&str> = inside.split('/').collect();
        let depth = match parts.as_slice() {
            ["src", "bin", _] => 2,
            ["src", "bin", _, ..] => 3,
            ["src", ..] => 1,
            ["tests" | "examples" | "benches", _] => 1,
            ["tests" | "examples" | "benches", _, ..] => 2,
            _ => 0,
        };
        let folders: String = parts[..depth]
            .iter()
            .map(|part| format!("{part}/"))
            .collect();
        format!("{package}{folders}")
    }

    /// The folder of the package that the file at `path` belongs to.
    pub fn package_of(&self, path: &str) -> Option<&str> {
        let around = |folder: &&String| path.starts_with(folder.as_str());
        let inner = self.packages.values().filter(around);
        inner.max_by_key(|folder| folder.len()).map(String::as_str)
    }

    /// The folder of the package that code calls `name`.
    pub fn package(&self, name: &str) -> Option<&str> {
        self.packages.get(name).map(String::as_str)
    }

    /// The file that defines `module`.
    pub fn file(&self, module: &str) -> Option<&str> {
        self.files.get(module).map(String::as_str)
    }

    /// Where `path` leads that is written in the file at `file`, inside of its inline module `inline`; nowhere in this tree if
    /// it begins with something else than `crate`, `self`, `super`, a module beside or a package.
    pub fn resolve(&self, file: &str, inline: &[String], path: &[String]) -> Option<Target> {
        let own = self.module_of(file);
        let inner: String = inline.iter().map(|name| format!("{name}/")).collect();
        let here = format!("{own}{inner}");
        let (first, mut rest) = path.split_first()?;
        let mut module = match first.as_str() {
            "crate" => self.root_of(file),
            "self" => here,
            "super" => parent(&here),
            name if self.has(&format!("{here}{name}/")) => format!("{here}{name}/"),
            name => format!("{}src/", self.packages.get(name)?),
        };
        while let Some((next, after)) = rest.split_first() {
            let inside = format!("{module}{next}/");
            if next == "super" {
                module = parent(&module);
            } else if self.has(&inside) {
                module = inside;
            } else {
                break;
            }
            rest = after;
        }
        // What stands in an inline module stands in this file.
        let mut before = Vec::new();
        if !self.has(&module) && module.starts_with(&own) {
            let inline = module[own.len()..].split_terminator('/');
            before = inline.map(str::to_owned).collect();
            module = own;
        }
        let rest = [&before, rest].concat();
        Some(Target { module, rest })
    }

    fn has(&self, module: &str) -> bool {
        self.files.contains_key(module)
    }
}

fn parent(module: &str) -> String {
    let above = module.trim_end_matches('/').rsplit_once('/');
    above.map_or(String::new(), |(above, _)| format!("{above}/"))
}
