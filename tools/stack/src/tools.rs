use std::{
    fmt,
    path::{Path, PathBuf},
};

use anyhow::{anyhow, bail};

use crate::topology::{Topology, workspace_root};

/// A server that the stack runs and does not build.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tool {
    /// HashiCorp's Consul.
    Consul,
    /// Redis.
    Redis,
    /// Traefik.
    Traefik,
}

impl Tool {
    /// The tools that a system needs.
    #[must_use]
    pub fn needed_by(topology: &Topology) -> Vec<Tool> {
        let mut tools = vec![Tool::Consul, Tool::Traefik];
        if topology.redis_services().next().is_some() {
            tools.push(Tool::Redis);
        }
        tools
    }

    /// The name of its program.
    #[must_use]
    pub fn program(self) -> &'static str {
        match self {
            Tool::Consul => "consul",
            Tool::Redis => "redis-server",
            Tool::Traefik => "traefik",
        }
    }

    /// What to do on a machine that does not have it.
    #[must_use]
    pub fn cure(self) -> &'static str {
        match self {
            Tool::Consul => {
                "brew install hashicorp/tap/consul, or see https://developer.hashicorp.com/consul/install"
            }
            Tool::Redis => {
                "brew install redis, or apt-get install redis-server, or see https://redis.io/docs/latest/operate/oss_and_stack/install/"
            }
            Tool::Traefik => {
                "brew install traefik, or see https://doc.traefik.io/traefik/getting-started/install-traefik/"
            }
        }
    }
}

impl fmt::Display for Tool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.program())
    }
}

/// Where tools are kept that were fetched for this checkout only.
#[must_use]
pub fn tools_folder() -> PathBuf {
    workspace_root().join("target/tools/bin")
}

/// Makes sure that every tool that a system needs is there, before anything is built or started.
///
/// # Errors
/// When tools are missing: all of them, and what to do.
pub fn ensure_found(topology: &Topology) -> anyhow::Result<()> {
    let missing: Vec<Tool> = Tool::needed_by(topology)
        .into_iter()
        .filter(|tool| find_tool(*tool).is_err())
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let cures: Vec<String> = missing
        .iter()
        .map(|tool| format!("{tool} ({})", tool.cure()))
        .collect();
    bail!(
        "not found on PATH: {}. A checkout of branch main can fetch them: cargo xtask tools",
        cures.join(", and ")
    )
}

/// Finds a tool on PATH, or among those that were fetched for this checkout.
///
/// # Errors
/// When it is in neither place, with what to do about it.
pub fn find_tool(tool: Tool) -> anyhow::Result<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .chain([tools_folder()])
        .map(|folder| folder.join(tool.program()))
        .find(|file| is_executable(file))
        .ok_or_else(|| anyhow!("{tool} was not found on PATH; install it: {}", tool.cure()))
}

fn is_executable(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    file.metadata()
        .is_ok_and(|data| data.is_file() && data.permissions().mode() & 0o111 != 0)
}
