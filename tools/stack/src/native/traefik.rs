//! Traefik as the native engine runs it: with the repository's files, and this machine's addresses in them.

use std::{ffi::OsString, fs, path::Path};

use anyhow::{Context, anyhow};
use serde_yaml_ng::Value;

use super::{
    kind::{ServerKind, Setting},
    network::Network,
    ready::Ready,
};

/// The way in, and the port for its own health check.
const WEB: u16 = 8000;
const OPS: u16 = 8081;

/// Traefik.
pub(crate) const TRAEFIK: ServerKind = ServerKind {
    image: "traefik",
    program: "traefik",
    cure: "brew install traefik, or see https://doc.traefik.io/traefik/getting-started/install-traefik/",
    ports: &[WEB, OPS],
    password: None,
    arguments,
    ready,
};

/// Writes the repository's files with this machine's addresses in place of the containers'.
///
/// Traefik takes its static configuration from a file, from flags or from the environment, but only from
/// one of them. So the ports cannot be given beside the file; they must be in it.
fn arguments(setting: &Setting<'_>) -> anyhow::Result<Vec<OsString>> {
    let source = setting.root.join("traefik");
    let dynamic = setting.folder.join("dynamic");
    copy_all(&source.join("dynamic"), &dynamic, setting.network)?;

    let path = source.join("traefik.yml");
    let text = setting.network.of_this_machine(&read(&path)?);
    let mut document: Value = serde_yaml_ng::from_str(&text)
        .with_context(|| format!("cannot parse {}", path.display()))?;
    let port = |inner| Ok::<_, anyhow::Error>(setting.network.port(setting.name, inner)?.address());
    let dynamic = dynamic.to_string_lossy();
    let replaced = [
        (&["entryPoints", "web", "address"][..], port(WEB)?),
        (&["entryPoints", "ops", "address"], port(OPS)?),
        (&["providers", "file", "directory"], dynamic.into_owned()),
    ];
    for (keys, value) in replaced {
        *entry(&mut document, keys)
            .ok_or_else(|| anyhow!("{} has no {}", path.display(), keys.join(".")))? = value.into();
    }
    let target = setting.folder.join("traefik.yml");
    let text = serde_yaml_ng::to_string(&document).context("cannot write YAML")?;
    write(&target, &text)?;
    Ok(vec![format!("--configFile={}", target.display()).into()])
}

/// Its own dashboard is one of the routes in the files. When that answers, they are loaded.
fn ready(_: &Setting<'_>) -> anyhow::Result<Ready> {
    Ok(Ready::Http {
        host: Some("traefik.localhost"),
        path: "/api/rawdata",
        accepts: |_| true,
    })
}

/// Copies each file of a folder, with this machine's addresses.
fn copy_all(source: &Path, target: &Path, network: &Network) -> anyhow::Result<()> {
    fs::create_dir_all(target).with_context(|| format!("cannot create {}", target.display()))?;
    let entries = fs::read_dir(source);
    for entry in entries.with_context(|| format!("cannot read {}", source.display()))? {
        let entry = entry?;
        let text = read(&entry.path())?;
        let target = target.join(entry.file_name());
        write(&target, &network.of_this_machine(&text))?;
    }
    Ok(())
}

fn read(path: &Path) -> anyhow::Result<String> {
    fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}

fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
}

/// The entry at the end of a path of keys, if the document has it.
fn entry<'a>(document: &'a mut Value, keys: &[&str]) -> Option<&'a mut Value> {
    keys.iter()
        .try_fold(document, |value, key| value.get_mut(*key))
}
