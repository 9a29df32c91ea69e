//! What vanishes from a TypeScript, JavaScript or CSS file.

use crate::derive::derivation::Derivation;
use crate::derive::edit::{member, statement, without};
use crate::source::typescript::{code, imports, mentions, resolve};

/// `text` without the imports of files that are not here, and without the imported names that it no longer mentions though
/// `before` does.
pub fn derive(context: &Derivation<'_>, path: &str, before: &str, text: &str) -> String {
    let known = |file: &String| context.sources.texts.contains_key(file);
    let here = |file: &String| context.cut.contains_key(file);
    // A text that is as it was still mentions all that it imports.
    let codes = (before != text).then(|| (code(before), code(text)));
    let unused = |name: &str| {
        codes
            .as_ref()
            .is_some_and(|(before, now)| mentions(before, name) && !mentions(now, name))
    };
    let mut removed = Vec::new();
    for import in imports(text) {
        let files = resolve(path, &import.from);
        if files.iter().any(known) && !files.iter().any(here) {
            removed.push(statement(text, import.range));
            continue;
        }
        let names = import.names.iter();
        let (gone, kept): (Vec<_>, Vec<_>) = names.partition(|name| unused(&name.name));
        if kept.is_empty() && !gone.is_empty() && import.only_names {
            removed.push(statement(text, import.range));
        } else {
            removed.extend(gone.iter().map(|name| member(text, name.range.clone())));
        }
    }
    without(text, removed)
}
