//! What vanishes from a `Cargo.toml`.

use std::ops::Range;

use anyhow::anyhow;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::derive::derivation::Derivation;
use crate::derive::edit::{member as list_member, statement, without};

/// The tables in which a crate says what it depends on.
const TABLES: [&str; 3] = ["dependencies", "dev-dependencies", "build-dependencies"];

/// The text of a crate's manifest without the dependencies on crates that are not here, and without those that its code no
/// longer names though it does in another lesson.
///
/// # Errors
/// When it is not valid TOML.
pub fn member(context: &Derivation<'_>, path: &str, text: &str) -> anyhow::Result<String> {
    let document = parse(path, text)?;
    let folder = path.trim_end_matches("Cargo.toml");
    let mut removed = Vec::new();
    for (header, entries) in tables(&document) {
        let mut gone = Vec::new();
        for (key, value) in entries.iter().filter(|(_, value)| is_shared(value)) {
            let name = key.get_ref().replace('-', "_");
            let absent =
                context.all.package(&name).is_some() && context.here.package(&name).is_none();
            if absent || is_unused(context, folder, &name)? {
                gone.push(key.span().start..end(value));
            }
        }
        if gone.len() == entries.len() {
            gone.extend(line(text, header));
        }
        removed.extend(gone);
    }
    Ok(entries_without(text, removed))
}

/// The text of the workspace's manifest without the members and exclusions that are not here, and without the dependencies
/// that no member has.
///
/// # Errors
/// When it or a member's is not valid TOML.
pub fn workspace(context: &Derivation<'_>, text: &str) -> anyhow::Result<String> {
    let document = parse("Cargo.toml", text)?;
    let Some(DeValue::Table(workspace)) = document.get("workspace").map(Spanned::get_ref) else {
        return Ok(text.to_owned());
    };
    let mut removed = Vec::new();
    if let Some(DeValue::Array(members)) = workspace.get("members").map(Spanned::get_ref) {
        for item in members.iter() {
            let pattern = item.get_ref().as_str().unwrap_or_default();
            if !context.cut.keys().any(|path| is_member(path, pattern)) {
                removed.push(list_member(text, item.span()));
            }
        }
    }
    removed.extend(excluded(context, text, workspace));
    let mut gone = Vec::new();
    if let Some(DeValue::Table(entries)) = workspace.get("dependencies").map(Spanned::get_ref) {
        let used = used(context)?;
        for (key, value) in entries.iter() {
            if !used.contains(&key.get_ref().to_string()) {
                gone.push(key.span().start..end(value));
            }
        }
    }
    // From the end, so that what was found stays where it is: a table stands behind the entries that are not in one.
    Ok(without(&entries_without(text, gone), removed))
}

/// The list of folders that are no members, if none of them is here.
fn excluded(context: &Derivation<'_>, text: &str, workspace: &DeTable<'_>) -> Option<Range<usize>> {
    let (key, value) = workspace.get_key_value("exclude")?;
    let DeValue::Array(folders) = value.get_ref() else {
        return None;
    };
    let is_here = |folder: &str| {
        let mut paths = context.cut.keys();
        paths.any(|path| {
            path.strip_prefix(folder)
                .is_some_and(|rest| rest.starts_with('/'))
        })
    };
    let mut folders = folders
        .iter()
        .filter_map(|folder| folder.get_ref().as_str());
    (!folders.any(is_here)).then(|| statement(text, key.span().start..value.span().end))
}

fn parse<'a>(path: &str, text: &'a str) -> anyhow::Result<DeTable<'a>> {
    let parsed = DeTable::parse(text);
    let parsed = parsed.map_err(|error| anyhow!("{path}: {}", error.message()))?;
    Ok(parsed.into_inner())
}

/// Whether an entry says `workspace = true`.
fn is_shared(value: &Spanned<DeValue<'_>>) -> bool {
    let DeValue::Table(table) = value.get_ref() else {
        return false;
    };
    table
        .get("workspace")
        .is_some_and(|shared| shared.get_ref().as_bool() == Some(true))
}

/// Where an entry ends. One that is written with dots has no braces that would say so.
fn end(value: &Spanned<DeValue<'_>>) -> usize {
    let own = value.span().end;
    match value.get_ref() {
        DeValue::Table(table) => table.values().map(end).chain([own]).max().unwrap_or(own),
        _ => own,
    }
}

/// Whether the code in `folder` names the crate in another lesson but not in this one.
fn is_unused(context: &Derivation<'_>, folder: &str, name: &str) -> anyhow::Result<bool> {
    let names = |path: &str, text: &str| -> anyhow::Result<bool> {
        // A file in which the word stands nowhere need not be read.
        let looks = path.starts_with(folder) && path.ends_with(".rs") && text.contains(name);
        Ok(looks && context.reader.read(path, text)?.names_crate(name))
    };
    for (path, file) in context.cut.iter() {
        if names(path, file.text().unwrap_or_default())? {
            return Ok(false);
        }
    }
    for (path, text) in &context.sources.texts {
        if names(path, text)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The names of the shared dependencies that a crate of the cut has.
fn used(context: &Derivation<'_>) -> anyhow::Result<Vec<String>> {
    let mut used = Vec::new();
    for (path, file) in context
        .cut
        .iter()
        .filter(|(path, _)| path.ends_with("/Cargo.toml"))
    {
        let document = parse(path, file.text().unwrap_or_default())?;
        for (_, entries) in tables(&document) {
            used.extend(entries.keys().map(|key| key.get_ref().to_string()));
        }
    }
    Ok(used)
}

/// Whether the crate with the manifest at `path` is meant by `pattern`, such as `crates/a` or `crates/*`.
fn is_member(path: &str, pattern: &str) -> bool {
    let Some(folder) = path.strip_suffix("/Cargo.toml") else {
        return false;
    };
    match pattern.strip_suffix("/*") {
        Some(parent) => folder
            .rsplit_once('/')
            .is_some_and(|(above, _)| above == parent),
        None => folder == pattern,
    }
}

/// The tables of dependencies, those for one kind of machine, too, each with the place of its name.
fn tables<'a>(document: &'a DeTable<'a>) -> Vec<(Range<usize>, &'a DeTable<'a>)> {
    let targets = document
        .get("target")
        .and_then(|value| value.get_ref().as_table());
    let targets = targets.into_iter().flat_map(|targets| targets.values());
    let targets = targets.filter_map(|value| value.get_ref().as_table());
    let named = |table: &'a DeTable<'a>| {
        let known = table
            .iter()
            .filter(|(key, _)| TABLES.iter().any(|table| *table == key.get_ref().as_ref()));
        known.filter_map(|(key, value)| Some((key.span(), value.get_ref().as_table()?)))
    };
    std::iter::once(document)
        .chain(targets)
        .flat_map(named)
        .collect()
}

/// The line that `place` is in.
fn line(text: &str, place: Range<usize>) -> Option<Range<usize>> {
    let start = text[..place.start].rfind('\n').map_or(0, |found| found + 1);
    let end = text[place.end..]
        .find('\n')
        .map_or(text.len(), |found| place.end + found);
    (start < end).then_some(start..end)
}

/// `text` without entries of tables. The comments above a paragraph of which nothing is left go along.
fn entries_without(text: &str, entries: Vec<Range<usize>>) -> String {
    let lines: Vec<Range<usize>> = entries
        .into_iter()
        .map(|entry| statement(text, entry))
        .collect();
    let mut removed = lines.clone();
    let mut start = 0;
    let (mut comments, mut emptied) = (None::<Range<usize>>, false);
    for line in text.split_inclusive('\n').chain([""]) {
        let range = start..start + line.len();
        start = range.end;
        if line.trim_start().starts_with('#') {
            comments = Some(comments.map_or(range.clone(), |above| above.start..range.end));
        } else if line.trim().is_empty() {
            removed.extend(comments.take().filter(|_| emptied));
            emptied = false;
        } else if lines.iter().any(|gone| gone.contains(&range.start)) {
            emptied = true;
        } else {
            comments = None;
        }
    }
    if removed.is_empty() {
        return text.to_owned();
    }
    // Where paragraphs went, no more than one blank line stays, and none below a header.
    let mut kept = String::new();
    for line in without(text, removed).split_inclusive('\n') {
        let above = kept.lines().next_back().unwrap_or_default().trim();
        if !line.trim().is_empty() || !(above.is_empty() || above.starts_with('[')) {
            kept += line;
        }
    }
    let end = if text.ends_with('\n') { "\n" } else { "" };
    kept.trim_end().to_owned() + end
}
