//! The link over which the player is reached, and how it is cut.

use std::net::IpAddr;

use anyhow::{Context, ensure};
use tempfile::NamedTempFile;
use tokio::process::Command;

/// What drops the packets to the player and from the player, once it is asked.
const CHAIN: &str = "CUT";

/// The link of one address. Packets are dropped where they arrive, so that no sender is told.
#[derive(Debug)]
pub struct Link {
    /// The one of the system may belong to somebody else.
    lock: NamedTempFile,
}

impl Link {
    /// Brings the network up in this namespace, and prepares to cut the link of an address.
    ///
    /// # Errors
    /// When a program is missing, or the system refuses.
    pub async fn prepare(of: IpAddr) -> anyhow::Result<Link> {
        run(Command::new("ip").args(["link", "set", "lo", "up"])).await?;
        let lock = NamedTempFile::new().context("cannot create a temporary file")?;
        let link = Link { lock };
        let of = of.to_string();
        link.iptables(&["-N", CHAIN]).await?;
        link.iptables(&["-A", CHAIN, "-s", &of, "-j", "DROP"])
            .await?;
        link.iptables(&["-A", CHAIN, "-d", &of, "-j", "DROP"])
            .await?;
        Ok(link)
    }

    /// From now on nothing arrives.
    ///
    /// # Errors
    /// When the system refuses.
    pub async fn cut(&self) -> anyhow::Result<()> {
        self.iptables(&["-I", "INPUT", "-j", CHAIN]).await
    }

    /// What is sent from now on arrives.
    ///
    /// # Errors
    /// When the system refuses.
    pub async fn mend(&self) -> anyhow::Result<()> {
        self.iptables(&["-D", "INPUT", "-j", CHAIN]).await
    }

    async fn iptables(&self, words: &[&str]) -> anyhow::Result<()> {
        let mut iptables = Command::new("iptables");
        iptables
            .args(words)
            .env("XTABLES_LOCKFILE", self.lock.path());
        run(&mut iptables).await
    }
}

async fn run(command: &mut Command) -> anyhow::Result<()> {
    let program = command
        .as_std()
        .get_program()
        .to_string_lossy()
        .into_owned();
    let done = command.kill_on_drop(true).output().await;
    let done = done.with_context(|| {
        format!("this cannot be measured here, because the program {program} was not found")
    })?;
    let said = String::from_utf8_lossy(&done.stderr);
    ensure!(
        done.status.success(),
        "this cannot be measured here, because {program} refuses: {}",
        said.trim().replace('\n', "; ")
    );
    Ok(())
}
