//! Lets vanish from a whole cut what vanishes by itself.

use crate::derive::derivation::{Derivation, Reader, Sources};
use crate::derive::{manifest, rust, typescript};
use crate::source::typescript::is_source;
use crate::tree::Tree;

/// Lets vanish from `cut`, whose marks were followed, what vanishes by itself.
///
/// # Errors
/// When a file cannot be read.
pub fn derive<'a>(
    reader: &'a Reader,
    sources: &'a Sources,
    cut: &'a mut Tree,
) -> anyhow::Result<Derivation<'a>> {
    let mut derivation = Derivation::new(reader, sources, cut);
    let (manifests, others): (Vec<String>, Vec<String>) = derivation
        .cut
        .keys()
        .cloned()
        .partition(|path| path.ends_with("Cargo.toml"));
    // What one file no longer has on offer, another can no longer import.
    while each(&mut derivation, &others)? {}
    // A dependency goes with the last mention of it, and the workspace's with the last crate that has it.
    let (workspace, members): (Vec<_>, Vec<_>) =
        manifests.into_iter().partition(|path| path == "Cargo.toml");
    each(&mut derivation, &members)?;
    each(&mut derivation, &workspace)?;
    Ok(derivation)
}

/// What becomes of `text`, which stands at `path` after the marks were followed.
///
/// # Errors
/// When it cannot be read.
pub fn text(derivation: &Derivation<'_>, path: &str, text: &str) -> anyhow::Result<String> {
    let before = derivation
        .sources
        .texts
        .get(path)
        .map_or(text, String::as_str);
    if path.ends_with(".rs") {
        if before == text && !derivation.may_concern(text) {
            return Ok(text.to_owned());
        }
        rust::derive(derivation, path, before, text)
    } else if path == "Cargo.toml" {
        manifest::workspace(derivation, text)
    } else if path.ends_with("/Cargo.toml") {
        manifest::member(derivation, path, text)
    } else if is_source(path) {
        Ok(typescript::derive(derivation, path, before, text))
    } else {
        Ok(text.to_owned())
    }
}

/// Derives `paths` once, and says whether something that others import has gone.
fn each(derivation: &mut Derivation<'_>, paths: &[String]) -> anyhow::Result<bool> {
    let known = derivation.gone.len();
    for path in paths {
        let Some(text) = derivation.cut.get(path).and_then(|file| file.text()) else {
            continue;
        };
        let derived = self::text(derivation, path, text)?;
        let main = [&derivation.sources.hidden, &derivation.sources.texts];
        let before = main.iter().find_map(|texts| texts.get(path));
        let before = before.map_or(text, String::as_str);
        if path.ends_with(".rs") && before != derived {
            let gone = rust::gone(derivation, path, before, &derived)?;
            derivation
                .absent
                .extend(gone.iter().map(|(_, name)| name.clone()));
            derivation.gone.extend(gone);
        }
        if let Some(file) = derivation.cut.get_mut(path) {
            file.bytes = derived.into_bytes();
        }
    }
    Ok(derivation.gone.len() > known)
}
