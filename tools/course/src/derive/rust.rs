//! What vanishes from a Rust file.

use std::ops::Range;

use crate::derive::derivation::Derivation;
use crate::derive::edit::{member, statement, without};
use crate::source::imports::{End, Node, Use, leaves_of};
use crate::source::rust::{Declaration, RustFile};

/// `text` without the modules that are not here, the imports of what is not here, and those of what it no longer
/// mentions though `before` does.
///
/// # Errors
/// When one of the texts is not valid Rust.
pub fn derive(
    context: &Derivation<'_>,
    path: &str,
    before: &str,
    text: &str,
) -> anyhow::Result<String> {
    let before = context.reader.read(path, before)?;
    let read = context.reader.read(path, text)?;
    let file = File {
        context,
        path,
        before: &before,
        read: &read,
    };
    let mut removed = Vec::new();
    for declaration in &read.declarations {
        if !file.has(declaration) {
            removed.push(statement(text, declaration.range.clone()));
        }
    }
    for item in &read.uses {
        let vanishes = |path: &[String], name: Option<&str>| {
            file.leads_nowhere(item, path) || name.is_some_and(|name| file.is_unused(item, name))
        };
        if remove(&item.tree, &[], &vanishes, text, &mut removed) {
            removed.push(statement(text, item.range.clone()));
        }
    }
    Ok(without(text, removed))
}

/// The names that the file at `path` has in another lesson, as `before` says, and not in this one, where it is `derived`.
///
/// # Errors
/// When one of the texts is not valid Rust.
pub fn gone(
    context: &Derivation<'_>,
    path: &str,
    before: &str,
    derived: &str,
) -> anyhow::Result<Vec<(String, String)>> {
    let before = context.reader.read(path, before)?;
    let left = context.reader.read(path, derived)?;
    let module = context.all.module_of(path);
    let gone = before.names();
    Ok(gone
        .difference(&left.names())
        .map(|name| (module.clone(), name.clone()))
        .collect())
}

struct File<'a> {
    context: &'a Derivation<'a>,
    path: &'a str,
    before: &'a RustFile,
    read: &'a RustFile,
}

impl File<'_> {
    /// Whether the file that a `mod x;` means is here.
    fn has(&self, declaration: &Declaration) -> bool {
        let modules = &self.context.all;
        let inner: String = declaration
            .module
            .iter()
            .map(|name| format!("{name}/"))
            .collect();
        if let Some(path) = &declaration.path {
            let folder = self.path.rsplit_once('/').map_or("", |(folder, _)| folder);
            let file = format!("{folder}/{inner}{path}");
            return self.context.cut.contains_key(&file);
        }
        let module = format!(
            "{}{inner}{}",
            modules.module_of(self.path),
            declaration.name
        );
        [".rs", "/mod.rs"]
            .iter()
            .any(|end| self.context.cut.contains_key(&format!("{module}{end}")))
    }

    /// Whether `path` leads into a module or crate that is not here, or to a name that is gone.
    fn leads_nowhere(&self, item: &Use, path: &[String]) -> bool {
        let Derivation {
            all, here, gone, ..
        } = self.context;
        let Some(target) = all.resolve(self.path, &item.module, path) else {
            return false;
        };
        let absent = all.file(&target.module).is_some() && here.file(&target.module).is_none();
        let mut rest = target.rest.into_iter();
        absent
            || rest
                .next()
                .is_some_and(|name| gone.contains(&(target.module, name)))
    }

    /// Whether the file mentioned `name` before its marks were followed and does so no more. A trait that is there for its
    /// methods was never mentioned.
    fn is_unused(&self, item: &Use, name: &str) -> bool {
        !item.public
            && !item.attributes
            && !self.read.mentions(&item.module, name)
            && self.before.mentions(&item.module, name)
    }
}

/// Whether all of `node` vanishes. If only parts of it do, their ranges are put into `removed`.
fn remove(
    node: &Node,
    before: &[String],
    vanishes: &dyn Fn(&[String], Option<&str>) -> bool,
    text: &str,
    removed: &mut Vec<Range<usize>>,
) -> bool {
    let path = [before, &node.path].concat();
    let End::Group(nodes) = &node.end else {
        let mut leaf = leaves_of(node, before).into_iter();
        return leaf.all(|leaf| vanishes(&leaf.path, leaf.name.as_deref()));
    };
    let mut parts = Vec::new();
    let gone: Vec<bool> = nodes
        .iter()
        .map(|node| remove(node, &path, vanishes, text, &mut parts))
        .collect();
    if !nodes.is_empty() && gone.iter().all(|gone| *gone) {
        return true;
    }
    removed.extend(parts);
    for (node, _) in nodes.iter().zip(gone).filter(|(_, gone)| *gone) {
        removed.push(member(text, node.range.clone()));
    }
    false
}
