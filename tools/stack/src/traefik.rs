use std::{fs, path::Path, time::Duration};

use anyhow::{Context, anyhow};
use serde_yaml_ng::Value;
use tempfile::TempDir;

use crate::{
    ports::Port,
    process::{Process, Sink},
    tools::{Tool, find_tool},
    topology::Topology,
    wait::until,
};

const READY_WITHIN: Duration = Duration::from_secs(30);

/// One Traefik, with its ports, which it keeps over restarts.
pub struct Traefik {
    web: Port,
    ops: Port,
    folder: TempDir,
    process: Option<Process>,
    sink: Option<Sink>,
}

impl Traefik {
    pub fn new(web: Port, sink: Option<Sink>) -> anyhow::Result<Traefik> {
        let folder = tempfile::Builder::new()
            .prefix("goatscale-traefik-")
            .tempdir()
            .context("cannot create a temporary folder")?;
        Ok(Traefik {
            web,
            ops: Port::reserve()?,
            folder,
            process: None,
            sink,
        })
    }

    /// Host and port that everything is reached on.
    pub fn address(&self) -> String {
        self.web.address()
    }

    pub fn process(&self) -> Option<&Process> {
        self.process.as_ref()
    }

    /// Starts it with the repository's configuration, and waits until its routes are there.
    pub async fn start(
        &mut self,
        topology: &Topology,
        consul: &str,
        client: &reqwest::Client,
    ) -> anyhow::Result<()> {
        let configuration = self.render(topology, consul)?;
        let arguments = [format!("--configFile={}", configuration.display())];
        let program = find_tool(Tool::Traefik)?;
        let process = self.process.insert(Process::spawn(
            "traefik",
            &program,
            arguments,
            [],
            self.sink.clone(),
        )?);
        let url = format!("http://{}/api/rawdata", self.web.address());
        let routes = until("Traefik's start", READY_WITHIN, async || {
            // Its own dashboard is one of the routes of dynamic.yml. When that answers, the file is loaded.
            let request = client.get(&url).header("host", "traefik.localhost");
            match request.send().await {
                Ok(response) if response.status().is_success() => Ok(()),
                Ok(response) => Err(format!("its dashboard answers {}", response.status())),
                Err(error) => Err(error.to_string()),
            }
        });
        process.ready_when(routes).await
    }

    pub async fn stop(&mut self) -> anyhow::Result<()> {
        if let Some(mut process) = self.process.take() {
            process.stop(Duration::from_secs(15)).await?;
        }
        Ok(())
    }

    /// Writes the repository's two files with this machine's addresses in place of the containers'.
    ///
    /// Traefik takes its static configuration from a file, from flags or from the environment, but only from
    /// one of them. So the ports cannot be given beside the file; they must be in it.
    fn render(&self, topology: &Topology, consul: &str) -> anyhow::Result<std::path::PathBuf> {
        let source = topology.root.join("traefik");
        let dynamic = self.folder.path().join("dynamic.yml");
        let text = read(&source.join("dynamic.yml"))?.replace("consul:8500", consul);
        fs::write(&dynamic, text).with_context(|| format!("cannot write {}", dynamic.display()))?;

        let path = source.join("traefik.yml");
        let text = read(&path)?.replace("consul:8500", consul);
        let mut document: Value = serde_yaml_ng::from_str(&text)
            .with_context(|| format!("cannot parse {}", path.display()))?;
        let dynamic = dynamic.to_string_lossy();
        let replaced = [
            (&["entryPoints", "web", "address"][..], self.web.address()),
            (&["entryPoints", "ops", "address"], self.ops.address()),
            (&["providers", "file", "filename"], dynamic.into_owned()),
        ];
        for (keys, value) in replaced {
            *entry(&mut document, keys)
                .ok_or_else(|| anyhow!("{} has no {}", path.display(), keys.join(".")))? =
                value.into();
        }
        let target = self.folder.path().join("traefik.yml");
        let text = serde_yaml_ng::to_string(&document).context("cannot write YAML")?;
        fs::write(&target, text).with_context(|| format!("cannot write {}", target.display()))?;
        Ok(target)
    }
}

fn read(path: &Path) -> anyhow::Result<String> {
    fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}

/// The entry at the end of a path of keys, if the document has it.
fn entry<'a>(document: &'a mut Value, keys: &[&str]) -> Option<&'a mut Value> {
    keys.iter()
        .try_fold(document, |value, key| value.get_mut(*key))
}
