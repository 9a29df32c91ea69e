//! One container, and what can be done to it.

use super::command::{DONE_WITHIN, docker, read};

/// A container, by its id.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Container(String);

impl Container {
    pub(super) fn new(id: &str) -> Container {
        Container(id.to_owned())
    }

    /// Its id in short. This is also its host name.
    #[must_use]
    pub fn short(&self) -> &str {
        self.0.get(..12).unwrap_or(&self.0)
    }

    /// "healthy", or else the state that it is in.
    ///
    /// # Errors
    /// When Docker does not know it.
    pub async fn health(&self) -> anyhow::Result<String> {
        let format = "{{.State.Status}} {{if .State.Health}}{{.State.Health.Status}}{{end}}";
        let state = self.ask(&["inspect", "--format", format]).await?;
        Ok(state.trim_start_matches("running ").to_owned())
    }

    /// Starts it again, with the data that it had.
    ///
    /// # Errors
    /// When Docker cannot.
    pub async fn start(&self) -> anyhow::Result<()> {
        self.ask(&["start"]).await.map(drop)
    }

    /// Ends it with SIGTERM; after the grace period that the compose file gives it, with SIGKILL.
    ///
    /// # Errors
    /// When Docker cannot.
    pub async fn stop(&self) -> anyhow::Result<()> {
        self.ask(&["stop"]).await.map(drop)
    }

    /// Ends it with SIGKILL. Docker takes its address away with it, so whoever tries to connect waits in vain.
    ///
    /// # Errors
    /// When Docker cannot.
    pub async fn kill(&self) -> anyhow::Result<()> {
        self.ask(&["kill", "--signal", "KILL"]).await.map(drop)
    }

    /// Lets it do nothing, until [`Container::thaw`].
    ///
    /// # Errors
    /// When Docker cannot.
    pub async fn freeze(&self) -> anyhow::Result<()> {
        self.ask(&["pause"]).await.map(drop)
    }

    /// Lets it go on.
    ///
    /// # Errors
    /// When Docker cannot.
    pub async fn thaw(&self) -> anyhow::Result<()> {
        self.ask(&["unpause"]).await.map(drop)
    }

    /// Takes it out of a network, by the name that Docker has for that.
    ///
    /// # Errors
    /// When Docker cannot.
    pub async fn leave(&self, network: &str) -> anyhow::Result<()> {
        let words = ["network", "disconnect", network];
        self.ask(&words).await.map(drop)
    }

    /// Takes it into a network again.
    ///
    /// # Errors
    /// When Docker cannot.
    pub async fn join(&self, network: &str) -> anyhow::Result<()> {
        let words = ["network", "connect", network];
        self.ask(&words).await.map(drop)
    }

    /// Removes it, whatever it does.
    ///
    /// # Errors
    /// When Docker cannot.
    pub async fn remove(&self) -> anyhow::Result<()> {
        self.ask(&["rm", "--force"]).await.map(drop)
    }

    async fn ask(&self, words: &[&str]) -> anyhow::Result<String> {
        read(docker(&[words, &[&self.0]].concat()), DONE_WITHIN).await
    }
}
