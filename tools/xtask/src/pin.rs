//! `cargo xtask pin`: names every image by its digest, in one file that Compose reads after the others.
//!
//! A tag is moved by whoever owns it, a digest is the content. The course itself follows the tags, so that learners get what was
//! mended since. Whoever deploys keeps this file, and so deploys what was tested.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
    process::Command,
};

use anyhow::{Context, ensure};
use course::process;
use serde_json::{Value, json};
use stack::workspace_root;

use crate::docker;

/// Asks the registries what each image's tag means today, and prints a compose file that says so.
///
/// # Errors
/// When Docker has no Compose or no buildx, or a registry does not answer. Then nothing was printed.
pub fn run() -> anyhow::Result<()> {
    docker::ensure_available()?;
    let root = workspace_root();
    let mut command = process::command("docker", &root, ["compose", "config", "--format", "json"]);
    let config: Value = serde_json::from_str(&process::read(&mut command)?)
        .context("Docker Compose wrote no JSON")?;
    let mut digests = BTreeMap::new();
    let services = services(&config, |image| {
        if let Some(digest) = digests.get(image) {
            return Ok(String::clone(digest));
        }
        let digest = digest(image)?;
        digests.insert(image.to_owned(), digest.clone());
        Ok(digest)
    })?;
    // JSON is YAML, too, and nobody edits this by hand.
    println!("# Written by `cargo xtask pin`. For Docker 23 or newer, named last:");
    println!("#   docker compose --file docker-compose.yml --file THIS up --build");
    println!("{:#}", json!({ "services": services }));
    Ok(())
}

/// What the file says of each service: its image, or, where it is built, the images that it is built from. A context that is
/// called as an image is takes its place, so the Dockerfile stays as it is.
fn services(
    config: &Value,
    mut digest: impl FnMut(&str) -> anyhow::Result<String>,
) -> anyhow::Result<BTreeMap<String, Value>> {
    let mut pin = |image: &str| Ok::<_, anyhow::Error>(format!("{image}@{}", digest(image)?));
    let services = config.get("services").and_then(Value::as_object);
    let mut pinned = BTreeMap::new();
    for (name, service) in services.context("the compose file has no services")? {
        let word = |key| service.pointer(key).and_then(Value::as_str);
        let says = if let Some(context) = word("/build/context") {
            let file = word("/build/dockerfile").unwrap_or("Dockerfile");
            let file = Path::new(context).join(file);
            let text = fs::read_to_string(&file)
                .with_context(|| format!("cannot read {}", file.display()))?;
            let mut contexts = BTreeMap::new();
            for image in bases(&text) {
                contexts.insert(image, format!("docker-image://{}", pin(image)?));
            }
            json!({ "build": { "additional_contexts": contexts } })
        } else {
            let image = word("/image").with_context(|| format!("{name} has no image"))?;
            json!({ "image": pin(image)? })
        };
        pinned.insert(name.clone(), says);
    }
    Ok(pinned)
}

/// The images that a Dockerfile begins with. What is named after `AS` is a stage, and no image.
fn bases(dockerfile: &str) -> BTreeSet<&str> {
    let from = dockerfile
        .lines()
        .filter_map(|line| line.strip_prefix("FROM "));
    let mut images = BTreeSet::new();
    let mut stages = BTreeSet::new();
    for line in from {
        let mut words = line
            .split_whitespace()
            .filter(|word| !word.starts_with("--"));
        images.extend(words.next().filter(|image| !stages.contains(image)));
        stages.extend(words.nth(1));
    }
    images
}

/// What an image's tag means today, for all kinds of machine together.
fn digest(image: &str) -> anyhow::Result<String> {
    let mut inspect = Command::new("docker");
    inspect.args(["buildx", "imagetools", "inspect", image]);
    inspect.args(["--format", "{{json .Manifest}}"]);
    let manifest = process::read(&mut inspect)
        .with_context(|| format!("what {image} means today cannot be asked"))?;
    let manifest: Value = serde_json::from_str(&manifest).context("buildx wrote no JSON")?;
    let digest = manifest.get("digest").and_then(Value::as_str).unwrap_or("");
    ensure!(digest.starts_with("sha256:"), "{image} has no digest");
    Ok(digest.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stage_is_no_image() {
        let dockerfile = "FROM --platform=linux/amd64 node:22 AS client\nFROM rust:1 AS build\nRUN true\nFROM build\n";
        assert_eq!(Vec::from_iter(bases(dockerfile)), ["node:22", "rust:1"]);
    }

    #[test]
    fn every_image_has_its_digest_beside_its_tag() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("Dockerfile"), "FROM debian:12\n").unwrap();
        let config = json!({ "services": {
            "redis": { "image": "redis:8" },
            "webserver": { "build": { "context": folder.path(), "dockerfile": "Dockerfile" } },
        } });
        let services = services(&config, |_| Ok("sha256:1".to_owned())).unwrap();
        assert_eq!(services["redis"]["image"], "redis:8@sha256:1");
        let contexts = &services["webserver"]["build"]["additional_contexts"];
        assert_eq!(contexts["debian:12"], "docker-image://debian:12@sha256:1");
    }
}
