//! Reads `docker-compose.yml` with all files that it names, as Docker Compose does.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, bail};
use serde_yaml_ng::{Mapping, Value};

/// How many services may extend each other in a row. More is a circle.
const DEEPEST: usize = 8;

/// The services of `docker-compose.yml` in `root` and of the files that it includes, by their names, each with what it
/// extends. Paths in these files begin at `root`.
///
/// # Errors
/// When a file is missing, or is not understood.
pub(crate) fn services(root: &Path) -> anyhow::Result<Mapping> {
    let file = root.join("docker-compose.yml");
    let document = read(&file)?;
    let mut services = Value::Mapping(Mapping::new());
    for path in included(&document) {
        merge(&mut services, services_in(root, &root.join(path))?);
    }
    merge(&mut services, services_in(root, &file)?);
    match services {
        Value::Mapping(services) => Ok(services),
        _ => bail!("{} has services that have no names", file.display()),
    }
}

/// The paths under `include`, which are each a string, or one string or several under `path`.
fn included(document: &Value) -> Vec<PathBuf> {
    let entries = document.get("include").and_then(Value::as_sequence);
    let paths = entries.into_iter().flatten().flat_map(|entry| {
        let path = entry.get("path").unwrap_or(entry);
        match path {
            Value::Sequence(paths) => paths.iter().collect(),
            path => vec![path],
        }
    });
    paths.filter_map(Value::as_str).map(PathBuf::from).collect()
}

/// The services of one file.
fn services_in(root: &Path, file: &Path) -> anyhow::Result<Value> {
    let mut services = read(file)?.get("services").cloned().unwrap_or_default();
    let names: Vec<Value> = match &services {
        Value::Mapping(services) => services.keys().cloned().collect(),
        _ => bail!("{} has no services", file.display()),
    };
    for name in names {
        let name = name.as_str().context("a service's name is a string")?;
        services[name] = extended(root, file, name, DEEPEST)?;
    }
    Ok(services)
}

/// One service of a file, on top of the one that it extends.
fn extended(root: &Path, file: &Path, name: &str, depth: usize) -> anyhow::Result<Value> {
    let document = read(file)?;
    let service = document.get("services").and_then(|all| all.get(name));
    let service = service.with_context(|| format!("{} has no {name}", file.display()))?;
    let Some(extends) = service.get("extends") else {
        return Ok(service.clone());
    };
    if depth == 0 {
        bail!("{name} in {} extends itself", file.display());
    }
    let base = extends.get("service").and_then(Value::as_str);
    let base = base.with_context(|| format!("{name} in {} extends nothing", file.display()))?;
    let base_file = extends.get("file").and_then(Value::as_str);
    let base_file = base_file.map_or(file.to_owned(), |path| root.join(path));
    let mut whole = extended(root, &base_file, base, depth - 1)?;
    merge(&mut whole, service.clone());
    Ok(whole)
}

/// Puts `top` over `value`: mappings are merged, sequences are joined, and of anything else the last word counts.
fn merge(value: &mut Value, top: Value) {
    match (value, top) {
        (Value::Mapping(value), Value::Mapping(top)) => {
            for (key, top) in top {
                match value.get_mut(&key) {
                    Some(value) => merge(value, top),
                    None => {
                        value.insert(key, top);
                    }
                }
            }
        }
        (Value::Sequence(value), Value::Sequence(top)) => value.extend(top),
        (value, top) => *value = top,
    }
}

/// One file, with its merge keys (`<<: *name`) applied: they are YAML 1.1, and serde does not do it by itself.
fn read(file: &Path) -> anyhow::Result<Value> {
    let text =
        fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    let parse = || {
        let mut document: Value = serde_yaml_ng::from_str(&text)?;
        document.apply_merge()?;
        Ok::<_, serde_yaml_ng::Error>(document)
    };
    parse().with_context(|| format!("cannot parse {}", file.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            fs::write(folder.path().join(name), text).unwrap();
        }
        folder
    }

    #[test]
    fn what_several_files_say_of_a_service_comes_together() {
        let folder = folder(&[
            (
                "docker-compose.yml",
                "include: [{path: [a.yml, b.yml]}, c.yml]\nservices: {one: {image: one}}",
            ),
            (
                "a.yml",
                "services: {two: {extends: {file: d.yml, service: base}, ports: [a]}}",
            ),
            (
                "b.yml",
                "services: {two: {user: new, environment: {B: b}, ports: [b]}}",
            ),
            ("c.yml", "services: {three: {}}"),
            (
                "d.yml",
                "services:\n  lowest: {user: old}\n  base: {extends: {service: lowest}, environment: {A: a}}",
            ),
        ]);
        let services = services(folder.path()).unwrap();
        let two = &services["two"];
        assert_eq!(two["user"], "new");
        assert_eq!(two["environment"]["A"], "a");
        assert_eq!(two["environment"]["B"], "b");
        assert_eq!(two["ports"].as_sequence().unwrap().len(), 2);
        assert!(services.contains_key("one") && services.contains_key("three"));
        assert!(!services.contains_key("base"));
    }

    #[test]
    fn what_is_missing_or_extends_itself_is_told() {
        let compose = "services: {one: {extends: {service: NAME}}}";
        for (name, reason) in [("one", "extends itself"), ("two", "has no two")] {
            let folder = folder(&[("docker-compose.yml", &compose.replace("NAME", name))]);
            let error = services(folder.path()).unwrap_err();
            assert!(error.to_string().contains(reason), "{error:#}");
        }
        assert!(services(folder(&[]).path()).is_err());
    }
}
