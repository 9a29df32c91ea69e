//! Own files of lessons that win over main's, and which version of main's each of them was made from.
//!
//! A fix on main does not reach such a file by itself. So when main's moves on, somebody has to look.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, bail, ensure};
use serde::{Deserialize, Serialize};

use crate::cutter::Cutter;
use crate::digest::object_id;

/// Where the versions are written down. Only the tool writes it.
const FILE: &str = "lessons/variants.toml";

/// Above what is written there.
const HEAD: &str = "\
# Which version of main's file each lesson's own file was made from, as git names its content.
# `cargo xtask lessons looked PATH` writes this, when somebody has looked at what changed since.

";

#[derive(Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Written {
    variants: BTreeMap<String, String>,
}

/// Refuses variants whose original has moved on.
///
/// # Errors
/// When there is one; the error says how to look at what changed.
pub fn check(root: &Path, cutter: &Cutter) -> anyhow::Result<()> {
    let mut written = read(root)?.variants;
    let mut moved = Vec::new();
    for (source, path, main) in cutter.variants()? {
        let looked = written.remove(&source);
        if looked.as_deref() != Some(&object_id("blob", main)) {
            moved.push(explained(&source, &path, looked.as_deref()));
        }
    }
    ensure!(moved.is_empty(), "{}", moved.join("\n"));
    match written.keys().next() {
        Some(source) => bail!(
            "{FILE}: {source} does not win over a file of main's any more; `cargo xtask lessons looked \
             --all` takes it out, when you have looked at the others"
        ),
        None => Ok(()),
    }
}

/// Writes down that somebody has looked at `paths`, which name variants or main's files; at all of them, if there are none.
///
/// # Errors
/// When a path names no variant, or the file cannot be written.
pub fn looked(root: &Path, cutter: &Cutter, paths: &[String]) -> anyhow::Result<usize> {
    let written = read(root)?.variants;
    let mut kept = Written::default();
    let mut unknown: Vec<&String> = paths.iter().collect();
    let mut count = 0;
    for (source, path, main) in cutter.variants()? {
        let named = |name: &&String| **name == source || **name == path;
        let chosen = paths.is_empty() || paths.iter().any(|name| named(&name));
        unknown.retain(|name| !named(name));
        let now = if chosen {
            count += 1;
            Some(object_id("blob", main))
        } else {
            written.get(&source).cloned()
        };
        kept.variants.extend(now.map(|now| (source, now)));
    }
    if let Some(name) = unknown.first() {
        bail!("{name} is no file of a lesson that wins over main's, and no such file of main's");
    }
    let text = HEAD.to_owned() + &toml::to_string(&kept)?;
    fs::write(root.join(FILE), text).with_context(|| format!("{FILE} cannot be written"))?;
    Ok(count)
}

fn explained(source: &str, path: &str, looked: Option<&str>) -> String {
    let look = match looked {
        Some(looked) => format!("main's {path} has changed since; see `git diff {looked} {path}`"),
        None => format!("nobody has said from which version of main's {path} it was made"),
    };
    format!(
        "{source}: {look}. Carry over what concerns this lesson, then `cargo xtask lessons looked {source}`"
    )
}

fn read(root: &Path) -> anyhow::Result<Written> {
    let path = root.join(FILE);
    if !path.exists() {
        return Ok(Written::default());
    }
    let text = fs::read_to_string(&path).with_context(|| format!("{FILE} cannot be read"))?;
    toml::from_str(&text).with_context(|| format!("{FILE} is not valid"))
}
